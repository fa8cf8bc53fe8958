import { expect, test } from "vitest";
import { UserError } from "../../../../../src/errors.ts";
import type { StackSetEvent } from "../../../../../src/providers/account/stack-sets.ts";
import { scripted, since } from "./scripted-stacks.ts";

// Source: AWS CloudFormation API reference, UpdateStackSet, CreateStackInstances, DescribeStackSetOperation,
// ListStackSetOperationResults; user guide, "Stack set status codes".

const name = "shop-infrastructure";
const { signal } = new AbortController();
const wanted = {
  name,
  text: '{"Metadata":{"Version":2}}',
  parameters: {},
  tags: { "copilot-application": "shop" },
  administrationRoleArn: "arn:aws:iam::123456789012:role/shop-adminrole",
  executionRoleName: "shop-executionrole",
  operationId: "2",
};

function set(text: string) {
  return {
    StackSet: {
      StackSetName: name,
      StackSetId: `${name}:1`,
      Status: "ACTIVE" as const,
      TemplateBody: text,
      Tags: [{ Key: "copilot-application", Value: "shop" }],
      AdministrationRoleARN: wanted.administrationRoleArn,
      ExecutionRoleName: wanted.executionRoleName,
    },
  };
}

const old = set('{"Metadata":{"Version":1}}');
const operation = (Status: "RUNNING" | "SUCCEEDED" | "FAILED" | "STOPPED") => ({ StackSetOperation: { Status } });
const busy = {
  error: "OperationInProgressException",
  message: "Another Operation on StackSet is in progress",
  status: 409,
};

