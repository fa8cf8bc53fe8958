import type { Stack, StackEvent as RawEvent } from "@aws-sdk/client-cloudformation";
import { onTestFinished, vi } from "vitest";
import { UserError } from "../../../../../src/errors.ts";
import type { StackSets } from "../../../../../src/providers/account/stack-sets.ts";
import type { StackEvent, Stacks } from "../../../../../src/providers/account/stacks.ts";
import { AwsSession } from "../../../../../src/providers/aws/session.ts";
import { createStackSets } from "../../../../../src/providers/aws/stack-sets/stack-sets.ts";
import { createStacks } from "../../../../../src/providers/aws/stacks/stacks.ts";
import { type AwsCall, Front } from "../../../../support/aws/front.ts";
import { type CloudFormationScript, scriptedCloudFormation } from "../../../../support/aws/scripted-cloudformation.ts";

export const stackId = "arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-test-api/0a1b2c3d";
export const nestedId = "arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-test-api-AddonsStack-1X/4e5f6a7b";
export const since = new Date("2026-11-21T10:00:00.000Z");

export interface Scripted {
  stacks: Stacks;
  stackSets: StackSets;
  calls: AwsCall[];
  /** Milliseconds that were waited, one after the other. */
  waits: number[];
  /** What is done before a wait is over. */
  onWait: { run?: (count: number) => void };
}

/** CloudFormation that answers as the script says, and a clock that only waits move. */
export async function scripted(script: CloudFormationScript): Promise<Scripted> {
  const front = new Front();
  await front.start("http://127.0.0.1:9");
  front.layers.push(scriptedCloudFormation(script));
  vi.stubEnv("AWS_ENDPOINT_URL", front.url);
  const credentials = async () => ({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "x" });
  const session = new AwsSession({ region: "eu-west-1", credentials, random: () => 0 });
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    session.close();
    await front.end();
  });
  const waits: number[] = [];
  const onWait: Scripted["onWait"] = {};
  let clock = since.getTime();
  let ids = 0;
  const tools = {
    async pause(milliseconds: number) {
      waits.push(milliseconds);
      clock += milliseconds;
      onWait.run?.(waits.length);
    },
    now: () => clock,
    uuid: () => `token-${(ids += 1)}`,
  };
  return {
    stacks: createStacks(session, tools),
    stackSets: createStackSets(session, tools),
    calls: front.calls,
    waits,
    onWait,
  };
}

export function stack(status: string, more: Partial<Stack> = {}): Stack {
  return {
    StackId: stackId,
    StackName: "shop-test-api",
    StackStatus: status as Stack["StackStatus"],
    CreationTime: new Date("2026-11-20T08:00:00Z"),
    LastUpdatedTime: new Date("2026-11-21T09:30:00Z"),
    ...more,
  };
}

let count = 0;

/** An event some seconds after the beginning. `shop-test-api` and `AddonsStack` are stacks. */
export function event(second: number, logicalId: string, status: string, more: Partial<RawEvent> = {}): RawEvent {
  const types: Record<string, string> = {
    "shop-test-api": "AWS::CloudFormation::Stack",
    "shop-test-api-AddonsStack-1X": "AWS::CloudFormation::Stack",
    AddonsStack: "AWS::CloudFormation::Stack",
    Service: "AWS::ECS::Service",
    TaskDefinition: "AWS::ECS::TaskDefinition",
    TargetGroup: "AWS::ElasticLoadBalancingV2::TargetGroup",
    Table: "AWS::DynamoDB::Table",
  };
  const own: Record<string, string> = {
    "shop-test-api": stackId,
    AddonsStack: nestedId,
    "shop-test-api-AddonsStack-1X": nestedId,
  };
  return {
    EventId: `event-${(count += 1)}`,
    StackId: stackId,
    StackName: "shop-test-api",
    LogicalResourceId: logicalId,
    PhysicalResourceId: own[logicalId] ?? `${logicalId}-1`,
    ResourceType: types[logicalId] ?? "AWS::SNS::Topic",
    Timestamp: new Date(since.getTime() + second * 1000),
    ResourceStatus: status as RawEvent["ResourceStatus"] & string,
    ...more,
  };
}

/** An event of the nested stack. */
export function nested(second: number, logicalId: string, status: string, reason?: string): RawEvent {
  const inside = { StackId: nestedId, StackName: "shop-test-api-AddonsStack-1X" };
  return event(second, logicalId, status, { ...inside, ...(reason !== undefined && { ResourceStatusReason: reason }) });
}

/** What a story told, in lines, and then what came of it, or how it failed. */
export async function linesOf(story: AsyncGenerator<StackEvent, unknown, void>): Promise<string> {
  const lines: string[] = [];
  try {
    for (;;) {
      const next = await story.next();
      if (next.done === true) return [...lines, `= ${JSON.stringify(outcomeOf(next.value))}`].join("\n");
      lines.push(lineOf(next.value));
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, details, hint } = error;
    return [...lines, `${code}  ${message}`, ...details.map((each) => `  ${each}`), `  hint: ${hint}`].join("\n");
  }
}

function outcomeOf(value: unknown): unknown {
  const { stack: after, ...rest } = (value ?? {}) as { stack?: { status: string } };
  return after === undefined ? rest : { ...rest, status: after.status };
}

function lineOf(told: StackEvent): string {
  if (told.type === "stack-started") return `${told.action} ${told.stack}`;
  if (told.type === "stack-busy") return `${told.stack} is ${told.status} since ${told.since}`;
  const { at, stack: where, logicalId, status, reason } = told;
  const inside = where === "shop-test-api" ? "" : `${where}: `;
  return `${at.slice(14, 19)} ${inside}${logicalId} ${status}${reason === undefined ? "" : ` (${reason})`}`;
}
