import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gitDescription, gitRoot } from "../../../src/workspace/git.ts";
import { folderWith } from "../../support/files.ts";

const git = (folder: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
  })
    .toString()
    .trim();

test("a clean tree is described by its commit or tag; a changed one and an empty repository are not", async () => {
  const root = await folderWith({ "app.js": "1\n", "src/": "" });
  git(root, "init", "--quiet");
  expect(await gitDescription(root)).toBeUndefined();
  git(root, "add", ".");
  git(root, "commit", "--quiet", "-m", "first");
  expect(await gitDescription(root)).toBe(git(root, "rev-parse", "--short", "HEAD"));
  git(root, "tag", "-a", "v1.2.0", "-m", "release");
  expect(await gitDescription(join(root, "src"))).toBe("v1.2.0");
  await writeFile(join(root, "new.js"), "");
  expect(await gitDescription(root)).toBeUndefined();
  expect(await gitRoot(join(root, "src"))).toBe(root);
});

test("a folder outside of any repository has no description", async () => {
  const root = await folderWith({});
  expect(await gitDescription(root)).toBeUndefined();
  expect(await gitRoot(root)).toBeUndefined();
});
