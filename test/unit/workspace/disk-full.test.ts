import { execFileSync } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createFile } from "../../../src/workspace/create-file.ts";
import { folderWith } from "../../support/files.ts";
import { refusal } from "../../support/refusal.ts";

test("on a full disk nothing is left behind, and the error says that it is full", async (context) => {
  const folder = await folderWith({ "disk/": "" });
  const disk = join(folder, "disk");
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], { stdio: "ignore" });
  } catch {
    context.skip("a full disk is made with `mount -t tmpfs`, which needs Linux and root");
  }
  onTestFinished(() => void execFileSync("umount", [disk]));
  await mkdir(join(disk, "api"));
  const written = createFile(join(disk, "api/manifest.yml"), "x".repeat(100_000));
  expect(await refusal(written, { [disk]: "DISK" })).toMatchInlineSnapshot(`
    "workspace/write-failed: DISK/api/manifest.yml  could not be written: the disk is full
      make the folder writable or free some space, then run the command again"
  `);
  expect(await readdir(join(disk, "api"))).toEqual([]);
});
