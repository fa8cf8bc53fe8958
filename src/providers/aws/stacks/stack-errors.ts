import { CloudFormationServiceException } from "@aws-sdk/client-cloudformation";
import { shellWord, UserError } from "../../../errors.ts";
import type { StackDescription, StackToDeploy } from "../../account/stacks.ts";
import { partitionOf } from "../partition.ts";
import type { Failure } from "./follow-stack.ts";
import { stackType } from "./stack-status.ts";

/** Somebody else works on the stack. */
export function stackBusy({ name, id, status }: StackDescription, since: string): UserError {
  return new UserError("stack/busy", `the stack ${name} is ${status} since ${since}: somebody else works on it`, {
    details: [consoleOf(id)],
    hint: `aws cloudformation wait ${waiter(status)} --stack-name ${shellWord(name)} --region ${regionOf(id)}    (then deploy again)`,
  });
}

/** What CloudFormation says before it has changed anything. */
export function stackRefused({ name }: Pick<StackToDeploy, "name">, error: unknown): unknown {
  if (!(error instanceof CloudFormationServiceException)) return error;
  if (!refusals.includes(error.name)) return error;
  return changeSetRefused(name, error.message, error);
}

const refusals = ["ValidationError", "InsufficientCapabilitiesException", "InsufficientCapabilities"];

export function changeSetRefused(name: string, reason: string, cause?: unknown): UserError {
  const busy = /is in (\w+_IN_PROGRESS) state/.exec(reason);
  const code = busy === null ? "stack/refused" : "stack/busy";
  const message =
    busy === null
      ? `CloudFormation refuses the stack ${name}: ${reason}`
      : `the stack ${name} is ${busy[1]}: somebody else works on it`;
  return new UserError(code, message, { cause });
}

/** A stack that could not be created or updated, and what it came back to. */
export function stackFailed(
  stack: StackDescription,
  { action, failures }: { action: "created" | "updated"; failures: readonly Failure[] },
): UserError {
  const { name, id, status, statusReason } = stack;
  const [first, ...others] = told(failures, name);
  const why = first === undefined ? (statusReason ?? status) : inWords(first, name);
  const region = regionOf(id);
  const blocked = status === "UPDATE_ROLLBACK_FAILED";
  return new UserError(
    blocked ? "stack/rollback-failed" : "stack/failed",
    `the stack ${name} could not be ${action}: ${why}`,
    {
      details: [
        ...others.map((failure) => inWords(failure, name)),
        ends[status] ?? `The stack is ${status}.`,
        consoleOf(id),
      ],
      hint: blocked
        ? `aws cloudformation continue-update-rollback --stack-name ${shellWord(name)} --region ${region}`
        : `aws cloudformation describe-stack-events --stack-name ${shellWord(id)} --region ${region}`,
    },
  );
}

const ends: Record<string, string> = {
  UPDATE_ROLLBACK_COMPLETE: "The stack is what it was before (UPDATE_ROLLBACK_COMPLETE).",
  ROLLBACK_COMPLETE: "What had been made is gone again (ROLLBACK_COMPLETE); the next deployment starts anew.",
  ROLLBACK_FAILED:
    "Not all that had been made could be removed (ROLLBACK_FAILED); the next deployment tries that first.",
  CREATE_FAILED: "What had been made is left as it is (CREATE_FAILED); the next deployment goes on from there.",
  UPDATE_FAILED: "What had been changed is left as it is (UPDATE_FAILED); the next deployment goes on from there.",
  UPDATE_ROLLBACK_FAILED:
    "CloudFormation could not go back either (UPDATE_ROLLBACK_FAILED), and takes no update until it has.",
};

/** A stack that could not be deleted. */
export function stackNotDeleted(stack: StackDescription, failures: readonly Failure[]): UserError {
  const { name, id, statusReason } = stack;
  const [first, ...others] = told(failures, name);
  const why = first === undefined ? (statusReason ?? stack.status) : inWords(first, name);
  return new UserError("stack/delete-failed", `the stack ${name} could not be deleted: ${why}`, {
    details: [...others.map((failure) => inWords(failure, name)), consoleOf(id)],
    hint: `aws cloudformation describe-stack-resources --stack-name ${shellWord(id)} --region ${regionOf(id)}`,
  });
}

/** Causes before what follows from them: a stack fails because something in it has. */
function told(failures: readonly Failure[], name: string): Failure[] {
  const causes = failures.filter(({ resourceType }) => resourceType !== stackType);
  const some = causes.length > 0 ? causes : failures.filter(({ logicalId }) => logicalId !== name);
  return some.length > 0 ? some : [...failures];
}

function inWords({ stack, logicalId, resourceType, reason, status }: Failure, name: string): string {
  const where = stack === name ? "" : ` in ${stack}`;
  return `${logicalId} (${resourceType})${where}: ${reason ?? status}`;
}

function waiter(status: string): string {
  if (status.startsWith("DELETE")) return "stack-delete-complete";
  if (status.includes("ROLLBACK")) return "stack-rollback-complete";
  return status.startsWith("CREATE") ? "stack-create-complete" : "stack-update-complete";
}

/** Where people look at the stack. */
function consoleOf(id: string): string {
  const region = regionOf(id);
  const hosts: Record<string, string> = {
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
  };
  const host = hosts[partitionOf(region)] ?? "console.aws.amazon.com";
  return `https://${host}/cloudformation/home?region=${region}#/stacks/events?stackId=${encodeURIComponent(id)}`;
}

function regionOf(id: string): string {
  return id.split(":")[3] ?? "";
}
