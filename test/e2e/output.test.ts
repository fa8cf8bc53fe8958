import { spawnSync } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { expect, test } from "vitest";
import { pilotfish } from "../support/run-cli.ts";

test.skipIf(!existsSync("/dev/full"))(
  "output that a full disk does not take is an error, and not half an answer",
  () => {
    const { status, stderr } = spawnSync(process.execPath, [pilotfish, "version"], {
      stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
      encoding: "utf8",
    });
    expect(`${stderr}exit code ${status}`).toMatchInlineSnapshot(`
    "error  what was printed could not be written: ENOSPC: no space left on device, write
    exit code 1"
  `);
  },
);

test("a reader that has enough ends the output without an error", () => {
  const { stderr } = spawnSync("/bin/sh", ["-c", `"$0" "$1" --help | true`, process.execPath, pilotfish], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
});
