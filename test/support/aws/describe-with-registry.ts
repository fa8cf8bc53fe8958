import { afterAll, beforeAll, describe } from "vitest";
import { missingForContainers } from "../missing-for-containers.ts";
import { describeWithAws } from "./describe-with-aws.ts";
import { AwsEmulator } from "./emulator.ts";
import { missingForAws } from "./missing-for-aws.ts";
import { missingForRegistry } from "./registry-process.ts";
import { Registry } from "./registry.ts";

/** A group of tests with an AWS account in an emulator, whose ECR has a real registry, and with a Docker Engine to push
 *  from. The docker client of this process has a configuration of its own meanwhile. */
export function describeWithRegistry(name: string, tests: (aws: AwsEmulator, registry: Registry) => void): void {
  const missing = missingForAws ?? missingForRegistry ?? missingForContainers;
  if (missing !== undefined) {
    const aws = new AwsEmulator();
    describe.skip(`${name} (skipped: ${missing})`, () => tests(aws, new Registry(aws)));
    return;
  }
  describeWithAws(name, (aws) => {
    const registry = new Registry(aws);
    const former = process.env["DOCKER_CONFIG"];
    beforeAll(async () => {
      await registry.start();
      Object.assign(process.env, registry.env);
    });
    afterAll(async () => {
      if (former === undefined) delete process.env["DOCKER_CONFIG"];
      else process.env["DOCKER_CONFIG"] = former;
      await registry.end();
    });
    tests(aws, registry);
  });
}
