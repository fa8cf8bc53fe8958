import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findDockerfiles } from "../../../src/workspace/find-dockerfiles.ts";
import { folderWith } from "../../support/files.ts";

test("Dockerfiles are found in the root and two levels below, nearest first", async () => {
  const paths = [
    "web/Dockerfile.prod",
    "a/b/Dockerfile",
    "a/b/c/Dockerfile",
    "Dockerfile",
    "dev.dockerfile",
    "Dockerfile.dockerignore",
    "Dockerfile.d/readme",
    "dockerfiles.txt",
    ".devcontainer/Dockerfile",
    "node_modules/x/Dockerfile",
    "a/node_modules/Dockerfile",
    ".git/Dockerfile",
    "copilot/Dockerfile",
  ];
  const root = await folderWith(Object.fromEntries(paths.map((path) => [path, ""])));
  await symlink(join(root, "nowhere"), join(root, "broken.Dockerfile"));
  expect(await findDockerfiles(root)).toEqual([
    "Dockerfile",
    "dev.dockerfile",
    "web/Dockerfile.prod",
    "a/b/Dockerfile",
  ]);
});

test("a folder without one has none", async () => {
  expect(await findDockerfiles(await folderWith({ "src/index.js": "" }))).toEqual([]);
});
