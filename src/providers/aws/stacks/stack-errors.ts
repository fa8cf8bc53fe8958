import { CloudFormationServiceException } from "@aws-sdk/client-cloudformation";
import { shellWord, UserError } from "../../../errors.ts";
import type { StackDescription } from "../../account/stacks.ts";
import { partitionOf } from "../partition.ts";
import type { Failure } from "./follow-stack.ts";
import { stackType } from "./stack-status.ts";

/** Somebody else works on the stack. */
export function stackBusy({ name, id, status }: StackDescription, since: string): UserError {
  return new UserError("stack/busy", `somebody else works on the stack ${name}: it is ${status} since ${since}`, {
    details: [consoleOf(id)],
    hint: `aws cloudformation wait ${waiter(status)} ${stackFlags(name, id)}    (returns when that has ended)`,
  });
}

/** What CloudFormation says before it has changed anything. Any other failure is handed back as it is. */
export function stackRefused({ name }: { name: string }, error: unknown): unknown {
  const isRefusal = error instanceof CloudFormationServiceException && refusals.includes(error.name);
  return isRefusal ? changeSetRefused(name, error.message, error) : error;
}

const refusals = [
  "ValidationError",
  "InsufficientCapabilitiesException",
  "InvalidChangeSetStatus",
  "InvalidChangeSetStatusException",
];

export function changeSetRefused(name: string, reason: string, cause?: unknown): UserError {
  const busy = /is in (\w+_IN_PROGRESS) (?:state|status)/.exec(reason)?.[1];
  if (busy !== undefined)
    return new UserError("stack/busy", `somebody else works on the stack ${name}: it is ${busy}`, { cause });
  if (/\bOBSOLETE\b/.test(reason))
    return new UserError("stack/busy", `somebody else has changed the stack ${name} at the same time`, { cause });
  return new UserError("stack/refused", `CloudFormation refuses the stack ${name}: ${reason}`, { cause });
}

/** A stack that could not be created or updated, and what it came back to. */
export function stackFailed(
  stack: StackDescription,
  { action, failures }: { action: "created" | "updated"; failures: readonly Failure[] },
): UserError {
  const { name, id, status } = stack;
  const causes = told(
    failures.filter(({ inRollback }) => !inRollback),
    name,
  );
  const message = `the stack ${name} could not be ${action}: ${first(causes, stack)}`;
  const others = causes.slice(1).map((failure) => inWords(failure, name));
  const inTheWay = failures.filter(({ inRollback }) => inRollback);
  const end = ends[status] ?? `The stack is ${status}.`;
  const inTheWayText = told(inTheWay, name).map((failure) => inWords(failure, name));
  if (status === "UPDATE_ROLLBACK_FAILED") {
    const { details, hint } = goingOn(stack, inTheWay);
    return new UserError("stack/rollback-failed", message, {
      details: [...others, end, ...inTheWayText, ...details],
      hint,
    });
  }
  return new UserError(causes.some(isPriorityTaken) ? "stack/priority-taken" : "stack/failed", message, {
    details: [...others, end, ...inTheWayText, consoleOf(id)],
    hint: `aws cloudformation describe-stack-events ${stackFlags(id, id)}`,
  });
}

/** A rule of a load balancer's listener got a number that another one has, in the words of both kinds of CloudFormation's own
 *  programs for it. */
function isPriorityTaken({ resourceType, reason = "" }: Failure): boolean {
  const isRule = resourceType === "AWS::ElasticLoadBalancingV2::ListenerRule";
  return isRule && /PriorityInUse|Priority '?\d+'? is currently in use|HandlerErrorCode: AlreadyExists/.test(reason);
}

const ends: Record<string, string> = {
  UPDATE_ROLLBACK_COMPLETE: "The stack is what it was before (UPDATE_ROLLBACK_COMPLETE).",
  ROLLBACK_COMPLETE: "What had been made is gone again (ROLLBACK_COMPLETE); the next deployment starts anew.",
  ROLLBACK_FAILED:
    "Not all that had been made could be removed (ROLLBACK_FAILED); the next deployment tries that first.",
  CREATE_FAILED: "What had been made is left as it is (CREATE_FAILED); the next deployment goes on from there.",
  UPDATE_FAILED: "What had been changed is left as it is (UPDATE_FAILED); the next deployment goes on from there.",
  UPDATE_ROLLBACK_FAILED: "CloudFormation could not go back to what was before, and takes no update until it has:",
};

