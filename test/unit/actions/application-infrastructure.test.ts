import { expect, test } from "vitest";
import { deployRegional } from "../../../src/actions/application-infrastructure.ts";
import type { Account } from "../../../src/providers/account.ts";
import type { StackSetToDeploy } from "../../../src/providers/account/stack-sets.ts";

/** What a stack set is deployed with, when an application has so many workloads.
 *  @param regions of its environments */
async function deployed(workloads: number, regions: string[]): Promise<StackSetToDeploy> {
  const sets: StackSetToDeploy[] = [];
  const account = {
    identity: async () => ({ account: "123456789012", region: "us-west-2", partition: "aws" }),
    records: { listEnvironments: async () => regions.map((region) => ({ region })) },
    facts: { artifacts: async (app: string, region: string) => ({ bucket: `${app}-${region}`, kmsKeyArn: "k" }) },
    stackSets: {
      async *deploy(set: StackSetToDeploy) {
        sets.push(set);
        yield* [];
      },
    },
  } as unknown as Account;
  const names = Array.from({ length: workloads }, (_, i) => ({
    name: `service-${i}`,
    type: "Backend Service" as const,
  }));
  const request = { app: "shop", facts: { account: "123456789012" }, workloads: names };
  for await (const _ of deployRegional(request, { account }, new AbortController().signal));
  return sets[0]!;
}

test("an application of few workloads has a template that goes into a request", async () => {
  expect((await deployed(3, ["us-west-2"])).bucket).toBeUndefined();
});

test("one of many needs a bucket: of its own region, or of any that an environment is in", async () => {
  const { text, bucket } = await deployed(120, ["eu-west-1", "us-west-2"]);
  expect(Buffer.byteLength(text)).toBeGreaterThan(51_200);
  expect(bucket).toEqual({ name: "shop-us-west-2", region: "us-west-2" });
  expect((await deployed(120, ["eu-west-1"])).bucket).toEqual({ name: "shop-eu-west-1", region: "eu-west-1" });
});
