import { describe } from "vitest";
import { missingForContainers } from "./missing-for-containers.ts";

/** A group of tests that need a Docker Engine and a static program to put into images. Without them it is skipped, and
 *  its name, which the end of a test run shows, says why. */
export function describeWithEngine(name: string, tests: () => void): void {
  if (missingForContainers === undefined) describe(name, tests);
  else describe.skip(`${name} (skipped: ${missingForContainers})`, tests);
}