/** A stack that takes no update, because the rollback of the last one has failed. */
export function stackStuck(stack: StackDescription, failures: readonly Failure[]): UserError {
  const { name } = stack;
  const stuck = told(failures, name);
  const { details, hint } = goingOn(stack, failures);
  return new UserError("stack/rollback-failed", `the stack ${name} could not be rolled back: ${first(stuck, stack)}`, {
    details: [...stuck.slice(1).map((failure) => inWords(failure, name)), ...details],
    hint,
  });
}

/** How to go on with a rollback that these hold up. */
function goingOn(stack: StackDescription, failures: readonly Failure[]): { details: string[]; hint: string } {
  const { name, id } = stack;
  const command = continueCommand(stack);
  const own = failures.filter((each) => each.stack === name && each.logicalId !== name);
  const skipped = own.map(({ logicalId }) => shellWord(logicalId)).join(" ");
  const flag = command.startsWith("aws ") ? `--resources-to-skip ${skipped}` : `--skip ${skipped.replaceAll(" ", ",")}`;
  const skipping = `When the reason cannot be mended: ${command} ${flag}`;
  return {
    details: [...(skipped === "" ? [] : [skipping]), consoleOf(id)],
    hint: `${command}    (once the reason is mended)`,
  };
}

/** Stacks of environments and workloads have tags that say whose they are. */
function continueCommand({ name, id, tags }: StackDescription): string {
  const { "copilot-application": app, "copilot-environment": env } = tags;
  const workload = tags["copilot-service"];
  if (app === undefined || env === undefined)
    return `aws cloudformation continue-update-rollback ${stackFlags(name, id)}`;
  const flags = [["-a", app], ["-e", env], ...(workload === undefined ? [] : [["-n", workload]])];
  return `pilotfish continue-rollback ${flags.map(([flag, value = ""]) => `${flag} ${shellWord(value)}`).join(" ")}`;
}

/** A stack that could not be deleted. */
export function stackNotDeleted(stack: StackDescription, failures: readonly Failure[]): UserError {
  const { name, id } = stack;
  const causes = told(failures, name);
  const retain = failures.filter((failure) => failure.stack === name && failure.logicalId !== name);
  const left = retain.map(({ logicalId }) => shellWord(logicalId)).join(" ");
  return new UserError("stack/delete-failed", `the stack ${name} could not be deleted: ${first(causes, stack)}`, {
    details: [...causes.slice(1).map((failure) => inWords(failure, name)), consoleOf(id)],
    hint:
      left === ""
        ? `aws cloudformation describe-stack-events ${stackFlags(id, id)}`
        : `aws cloudformation delete-stack ${stackFlags(name, id)} --retain-resources ${left}    (leaves them where they are)`,
  });
}

/** What CloudFormation says to a deletion before it has begun. Any other failure is handed back as it is. */
export function deletionRefused({ name, id }: { name: string; id: string }, error: unknown): unknown {
  if (!(error instanceof CloudFormationServiceException) || error.name !== "ValidationError") return error;
  if (/TerminationProtection/.test(error.message))
    return new UserError("stack/delete-failed", `the stack ${name} is protected from being deleted`, {
      hint: `aws cloudformation update-termination-protection --no-enable-termination-protection ${stackFlags(name, id)}`,
      cause: error,
    });
  const busy = /in status (\w+_IN_PROGRESS)/.exec(error.message)?.[1];
  if (busy !== undefined)
    return new UserError("stack/busy", `somebody else works on the stack ${name}: it is ${busy}`, { cause: error });
  return new UserError("stack/delete-failed", `the stack ${name} cannot be deleted: ${error.message}`, {
    cause: error,
  });
}

/** Causes before what follows from them: a stack fails because something in it has. */
function told(failures: readonly Failure[], name: string): Failure[] {
  const causes = failures.filter(({ resourceType }) => resourceType !== stackType);
  const nested = failures.filter(({ logicalId }) => logicalId !== name);
  return [causes, nested, failures].find((some) => some.length > 0)?.slice() ?? [];
}

function first([cause]: readonly Failure[], stack: StackDescription): string {
  return cause === undefined ? (stack.statusReason ?? stack.status) : inWords(cause, stack.name);
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
  const host = hosts[partitionOf(region)] ?? "console.aws.amazon.com";
  return `https://${host}/cloudformation/home?region=${region}#/stacks/events?stackId=${encodeURIComponent(id)}`;
}

const hosts: Record<string, string> = {
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
};

function stackFlags(name: string, id: string): string {
  return `--stack-name ${shellWord(name)} --region ${regionOf(id)}`;
}

function regionOf(id: string): string {
  return id.split(":")[3] ?? "";
}
