import { expect, test } from "vitest";
import { environmentFacts } from "../../../../../src/providers/aws/facts/environment-facts.ts";
import type { FactsTools } from "../../../../../src/providers/aws/facts/facts-tools.ts";

const environment = {
  app: "shop",
  name: "test",
  region: "us-west-2",
  accountID: "123456789012",
  managerRoleARN: "arn:aws:iam::123456789012:role/shop-test-EnvManagerRole",
};

/** What is known of a workload whose stack is in a state. */
async function known(status: string) {
  const resources: string[] = [];
  const parameters = { HTTPRulePriority: "3", TaskCount: "1" };
  const tools = {
    session: { as: () => ({}) },
    records: { named: async () => ({ application: { name: "shop", account: "123456789012" }, environment }) },
    artifacts: async () => ({ "us-west-2": { bucket: "b", kmsKeyArn: "k" } }),
    stacks: {
      describe: async (name: string) =>
        name === "shop-test"
          ? { name, status: "CREATE_COMPLETE", parameters: {}, outputs: { ClusterId: "c" } }
          : { name, status, parameters, outputs: {} },
      resources: async (name: string) => {
        resources.push(name);
        return {};
      },
    },
  } as unknown as FactsTools;
  const rules = { loadBalancer: "public" as const, certificates: false, bands: ["path" as const] };
  const { facts, workloadStack } = await environmentFacts({ app: "shop", env: "test", workload: "api", rules }, tools);
  const { workloadParameters, rulePriorities } = facts;
  return { isThere: workloadStack !== undefined, workloadParameters, rulePriorities, resources };
}

test("a stack that is there keeps the priorities of its rules", async () => {
  const { workloadParameters, rulePriorities, resources } = await known("UPDATE_ROLLBACK_COMPLETE");
  expect([workloadParameters?.["HTTPRulePriority"], rulePriorities, resources]).toEqual(["3", undefined, []]);
});

test("what is left of a creation that failed says nothing of a workload, but can be deleted", async () => {
  for (const status of ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS"])
    expect(await known(status)).toEqual({
      isThere: true,
      workloadParameters: undefined,
      rulePriorities: { HTTPRulePriority: 1 },
      resources: [],
    });
});

test("one whose failure was left as it is keeps only priorities of rules that are there", async () => {
  expect(await known("CREATE_FAILED")).toMatchObject({
    workloadParameters: { TaskCount: "1" },
    rulePriorities: { HTTPRulePriority: 1 },
    resources: ["shop-test-api"],
  });
});
