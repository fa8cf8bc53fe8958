import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openWorkspace } from "../../../src/actions/open-workspace.ts";
import { readSiteFiles } from "../../../src/actions/read-site-files.ts";
import { folderWith } from "../../support/files.ts";

async function workspaceWith(files: Record<string, string>) {
  const cwd = await folderWith({ "copilot/.workspace": "application: shop\n", ...files });
  return { cwd, workspace: await openWorkspace(cwd) };
}

const entry = { recursive: true, exclude: [], reinclude: [] };

test("each file of a site has its place, its type and its content; the last entry for a place counts", async () => {
  const { cwd, workspace } = await workspaceWith({
    "site/index.html": "<p>",
    "site/css/a.css": "a{}",
    "site/.hidden": "h",
    "other/index.html": "<b>",
  });
  await symlink(join(cwd, "nowhere"), join(cwd, "site/broken"));
  await mkdir(join(cwd, "site/empty"));
  const entries = [
    { ...entry, source: "site", destination: "" },
    { ...entry, source: "other/index.html", destination: "" },
  ];
  const files = await readSiteFiles(entries, workspace);
  await writeFile(join(cwd, "site/css/a.css"), "b{}");
  const all = files.map(async ({ key, contentType, read }) => [key, contentType, Buffer.from(await read()).toString()]);
  expect((await Promise.all(all)).toSorted()).toMatchInlineSnapshot(`
    [
      [
        ".hidden",
        "application/octet-stream",
        "h",
      ],
      [
        "css/a.css",
        "text/css; charset=utf-8",
        "b{}",
      ],
      [
        "index.html",
        "text/html; charset=utf-8",
        "<b>",
      ],
    ]
  `);
});

test("a folder that is not to be followed gives its own files alone, and one that is missing is named", async () => {
  const { workspace } = await workspaceWith({ "site/index.html": "", "site/css/a.css": "" });
  const files = await readSiteFiles([{ ...entry, recursive: false, source: "site", destination: "" }], workspace);
  expect(files.map(({ key }) => key)).toEqual(["index.html"]);
  await expect(readSiteFiles([{ ...entry, source: "dist", destination: "" }], workspace)).rejects.toMatchObject({
    code: "site/file-missing",
    message: "there is no file or folder dist to upload",
  });
});
