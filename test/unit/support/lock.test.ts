import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { withLock } from "../../support/lock.mjs";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pilotfish-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

test("those who want the same lock take turns", async () => {
  const story: string[] = [];
  const turn = (name: string) =>
    withLock(join(folder, "lock"), async () => {
      story.push(`${name} begins`);
      await delay(20);
      story.push(`${name} ends`);
    });
  await Promise.all([turn("a"), turn("b"), turn("c")]);
  for (let at = 0; at < story.length; at += 2) {
    expect(story[at + 1]).toBe(story[at]!.replace("begins", "ends"));
  }
  expect(story).toHaveLength(6);
  expect(readdirSync(folder)).toEqual([]);
});

test("the lock of a process that is gone is taken over", async () => {
  const gone = spawnSync(process.execPath, ["-e", "0"]).pid;
  mkdirSync(join(folder, "lock"));
  writeFileSync(join(folder, "lock/pid"), String(gone));
  expect(await withLock(join(folder, "lock"), async () => "mine")).toBe("mine");
  expect(readdirSync(folder)).toEqual([]);
});

test("the lock is given back when the work fails", async () => {
  const failing = withLock(join(folder, "lock"), () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(await withLock(join(folder, "lock"), async () => "mine")).toBe("mine");
});
