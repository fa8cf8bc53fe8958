import { expect, test } from "vitest";
import { DeploymentLock, type LockTools } from "../../../src/actions/deployment-lock.ts";
import { UserError } from "../../../src/errors.ts";

test("rights that do not reach as far as locks let a deployment go on, and that is said", async () => {
  const denied = new UserError("aws/denied", "not authorized to perform: ssm:PutParameter");
  const account = {
    identity: async () => ({
      account: "123456789012",
      region: "eu-west-1",
      partition: "aws",
      arn: "arn:aws:iam::123456789012:user/ada",
    }),
    locks: { take: () => Promise.reject(denied) },
  } as unknown as LockTools["account"];
  const tools = { account, from: "ada@laptop", now: () => 0, wait: async () => undefined, lockTimeoutMs: 0 };
  const lock = new DeploymentLock({ app: "shop", env: "test", workload: "api" }, "deploy", tools);
  const told = [];
  for await (const event of lock.take(new AbortController().signal)) told.push(event);
  expect(told).toMatchInlineSnapshot(`
    [
      {
        "code": "deploy/without-lock",
        "message": "no lock is taken, since ssm:PutParameter on /copilot/locks/* is not allowed: nothing keeps two deployments apart",
        "type": "notice",
      },
    ]
  `);
  expect(lock.isHeld).toBe(true);
  await lock.release();
});
