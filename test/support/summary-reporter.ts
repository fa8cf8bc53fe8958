import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule, TestSuite } from "vitest/node";

interface Summary {
  passed: number;
  /** Tests, and also files and groups that failed before their tests ran. */
  failed: number;
  skipped: number;
}

/** Says which tests failed at first and which components the skipped ones miss, and leaves the counts in the file that
 *  PILOTFISH_TEST_SUMMARY names. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const suites = modules.flatMap((module) => [...module.children.allSuites()]);
    const broken = [...modules, ...suites].filter((group) => group.errors().length > 0);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const summary: Summary = {
      passed: count("passed"),
      failed: count("failed") + broken.length + unhandledErrors.length,
      skipped: count("skipped"),
    };
    for (const line of [...secondTries(tests), ...missingComponents(tests)]) process.stdout.write(`${line}\n`);
    const file = process.env["PILOTFISH_TEST_SUMMARY"];
    if (file !== undefined) writeFileSync(file, JSON.stringify(summary));
  }
}

function secondTries(tests: readonly TestCase[]): string[] {
  return tests
    .filter((test) => test.diagnostic()?.flaky === true)
    .map((test) => `passed at the second try only: ${test.module.relativeModuleId}: ${test.fullName}`);
}

/** One line per component: a test that misses one skips itself with a note, or a group's name ends with
 *  `(skipped: why and how to get it)`. */
function missingComponents(tests: TestCase[]): string[] {
  const counts = new Map<string, number>();
  for (const test of tests) {
    const reason = reasonOf(test);
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `skipped ${count} ${count === 1 ? "test" : "tests"}: ${reason}`);
}

function reasonOf(test: TestCase): string | undefined {
  const result = test.result();
  if (result.state !== "skipped") return undefined;
  if (result.note !== undefined) return result.note;
  for (let group: TestCase | TestSuite | TestModule = test; group.type !== "module"; group = group.parent) {
    const reason = /\(skipped: (.+)\)$/.exec(group.name)?.[1];
    if (reason !== undefined) return reason;
  }
  return undefined;
}
