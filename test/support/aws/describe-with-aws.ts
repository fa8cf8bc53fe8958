import { afterAll, beforeAll, describe } from "vitest";
import { AwsEmulator } from "./emulator.ts";
import { missingForAws } from "./missing-for-aws.ts";

/** A group of tests with one AWS account in an emulator, which starts before them and ends after them; between tests
 *  `await aws.reset()` empties it. Code in this process finds it as it would find AWS, by the environment. Without the
 *  emulator the group is skipped, and its name, which the end of a test run shows, says why.
 *  @param alsoMissing what else the tests need and is not there: such as {@link missingCopilotApp} */
export function describeWithAws(name: string, tests: (aws: AwsEmulator) => void, alsoMissing?: string): void {
  const aws = new AwsEmulator();
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
    afterAll(() => aws.end());
    tests(aws);
  });
}
