import {
  AlreadyExistsException,
  type CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetInput,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
} from "@aws-sdk/client-cloudformation";
import { readTemplate } from "../../../cloudformation/read-template.ts";
import type { StackDescription, StackToDeploy } from "../../account/stacks.ts";
import { readStack } from "./describe-stack.ts";
import { withNewRole } from "./new-role.ts";
import { patiently } from "./patiently.ts";
import { orWithOwnRights, type StackRights } from "./place.ts";
import { changeSetRefused, stackRefused } from "./stack-errors.ts";
import type { TemplateSource } from "./template-source.ts";
import { delays, type StackTools } from "./tools.ts";

/** A change set of ours. */
export interface ChangeSet {
  name: string;
  stack: string;
  stackId: string;
  creates: boolean;
  /** By CloudFormation's clock. */
  createdAt: Date;
}

/** Asks for a change set and waits until it can be executed. Undefined: nothing would change. When it comes to nothing,
 *  because of a refusal or because the signal aborts, nothing of it is left. @throws UserError stack/refused, stack/busy */
export async function createChangeSet(
  rights: StackRights,
  { stack, source, before }: { stack: StackToDeploy; source: TemplateSource; before: StackDescription | undefined },
  tools: StackTools,
  signal: AbortSignal,
): Promise<ChangeSet | "unchanged" | "interrupted"> {
  const { aws } = rights;
  const creates = before === undefined || before.status === "REVIEW_IN_PROGRESS";
  const token = tools.uuid();
  const name = `pilotfish-${token}`;
  const wanted: CreateChangeSetInput = {
    StackName: stack.name,
    ChangeSetName: name,
    ChangeSetType: creates ? "CREATE" : "UPDATE",
    ClientToken: token,
    Description: "Made by Pilotfish",
    ...source,
    Parameters: parametersOf(stack, before),
    Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
    Capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    IncludeNestedStacks: true,
    ...(stack.executionRoleArn !== undefined && { RoleARN: stack.executionRoleArn }),
  };
  try {
    await withNewRole(() => aws.send(new CreateChangeSetCommand(wanted)), tools, signal);
  } catch (error) {
    const nothing = error instanceof Error && saysNoChange(error.message);
    if (nothing) return "unchanged";
    if (!(error instanceof AlreadyExistsException)) throw stackRefused(stack, error);
  }
  const described = await settled(aws, { name, stack: stack.name }, tools, signal);
  const changeSet: ChangeSet = {
    name,
    stack: stack.name,
    stackId: described?.StackId ?? "",
    creates,
    createdAt: described?.CreationTime ?? new Date(tools.now()),
  };
  if (described?.Status === "CREATE_COMPLETE" && !signal.aborted) return changeSet;
  await discard(rights, changeSet);
  if (described === undefined || signal.aborted) return "interrupted";
  const reason = described.StatusReason ?? described.Status ?? "";
  if (saysNoChange(reason)) return "unchanged";
  throw changeSetRefused(stack.name, reason);
}

/** Executes it once, also when the answer to a first try was lost. */
export async function execute(
  aws: CloudFormationClient,
  changeSet: ChangeSet,
  { token, noRollback }: { token: string; noRollback: boolean },
): Promise<void> {
  const named = { ChangeSetName: changeSet.name, StackName: changeSet.stackId };
  try {
    await aws.send(
      new ExecuteChangeSetCommand({
        ...named,
        ClientRequestToken: token,
        ...(noRollback && { DisableRollback: true }),
      }),
    );
  } catch (error) {
    const { ExecutionStatus = "" } = await aws.send(new DescribeChangeSetCommand(named)).catch(() => ({}) as Described);
    if (!/^EXECUTE_(IN_PROGRESS|COMPLETE)$/.test(ExecutionStatus)) throw stackRefused({ name: changeSet.stack }, error);
  }
}

type Described = Partial<DescribeChangeSetOutput>;

/** Removes a change set that was not executed, and the stack that it alone has brought about. What cannot be removed is left:
 *  it changes nothing, and the next deployment goes over it. */
export async function discard(rights: StackRights, { name, stack, creates }: Discarded): Promise<void> {
  const { aws } = rights;
  try {
    await aws.send(new DeleteChangeSetCommand({ ChangeSetName: name, StackName: stack }));
    if (!creates) return;
    const left = await readStack(aws, stack);
    if (left?.StackStatus !== "REVIEW_IN_PROGRESS") return;
    const all = new ListChangeSetsCommand({ StackName: left.StackId });
    const { Summaries = [] } = await orWithOwnRights(rights, (client) => client.send(all));
    const others = Summaries.filter(({ ChangeSetName, Status }) => ChangeSetName !== name && Status !== "FAILED");
    if (others.length === 0) await aws.send(new DeleteStackCommand({ StackName: left.StackId }));
  } catch {
    return;
  }
}

type Discarded = Pick<ChangeSet, "name" | "stack" | "creates">;

async function settled(
  aws: CloudFormationClient,
  { name, stack }: { name: string; stack: string },
  tools: StackTools,
  signal: AbortSignal,
): Promise<DescribeChangeSetOutput | undefined> {
  for (const delay of delays()) {
    await tools.pause(delay, signal);
    const ask = () =>
      aws.send(new DescribeChangeSetCommand({ ChangeSetName: name, StackName: stack }), { abortSignal: signal });
    const described = await patiently(ask, tools, signal);
    if (described === undefined || !/_(PENDING|IN_PROGRESS)$/.test(described.Status ?? "")) return described;
  }
  return undefined;
}

/** The two ways in which CloudFormation says it. */
function saysNoChange(reason: string): boolean {
  return reason.includes("didn't contain changes") || reason.includes("No updates are to be performed");
}

/** What is not given may stay as it is. */
function parametersOf(
  { text, keepsParameters = text === undefined, parameters }: StackToDeploy,
  before: StackDescription | undefined,
): CreateChangeSetInput["Parameters"] {
  const given = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  if (!keepsParameters) return given;
  const declared = text === undefined ? undefined : readTemplate(text).Parameters;
  const others = Object.keys(before?.parameters ?? {}).filter(
    (name) => !Object.hasOwn(parameters, name) && (text === undefined || Object.hasOwn(declared ?? {}, name)),
  );
  return [...given, ...others.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true }))];
}
