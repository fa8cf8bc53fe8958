import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./test/support/summary-reporter.ts";

const seconds = 1000;

/** End-to-end tests that measure or load the machine. */
const alone = ["chatty-service", "rolling-load"].map((name) => `test/e2e/${name}.test.ts`);

/** Most of their time they wait for containers, daemons and an emulator of AWS: more than there are cores can run. On a machine
 *  that stands still for a while one may come too late; it is tried once more, and named at the end. */
const waiting = { maxWorkers: 4, retry: 1, sequence: { groupOrder: 1 } };

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
          ...waiting,
        },
      },
      {
        test: {
          name: "aws",
          // The files of a process share an AWS emulator, which takes seconds to start, and the SDK.
          isolate: false,
          setupFiles: "test/support/seeded.ts",
          include: ["test/contract/aws/**/*.test.ts"],
          testTimeout: 60 * seconds,
          hookTimeout: 60 * seconds,
          ...waiting,
        },
      },
      {
        test: {
          name: "cli",
          setupFiles: "test/support/seeded.ts",
          include: ["test/cli/**/*.test.ts"],
          testTimeout: 30 * seconds,
          hookTimeout: 30 * seconds,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...endToEnd,
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          exclude: alone,
          ...waiting,
        },
      },
      {
        test: {
          ...endToEnd,
          name: "e2e-alone",
          include: alone,
          fileParallelism: false,
          retry: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
