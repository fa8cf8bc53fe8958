import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { DeploymentLock } from "../../../src/actions/deployment-lock.ts";
import type { AccountTools } from "../../../src/actions/deploy-to-account.ts";
import { rollOut, type StackToRollOut } from "../../../src/actions/roll-out.ts";
import { UserError } from "../../../src/errors.ts";
import type { StackEvent, StackOutcome, StackToDeploy } from "../../../src/providers/account/stacks.ts";

type Follows = (request: { over: AbortSignal }) => AsyncGenerator<never, undefined, void>;

/** Waits for a deployment to follow, until none can come any more. */
const noneCame: Follows = async function* ({ over }) {
  while (!over.aborted) await sleep(5);
  yield* [];
  return undefined;
};

type Deploys = (stack: StackToDeploy, signal: AbortSignal) => AsyncGenerator<StackEvent, StackOutcome, void>;

/** Rolls a first version out, of which ECS knows nothing yet. */
async function outcomeOf(
  deploy: Deploys,
  options: object,
  { signal = new AbortController().signal, follow = noneCame } = {},
) {
  const notices: string[] = [];
  const account = {
    stacks: { describe: async () => undefined, deploy },
    services: {
      deployments: async () => [],
      follow,
    },
  };
  const tools = {
    account,
    now: Date.now,
    wait: (ms: number, stop: AbortSignal) => sleep(ms, undefined, { signal: stop }).catch(() => undefined),
    provider: {
      async describeWorkload() {
        throw new UserError("service/not-found", "api of the application shop is not deployed to test");
      },
    },
  };
  const template = { Resources: { Service: { Type: "AWS::ECS::Service" } } };
  const request = {
    request: { name: "api", env: "test", failFast: false, noRollback: false, detach: false, force: false, ...options },
    app: "shop",
    stack: { name: "shop-test-api", text: "{}", template, parameters: {}, tags: {} },
    gathered: { facts: { artifacts: { bucket: "b" } } },
    where: {},
    executionRoleArn: "",
    lock: { isHeld: true } as DeploymentLock,
  };
  const story = rollOut(request as unknown as StackToRollOut, tools as unknown as AccountTools, signal);
  for (;;) {
    const step = await story.next();
    if (!step.done) {
      if (step.value.type === "notice") notices.push(step.value.message);
      continue;
    }
    if (step.value === "stale") return "stale";
    const { outcome, reason, status } = step.value;
    return { outcome, reason, status: status.status, ...(notices.length > 0 && { notices }) };
  }
}

/** CloudFormation as it is while a service does not get steady: it goes on for hours. */
const neverEnds: Deploys = async function* (_stack, signal) {
  yield { type: "stack-started", stack: "shop-test-api", action: "create", at: "2026-11-20T12:00:00Z" };
  while (!signal.aborted) await sleep(5);
  return { outcome: "interrupted", goesOn: true };
};

const goesOn = "CloudFormation goes on with the stack shop-test-api";

test("a deployment is not waited for any longer than was asked, whether or not ECS has begun with it", async () => {
  expect(await outcomeOf(neverEnds, { timeoutMs: 30 })).toEqual({
    outcome: "timeout",
    reason: goesOn,
    status: "INACTIVE",
  });
});

test("an interruption says what goes on", async () => {
  expect(await outcomeOf(neverEnds, {}, { signal: AbortSignal.timeout(30) })).toEqual({
    outcome: "interrupted",
    reason: goesOn,
    status: "INACTIVE",
  });
});

test("a first deployment that nobody follows has begun, though nothing of the workload is there yet", async () => {
  const begins: Deploys = async function* () {
    yield { type: "stack-started", stack: "shop-test-api", action: "create", at: "2026-11-20T12:00:00Z" };
    return { outcome: "detached" };
  };
  expect(await outcomeOf(begins, { detach: true })).toEqual({
    outcome: "detached",
    reason: undefined,
    status: "INACTIVE",
  });
});

test("one that cannot be followed is told at once, and has completed when its stack has", async () => {
  let end = () => {};
  const told = new Promise<void>((resolve) => (end = resolve));
  const waits: Deploys = async function* () {
    yield { type: "stack-started", stack: "shop-test-api", action: "create", at: "2026-11-20T12:00:00Z" };
    await told;
    return { outcome: "created", stack: {} as never };
  };
  // oxlint-disable-next-line require-yield -- it fails at once
  const denied: Follows = async function* () {
    setTimeout(end, 20);
    throw new UserError("aws/denied", "ecs:ListTasks is not allowed");
  };
  expect(await outcomeOf(waits, {}, { follow: denied })).toEqual({
    outcome: "completed",
    reason: undefined,
    status: "INACTIVE",
    notices: ["the deployment is not followed any more, only its stack: ecs:ListTasks is not allowed"],
  });
});
