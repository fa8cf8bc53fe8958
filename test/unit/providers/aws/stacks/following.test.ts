import { expect, test } from "vitest";
import { noStack } from "../../../../support/aws/scripted-cloudformation.ts";
import { event, linesOf, scripted, since, stack, stackId } from "./scripted-stacks.ts";

// Source: AWS CloudFormation API reference, DescribeStackEvents, CreateChangeSet, ExecuteChangeSet and "Common errors".

const wanted = { name: "shop-test-api", text: "{}", parameters: {}, tags: {}, where: {} };
const ready = { Status: "CREATE_COMPLETE", StackId: stackId, CreationTime: since } as const;
const { signal } = new AbortController();

const quick = [event(1, "shop-test-api", "UPDATE_IN_PROGRESS"), event(2, "shop-test-api", "UPDATE_COMPLETE")];
const update = {
  DescribeStacks: [stack("UPDATE_COMPLETE")],
  CreateChangeSet: [{}],
  DescribeChangeSet: [ready],
  ExecuteChangeSet: [{}],
  events: { [stackId]: [quick] },
};

test("each event is told once and in order, however many pages they come on and however often they are asked for", async () => {
  const topics = Array.from({ length: 12 }, (_, index) => event(2 + index, `Topic${index}`, "CREATE_COMPLETE"));
  const all = [
    event(1, "shop-test-api", "UPDATE_IN_PROGRESS"),
    ...topics,
    event(20, "shop-test-api", "UPDATE_COMPLETE"),
  ];
  const before = [event(-9, "Old", "UPDATE_COMPLETE"), event(-8, "shop-test-api", "UPDATE_COMPLETE")];
  const { stacks, calls } = await scripted({
    ...update,
    pageSize: 4,
    events: {
      [stackId]: [before, [...before, ...all.slice(0, 7)], [...before, ...all.slice(0, 8)], [...before, ...all]],
    },
  });
  const lines = (await linesOf(stacks.deploy(wanted, signal))).split("\n");
  expect(lines.slice(1, -1).map((line) => line.split(" ")[1])).toEqual(
    all.map(({ LogicalResourceId }) => LogicalResourceId),
  );
  expect(calls.filter(({ action }) => action === "DescribeStackEvents")).toHaveLength(1 + 2 + 1 + 2);
});

