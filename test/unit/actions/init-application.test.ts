import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { initApplication, suggestApplicationName } from "../../../src/actions/init-application.ts";
import { folderWith } from "../../support/files.ts";
import { refusal } from "../../support/refusal.ts";

test("an application is named after its git repository, else after its folder", async () => {
  const root = await folderWith({ "My Shop/src/": "", "2048/": "" });
  expect(await suggestApplicationName(join(root, "My Shop/src"))).toBe("src");
  execFileSync("git", ["init", "--quiet", join(root, "My Shop")]);
  expect(await suggestApplicationName(join(root, "My Shop/src"))).toBe("my-shop");
  expect(await suggestApplicationName(join(root, "2048"))).toBe("app");
});

test("the first time writes the workspace, the second finds it", async () => {
  const cwd = await folderWith({});
  expect(await initApplication({ cwd, name: "shop" })).toMatchObject({
    file: "copilot/.workspace",
    creation: "created",
  });
  expect(await initApplication({ cwd, name: "shop" })).toMatchObject({ creation: "unchanged" });
});

test("a name that cannot be one is refused with one that can", async () => {
  const cwd = await folderWith({});
  expect(await refusal(initApplication({ cwd, name: "My Shop;" }))).toMatchInlineSnapshot(`
    "usage/invalid-flag: the application's name must begin with a lower-case letter: "My Shop;"
      for instance my-shop"
  `);
});

test("inside a project that is a workspace already, it is that workspace which is meant", async () => {
  const root = await folderWith({ "copilot/.workspace": "application: shop\n" });
  const cwd = join(root, "src");
  await mkdir(cwd);
  expect((await initApplication({ cwd, name: "shop" })).workspace.root).toBe(root);
});