test("an update that fails in a region is told with the region and the reason", async () => {
  const { stackSets } = await scripted({
    DescribeStackSet: [old],
    UpdateStackSet: [{ OperationId: "2" }],
    DescribeStackSetOperation: [operation("RUNNING"), operation("FAILED")],
    ListStackSetOperationResults: [
      {
        Summaries: [
          { Account: "123456789012", Region: "eu-west-1", Status: "SUCCEEDED" },
          {
            Account: "123456789012",
            Region: "us-east-1",
            Status: "FAILED",
            StatusReason:
              "ResourceLogicalId:ECRRepoapi, ResourceType:AWS::ECR::Repository, Resource handler returned message: shop/api already exists",
          },
        ],
      },
    ],
  });
  expect(await linesOf(stackSets.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "update
    stack-set/failed  an operation on the stack set shop-infrastructure has failed: us-east-1 (account 123456789012): ResourceLogicalId:ECRRepoapi, ResourceType:AWS::ECR::Repository, Resource handler returned message: shop/api already exists
      hint: aws cloudformation list-stack-set-operation-results --stack-set-name shop-infrastructure --operation-id 2"
  `);
});

test("somebody else's operation is waited for, and then the update is made", async () => {
  const { stackSets, calls } = await scripted({
    DescribeStackSet: [old],
    UpdateStackSet: [busy, { OperationId: "2" }],
    ListStackSetOperations: [{ Summaries: [{ OperationId: "theirs", Status: "RUNNING", CreationTimestamp: since }] }],
    DescribeStackSetOperation: [operation("RUNNING"), operation("SUCCEEDED")],
  });
  expect(await linesOf(stackSets.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "update
    busy: theirs
    update
    update done
    = "updated""
  `);
  expect(calls.map(({ action }) => action)).toMatchInlineSnapshot(`
    [
      "DescribeStackSet",
      "UpdateStackSet",
      "ListStackSetOperations",
      "DescribeStackSetOperation",
      "DescribeStackSetOperation",
      "DescribeStackSet",
      "UpdateStackSet",
      "DescribeStackSetOperation",
    ]
  `);
});

test("one that does not end is given up on after ten minutes", async () => {
  const { stackSets } = await scripted({
    DescribeStackSet: [old],
    UpdateStackSet: [busy],
    ListStackSetOperations: [{ Summaries: [{ OperationId: "theirs", Status: "SUCCEEDED", CreationTimestamp: since }] }],
  });
  expect((await linesOf(stackSets.deploy(wanted, signal))).split("\n").slice(-2).join("\n")).toMatchInlineSnapshot(`
    "stack-set/busy  the stack set shop-infrastructure is busy: operation theirs does not end
      hint: aws cloudformation list-stack-set-operations --stack-set-name shop-infrastructure"
  `);
});

test("a set that is as wanted is brought up to date when its last operation has failed", async () => {
  const { stackSets, calls } = await scripted({
    DescribeStackSet: [set(wanted.text)],
    ListStackSetOperations: [
      {
        Summaries: [
          { OperationId: "1", Status: "SUCCEEDED", CreationTimestamp: new Date(since.getTime() - 1000) },
          { OperationId: "2", Status: "FAILED", CreationTimestamp: since },
        ],
      },
    ],
    UpdateStackSet: [{}],
    DescribeStackSetOperation: [operation("SUCCEEDED")],
  });
  expect(await linesOf(stackSets.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "update
    update done
    = "updated""
  `);
  const sent = calls.find(({ action }) => action === "UpdateStackSet")?.request.body.toString();
  expect(new URLSearchParams(sent).get("OperationId")).toBe("token-1");
});

test("a set that is as wanted is left alone when its last operation has succeeded", async () => {
  const { stackSets, calls } = await scripted({
    DescribeStackSet: [set(wanted.text)],
    ListStackSetOperations: [{ Summaries: [{ OperationId: "2", Status: "SUCCEEDED", CreationTimestamp: since }] }],
  });
  expect(await linesOf(stackSets.deploy(wanted, signal))).toBe(`= "unchanged"`);
  expect(calls.map(({ action }) => action)).toEqual(["DescribeStackSet", "ListStackSetOperations"]);
});

test("a stack that could not be made in a region is tried again", async () => {
  const { stackSets, calls } = await scripted({
    ListStackInstances: [
      { Summaries: [{ Account: "123456789012", Region: "eu-west-1", Status: "OUTDATED", StatusReason: "no role" }] },
    ],
    UpdateStackInstances: [{ OperationId: "again" }],
    DescribeStackSetOperation: [operation("SUCCEEDED")],
  });
  const place = { name, account: "123456789012", region: "eu-west-1" };
  expect(await linesOf(stackSets.addStack(place, signal))).toMatchInlineSnapshot(`
    "add eu-west-1
    add done
    = undefined"
  `);
  expect(calls.map(({ action }) => action)).toContain("UpdateStackInstances");
});

test("a role that was just made is given time before stacks are made with it", async () => {
  const message =
    "Account 123456789012 should have 'shop-adminrole' role with trust relationship to CloudFormation service.";
  const { stackSets, waits } = await scripted({
    ListStackInstances: [{ Summaries: [] }],
    CreateStackInstances: [{ error: "ValidationError", message }, { OperationId: "add" }],
    DescribeStackSetOperation: [operation("SUCCEEDED")],
  });
  const place = { name, account: "123456789012", region: "eu-west-1" };
  expect(await linesOf(stackSets.addStack(place, signal))).toMatchInlineSnapshot(`
    "add eu-west-1
    add done
    = undefined"
  `);
  expect(waits[0]).toBe(3000);
});

test("an operation that fails because a role is too new is begun again, on the stack that it has left", async () => {
  const StatusReason =
    "Account 123456789012 should have 'shop-executionrole' role with trust relationship to Role 'shop-adminrole'.";
  const instance = { Account: "123456789012", Region: "eu-west-1" };
  const { stackSets, calls } = await scripted({
    ListStackInstances: [{ Summaries: [] }, { Summaries: [{ ...instance, Status: "OUTDATED", StatusReason }] }],
    CreateStackInstances: [{ OperationId: "add" }],
    UpdateStackInstances: [{ OperationId: "again" }],
    DescribeStackSetOperation: [operation("FAILED"), operation("SUCCEEDED")],
    ListStackSetOperationResults: [{ Summaries: [{ ...instance, Status: "FAILED", StatusReason }] }],
  });
  const place = { name, account: "123456789012", region: "eu-west-1" };
  expect(await linesOf(stackSets.addStack(place, signal))).toMatchInlineSnapshot(`
    "add eu-west-1
    add done
    = undefined"
  `);
  expect(calls.map(({ action }) => action).filter((action) => action.endsWith("Instances"))).toEqual([
    "ListStackInstances",
    "CreateStackInstances",
    "ListStackInstances",
    "UpdateStackInstances",
  ]);
});

test("a role that CloudFormation can never take on is told after a minute", async () => {
  const StatusReason =
    "Account 123456789012 should have 'shop-executionrole' role with trust relationship to Role 'shop-adminrole'.";
  const instance = { Account: "123456789012", Region: "eu-west-1" };
  const { stackSets, waits } = await scripted({
    ListStackInstances: [{ Summaries: [{ ...instance, Status: "OUTDATED" }] }],
    UpdateStackInstances: [{ OperationId: "again" }],
    DescribeStackSetOperation: [operation("FAILED")],
    ListStackSetOperationResults: [{ Summaries: [{ ...instance, Status: "FAILED", StatusReason }] }],
  });
  const place = { name, account: "123456789012", region: "eu-west-1" };
  expect(await linesOf(stackSets.addStack(place, signal))).toMatchInlineSnapshot(`
    "add eu-west-1
    stack-set/failed  an operation on the stack set shop-infrastructure has failed: eu-west-1 (account 123456789012): Account 123456789012 should have 'shop-executionrole' role with trust relationship to Role 'shop-adminrole'.
      hint: aws cloudformation list-stack-set-operation-results --stack-set-name shop-infrastructure --operation-id again"
  `);
  const waited = waits.reduce((sum, each) => sum + each, 0);
  expect(waited > 60_000 && waited < 90_000).toBe(true);
});

test("what a failed deletion has left takes no update: it says how to be rid of it", async () => {
  const StatusReason = "The bucket you tried to delete is not empty";
  const StackId = "arn:aws:cloudformation:eu-west-1:123456789012:stack/StackSet-shop-infrastructure-1/2";
  const instance = {
    Account: "123456789012",
    Region: "eu-west-1",
    Status: "INOPERABLE" as const,
    StackId,
    StatusReason,
  };
  const { stackSets } = await scripted({ ListStackInstances: [{ Summaries: [instance] }] });
  const place = { name, account: "123456789012", region: "eu-west-1" };
  expect(await linesOf(stackSets.addStack(place, signal))).toMatchInlineSnapshot(`
    "stack-set/failed  the stack of shop-infrastructure in eu-west-1 could not be deleted before and takes no update (INOPERABLE): The bucket you tried to delete is not empty
      The stack: arn:aws:cloudformation:eu-west-1:123456789012:stack/StackSet-shop-infrastructure-1/2
      When its bucket or repositories are empty, this deletes it; then run the command again.
      hint: aws cloudformation delete-stack-instances --stack-set-name shop-infrastructure --accounts 123456789012 --regions eu-west-1 --no-retain-stacks"
  `);
});

test("a stack that cannot be deleted keeps the set, and is told", async () => {
  const { stackSets, calls } = await scripted({
    ListStackInstances: [{ Summaries: [{ Account: "123456789012", Region: "eu-west-1", Status: "CURRENT" }] }],
    DeleteStackInstances: [{ OperationId: "gone" }],
    DescribeStackSetOperation: [operation("FAILED")],
    ListStackSetOperationResults: [
      {
        Summaries: [
          {
            Account: "123456789012",
            Region: "eu-west-1",
            Status: "FAILED",
            StatusReason: "The bucket you tried to delete is not empty",
          },
        ],
      },
    ],
  });
  expect(await linesOf(stackSets.delete(name, signal))).toMatchInlineSnapshot(`
    "delete eu-west-1
    stack-set/failed  an operation on the stack set shop-infrastructure has failed: eu-west-1 (account 123456789012): The bucket you tried to delete is not empty
      hint: aws cloudformation list-stack-set-operation-results --stack-set-name shop-infrastructure --operation-id gone"
  `);
  expect(calls.map(({ action }) => action)).not.toContain("DeleteStackSet");
});

test("an interruption ends the waiting, and the operation goes on", async () => {
  const abort = new AbortController();
  const { stackSets, onWait } = await scripted({
    DescribeStackSet: [old],
    UpdateStackSet: [{ OperationId: "2" }],
    DescribeStackSetOperation: [operation("RUNNING")],
  });
  onWait.run = (count) => count === 3 && abort.abort();
  expect(await linesOf(stackSets.deploy(wanted, abort.signal))).toMatchInlineSnapshot(`
    "update
    = "interrupted""
  `);
});

/** What a story told, in lines, and then what came of it, or how it failed. */
async function linesOf(story: AsyncGenerator<StackSetEvent, unknown, void>): Promise<string> {
  const lines: string[] = [];
  try {
    for (;;) {
      const next = await story.next();
      if (next.done === true) return [...lines, `= ${JSON.stringify(next.value)}`].join("\n");
      const { value } = next;
      if (value.type === "stack-set-busy") lines.push(`busy: ${value.operationId}`);
      else if (value.type === "stack-set-started") lines.push([value.action, ...value.regions].join(" "));
      else lines.push(`${value.action} done`);
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, details, hint } = error;
    return [...lines, `${code}  ${message}`, ...details.map((each) => `  ${each}`), `  hint: ${hint}`].join("\n");
  }
}