test("it is asked soon at first, then every five seconds at most", async () => {
  const waiting = Array.from({ length: 9 }, () => quick.slice(0, 1));
  const { stacks, waits } = await scripted({ ...update, events: { [stackId]: [...waiting, quick] } });
  await linesOf(stacks.deploy(wanted, signal));
  expect(waits).toEqual([50, 50, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
});

test("neither throttling nor a failing AWS ends what is only watched", async () => {
  const throttled = { error: "Throttling", message: "Rate exceeded" };
  const broken = { error: "InternalFailure", message: "We are sorry", status: 500 };
  const failing = Array.from({ length: 20 }, (_, index) => (index < 10 ? throttled : broken));
  const { stacks } = await scripted({ ...update, events: { [stackId]: [quick.slice(0, 1), ...failing, quick] } });
  expect(await linesOf(stacks.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "update shop-test-api
    00:01 shop-test-api UPDATE_IN_PROGRESS
    00:02 shop-test-api UPDATE_COMPLETE
    = {"outcome":"updated","status":"UPDATE_COMPLETE"}"
  `);
});

test("what is denied ends it at once", async () => {
  const denied = {
    error: "AccessDenied",
    message: "not authorized to perform: cloudformation:DescribeStackEvents",
    status: 403,
  };
  const { stacks, waits } = await scripted({ ...update, events: { [stackId]: [denied] } });
  await expect(linesOf(stacks.deploy(wanted, signal))).rejects.toMatchObject({ name: "AccessDenied" });
  expect(waits).toEqual([50, 50]);
});

test.each([
  "The submitted information didn't contain changes. Submit different information to create a change set.",
  "No updates are to be performed.",
])("nothing to change is a result, and the empty change set goes: %s", async (StatusReason) => {
  const { stacks, calls } = await scripted({
    ...update,
    DescribeChangeSet: [{ Status: "FAILED", StatusReason }],
    DeleteChangeSet: [{}],
  });
  expect(await linesOf(stacks.deploy(wanted, signal))).toBe(`= {"outcome":"unchanged","status":"UPDATE_COMPLETE"}`);
  expect(calls.map(({ action }) => action)).toEqual([
    "DescribeStacks",
    "CreateChangeSet",
    "DescribeChangeSet",
    "DeleteChangeSet",
  ]);
});

test("a change that CloudFormation refuses is told with its reason, and nothing of it is left", async () => {
  const StatusReason =
    "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document.";
  const { stacks, calls } = await scripted({
    ...update,
    DescribeStacks: [noStack("shop-test-api"), stack("REVIEW_IN_PROGRESS")],
    DescribeChangeSet: [{ Status: "FAILED", StatusReason, StackId: stackId }],
    DeleteChangeSet: [{}],
    ListChangeSets: [{ Summaries: [] }],
    DeleteStack: [{}],
  });
  expect(await linesOf(stacks.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "stack/refused  CloudFormation refuses the stack shop-test-api: Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document.
      hint: undefined"
  `);
  expect(calls.map(({ action }) => action).slice(3)).toEqual([
    "DeleteChangeSet",
    "DescribeStacks",
    "ListChangeSets",
    "DeleteStack",
  ]);
});

test("a template that is none is refused as CloudFormation says it", async () => {
  const message = "Template format error: Unrecognized resource types: [AWS::ECS::Servise]";
  const { stacks } = await scripted({ ...update, CreateChangeSet: [{ error: "ValidationError", message }] });
  expect(await linesOf(stacks.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "stack/refused  CloudFormation refuses the stack shop-test-api: Template format error: Unrecognized resource types: [AWS::ECS::Servise]
      hint: undefined"
  `);
});

test("a stack that somebody else works on is told, with since when and where to look", async () => {
  const { stacks } = await scripted({ ...update, DescribeStacks: [stack("UPDATE_ROLLBACK_IN_PROGRESS")] });
  expect(await linesOf(stacks.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "stack/busy  somebody else works on the stack shop-test-api: it is UPDATE_ROLLBACK_IN_PROGRESS since 2026-11-21T09:30:00.000Z
      https://console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/events?stackId=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A123456789012%3Astack%2Fshop-test-api%2F0a1b2c3d
      hint: aws cloudformation wait stack-rollback-complete --stack-name shop-test-api --region eu-west-1    (returns when that has ended)"
  `);
});

test("or it is waited for", async () => {
  const { stacks, waits } = await scripted({
    ...update,
    DescribeStacks: [...Array.from({ length: 3 }, () => stack("UPDATE_IN_PROGRESS")), stack("UPDATE_COMPLETE")],
  });
  expect(await linesOf(stacks.deploy({ ...wanted, whenBusy: "wait" }, signal))).toMatchInlineSnapshot(`
    "shop-test-api is UPDATE_IN_PROGRESS since 2026-11-21T09:30:00.000Z
    update shop-test-api
    00:01 shop-test-api UPDATE_IN_PROGRESS
    00:02 shop-test-api UPDATE_COMPLETE
    = {"outcome":"updated","status":"UPDATE_COMPLETE"}"
  `);
  expect(waits).toEqual([50, 100, 200, 50, 50]);
});

test("a stack that was idle when it was described is looked at again when it no longer is", async () => {
  const busy = {
    error: "ValidationError",
    message: `Stack:${stackId} is in UPDATE_IN_PROGRESS state and can not be updated.`,
  };
  const known = await (
    await scripted({ DescribeStacks: [stack("UPDATE_COMPLETE")] })
  ).stacks.describe("shop-test-api", {});
  const { stacks, calls } = await scripted({
    ...update,
    CreateChangeSet: [busy],
    DescribeStacks: [stack("UPDATE_IN_PROGRESS")],
  });
  expect(
    (await linesOf(stacks.deploy({ ...wanted, ...(known && { known }) }, signal))).split("\n")[0],
  ).toMatchInlineSnapshot(
    `"stack/busy  somebody else works on the stack shop-test-api: it is UPDATE_IN_PROGRESS since 2026-11-21T09:30:00.000Z"`,
  );
  expect(calls.map(({ action }) => action)).toEqual(["CreateChangeSet", "DescribeStacks"]);
});

test("an interruption before it was begun leaves neither a change set nor a stack", async () => {
  const abort = new AbortController();
  const { stacks, calls, onWait } = await scripted({
    ...update,
    DescribeStacks: [noStack("shop-test-api"), stack("REVIEW_IN_PROGRESS")],
    DescribeChangeSet: [{ Status: "CREATE_IN_PROGRESS", StackId: stackId }],
    DeleteChangeSet: [{}],
    ListChangeSets: [{ Summaries: [] }],
    DeleteStack: [{}],
  });
  onWait.run = (count) => count === 3 && abort.abort();
  expect(await linesOf(stacks.deploy(wanted, abort.signal))).toBe(`= {"outcome":"interrupted"}`);
  expect(calls.map(({ action }) => action)).toMatchInlineSnapshot(`
    [
      "DescribeStacks",
      "CreateChangeSet",
      "DescribeChangeSet",
      "DescribeChangeSet",
      "DeleteChangeSet",
      "DescribeStacks",
      "ListChangeSets",
      "DeleteStack",
    ]
  `);
});

test("a stack under review is left to who else has a change set for it", async () => {
  const abort = new AbortController();
  const { stacks, calls, onWait } = await scripted({
    ...update,
    DescribeStacks: [stack("REVIEW_IN_PROGRESS")],
    DescribeChangeSet: [{ Status: "CREATE_IN_PROGRESS", StackId: stackId }],
    DeleteChangeSet: [{}],
    ListChangeSets: [{ Summaries: [{ ChangeSetName: "theirs", Status: "CREATE_COMPLETE" }] }],
  });
  onWait.run = (count) => count === 2 && abort.abort();
  await linesOf(stacks.deploy(wanted, abort.signal));
  expect(calls.map(({ action }) => action)).not.toContain("DeleteStack");
});

test("an interruption while it is followed leaves it going on", async () => {
  const abort = new AbortController();
  const { stacks, onWait } = await scripted({ ...update, events: { [stackId]: [quick.slice(0, 1)] } });
  onWait.run = (count) => count === 5 && abort.abort();
  expect(await linesOf(stacks.deploy(wanted, abort.signal))).toMatchInlineSnapshot(`
    "update shop-test-api
    00:01 shop-test-api UPDATE_IN_PROGRESS
    = {"outcome":"interrupted","goesOn":true}"
  `);
});

test("who stops listening before it is begun leaves no change set", async () => {
  const { stacks, calls } = await scripted({ ...update, DeleteChangeSet: [{}] });
  for await (const { type } of stacks.deploy(wanted, signal)) if (type === "stack-started") break;
  expect(calls.map(({ action }) => action)).toEqual([
    "DescribeStacks",
    "CreateChangeSet",
    "DescribeChangeSet",
    "DeleteChangeSet",
  ]);
});

test("an answer that is lost changes nothing twice", async () => {
  const executing = {
    error: "InvalidChangeSetStatus",
    message: "ChangeSet cannot be executed in its current status of [EXECUTE_IN_PROGRESS]",
  };
  const { stacks, calls } = await scripted({
    ...update,
    ExecuteChangeSet: ["reset", executing],
    DescribeChangeSet: [ready, { ...ready, ExecutionStatus: "EXECUTE_IN_PROGRESS" }],
  });
  expect(await linesOf(stacks.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "update shop-test-api
    00:01 shop-test-api UPDATE_IN_PROGRESS
    00:02 shop-test-api UPDATE_COMPLETE
    = {"outcome":"updated","status":"UPDATE_COMPLETE"}"
  `);
  const tokens = calls
    .filter(({ action }) => action === "ExecuteChangeSet")
    .map(({ request }) => new URLSearchParams(request.body.toString()).get("ClientRequestToken"));
  expect(tokens).toEqual(["token-2", "token-2"]);
});

test("a change set that somebody else's update has outdated is told as that", async () => {
  const { stacks } = await scripted({
    ...update,
    ExecuteChangeSet: [
      {
        error: "InvalidChangeSetStatus",
        message: "ChangeSet [x] cannot be executed in its current execution status of [OBSOLETE]",
      },
    ],
    DescribeChangeSet: [ready, { ...ready, ExecutionStatus: "OBSOLETE" }],
    DeleteChangeSet: [{}],
  });
  expect(await linesOf(stacks.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "update shop-test-api
    stack/busy  somebody else has changed the stack shop-test-api at the same time
      hint: undefined"
  `);
});

test("a role that was just made is given time", async () => {
  const message = "Role arn:aws:iam::123456789012:role/shop-test-CFNExecutionRole is invalid or cannot be assumed";
  const { stacks, waits } = await scripted({ ...update, CreateChangeSet: [{ error: "ValidationError", message }, {}] });
  expect((await linesOf(stacks.deploy(wanted, signal))).split("\n").at(-1)).toBe(
    `= {"outcome":"updated","status":"UPDATE_COMPLETE"}`,
  );
  expect(waits[0]).toBe(3000);
});

test("a deletion that somebody else has begun is followed", async () => {
  const { stacks, calls } = await scripted({
    DescribeStacks: [stack("DELETE_IN_PROGRESS", { DeletionTime: since })],
    events: {
      [stackId]: [[event(0, "shop-test-api", "DELETE_IN_PROGRESS"), event(5, "shop-test-api", "DELETE_COMPLETE")]],
    },
  });
  expect(await linesOf(stacks.delete({ name: "shop-test-api", where: {} }, signal))).toMatchInlineSnapshot(`
    "delete shop-test-api
    00:00 shop-test-api DELETE_IN_PROGRESS
    00:05 shop-test-api DELETE_COMPLETE
    = {}"
  `);
  expect(calls.map(({ action }) => action)).toEqual(["DescribeStacks", "DescribeStackEvents"]);
});
