import { expect, test } from "vitest";
import type { Account } from "../../src/providers/account.ts";
import type { StackToRollBack } from "../../src/providers/account/stacks.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { folderWith } from "../support/files.ts";

const environment = {
  app: "demo",
  name: "test",
  region: "eu-west-1",
  accountID: "123456789012",
  managerRoleARN: "arn:aws:iam::123456789012:role/demo-test-EnvManagerRole",
  executionRoleARN: "arn:aws:iam::123456789012:role/demo-test-CFNExecutionRole",
};

async function hostWith(asked: StackToRollBack[]): Promise<FakeHost> {
  const cwd = await folderWith({ "copilot/.workspace": "application: demo\n" });
  const account: Partial<Record<keyof Account, unknown>> = {
    records: { environment: async (_: string, env: string) => (env === "test" ? environment : undefined) },
    stacks: {
      async *continueRollback(stack: StackToRollBack) {
        asked.push(stack);
        yield { type: "stack-started", stack: stack.name, action: "update", at: "2026-01-02T03:04:05.000Z" };
        return { outcome: "rolled-back" };
      },
    },
  };
  const provider = new FakeProvider({
    target: { provider: "aws", label: "account 123456789012, eu-west-1" },
  });
  return new FakeHost({ cwd, aws: { account: account as unknown as Account, provider } });
}

test("the rollback of a workload's stack is gone on with, past what is named", async () => {
  const asked: StackToRollBack[] = [];
  const line = "continue-rollback -n api -e test --skip Service,TargetGroup";
  expect(await run(line.split(" "), await hostWith(asked))).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment test · service api · account 123456789012, eu-west-1
    stack demo-test-api: updating
    stdout:
    the stack demo-test-api is what it was before (UPDATE_ROLLBACK_COMPLETE), and can be deployed again
    exit code 0"
  `);
  expect(asked).toEqual([
    {
      name: "demo-test-api",
      where: { region: "eu-west-1", managerRoleArn: environment.managerRoleARN },
      executionRoleArn: environment.executionRoleARN,
      skip: ["Service", "TargetGroup"],
    },
  ]);
});

test("without a name it is the environment's, and an environment is needed", async () => {
  const asked: StackToRollBack[] = [];
  await run("continue-rollback -e test".split(" "), await hostWith(asked));
  expect(asked.map(({ name }) => name)).toEqual(["demo-test"]);
  expect(await run(["continue-rollback"], await hostWith(asked))).toMatchInlineSnapshot(`
    "stderr:
    error  --env is needed: the environment's name  (usage/missing-input)
           pilotfish continue-rollback -e test
    exit code 2"
  `);
  expect(await run("continue-rollback -e prod".split(" "), await hostWith(asked))).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment prod · account 123456789012, eu-west-1
    error  the application demo has no environment prod on AWS  (environment/not-found)
           pilotfish env ls -a demo
    exit code 1"
  `);
});
