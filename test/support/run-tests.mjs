import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./prepare.mjs";
import { runChild } from "./run-child.mjs";

/**
 * Runs vitest and prints `N passed, N failed` as the very last line. A run without a single test that ran has failed.
 * @param {string[]} args as vitest takes them: parts of paths, `-t`, `--project`
 * @returns {Promise<number>} the exit code
 */
export async function runTests(args) {
  const folder = await mkdtemp(join(tmpdir(), "pilotfish-tests-"));
  const summary = join(folder, "summary.json");
  try {
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const code = await runChild(process.execPath, [vitest, "run", ...args], {
      env: { PILOTFISH_TEST_SUMMARY: summary },
    });
    const { passed, failed, skipped } = await readSummary(summary, code);
    process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
    return code === 0 && (failed > 0 || passed === 0) ? 1 : code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * What the reporter has written. Vitest that ends without it, or in failure without a failed test, counts as one failure;
 * when there was no test at all, nothing has failed.
 * @param {string} file
 * @param {number} code
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
async function readSummary(file, code) {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const counts = JSON.parse(text);
  const unexplained = code !== 0 && counts.failed === 0 && counts.passed + counts.skipped > 0;
  return unexplained ? { ...counts, failed: 1 } : counts;
}
