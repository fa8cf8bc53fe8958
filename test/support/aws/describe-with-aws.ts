import { afterAll, beforeAll, describe } from "vitest";
import { AwsEmulator } from "./emulator.ts";
import { missingForAws } from "./missing-for-aws.ts";

/** One for all files that run in this process: it starts with the first of them, and ends with the process at the latest. */
const shared = new AwsEmulator();

/** A group of tests with one AWS account in an emulator, which is empty before them and after them; between tests
 *  `await aws.reset()` empties it. Code in this process finds it as it would find AWS, by the environment. Without the
 *  emulator the group is skipped, and its name, which the end of a test run shows, says why.
 *  @param alsoMissing what else the tests need and is not there: such as {@link missingCopilotApp} */
export function describeWithAws(name: string, tests: (aws: AwsEmulator) => void, alsoMissing?: string): void {
  const aws = shared;
  const missing = missingForAws ?? alsoMissing;
  if (missing !== undefined) {
    describe.skip(`${name} (skipped: ${missing})`, () => tests(aws));
    return;
  }
  describe(name, () => {
    beforeAll(async () => {
      await aws.start();
      aws.takeEnvironment();
    });
    afterAll(() => aws.handOver());
    tests(aws);
  });
}
