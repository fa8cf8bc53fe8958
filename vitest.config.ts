import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./test/support/summary-reporter.ts";

const seconds = 1000;

// oxlint-disable-next-line import/no-default-export -- vitest asks for it
export default defineConfig({
  test: {
    reporters: ["default", new SummaryReporter()],
    projects: [
      {
        test: {
          name: "unit",
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
          testTimeout: 60 * seconds,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "contract",
          setupFiles: "test/support/seeded.ts",
          include: ["test/contract/**/*.test.ts"],
          testTimeout: 60 * seconds,
          hookTimeout: 60 * seconds,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
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
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: "test/support/build-first.ts",
          testTimeout: 180 * seconds,
          hookTimeout: 120 * seconds,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
