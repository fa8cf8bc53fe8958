import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./test/support/summary-reporter.ts";

const seconds = 1000;

/** End-to-end tests that measure or load the machine, and those whose load balancers go away for a while: another
 *  simulator, which takes the first port that is free, would take theirs. */
const alone = ["application", "chaos", "chatty-service", "daemon-crash", "kill-switch", "rolling-load"].map(
  (name) => `test/e2e/${name}.test.ts`,
);

const endToEnd = {
  globalSetup: "test/support/build-first.ts",
  testTimeout: 180 * seconds,
  hookTimeout: 120 * seconds,
};

// oxlint-disable-next-line import/no-default-export -- vitest asks for it
export default defineConfig({
  test: {
    reporters: ["default", new SummaryReporter()],
    // The default leaves one core idle.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          // A process of its own for each file takes as long as the tests do.
          isolate: false,
          setupFiles: "test/support/seeded.ts",
          include: ["test/unit/**/*.test.ts"],
          testTimeout: 15 * seconds,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "property",
          setupFiles: "test/support/seeded.ts",
          include: ["test/property/**/*.test.ts"],
          testTimeout: 120 * seconds,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "templates",
          include: ["test/templates/**/*.test.ts"],
          hookTimeout: 300 * seconds,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "contract",
          setupFiles: "test/support/seeded.ts",
          include: ["test/contract/**/*.test.ts"],
          exclude: ["test/contract/aws/**"],
          testTimeout: 60 * seconds,
          hookTimeout: 60 * seconds,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // Each file has an AWS emulator of its own.
        test: {
          name: "aws",
          setupFiles: "test/support/seeded.ts",
          include: ["test/contract/aws/**/*.test.ts"],
          testTimeout: 60 * seconds,
          hookTimeout: 60 * seconds,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "cli",
          setupFiles: "test/support/seeded.ts",
          include: ["test/cli/**/*.test.ts"],
          testTimeout: 30 * seconds,
          hookTimeout: 30 * seconds,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...endToEnd,
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          exclude: alone,
          maxWorkers: 2,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          ...endToEnd,
          name: "e2e-alone",
          include: alone,
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
