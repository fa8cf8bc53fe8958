import type { LockEvent } from "../../actions/deployment-lock.ts";
import type { StackUpdateEvent } from "../../actions/update-stack.ts";
import type { StackSetEvent } from "../../providers/account/stack-sets.ts";
import { clean } from "./clean.ts";
import type { Line } from "./live-area.ts";
import { elapsedText } from "./words.ts";

/** What CloudFormation does. */
type StackNews = Exclude<StackUpdateEvent, LockEvent> | StackSetEvent;

/** What has been heard of a stack that CloudFormation works on. */
export interface StackPicture {
  stack: string;
  action: "create" | "update" | "delete" | "detach";
  startedAt: number;
  /** By logical ID; the stack itself is under its own name. */
  resources: Readonly<Record<string, { type: string; status: string; reason?: string }>>;
}

const verbs = { create: "creating", update: "updating", delete: "deleting", detach: "detaching" };

const setVerbs = {
  create: "creating",
  update: "updating",
  add: "adding a stack",
  remove: "removing a stack",
  delete: "deleting",
};

export function isStackEvent(event: { type: string }): event is StackNews {
  return event.type.startsWith("stack-");
}

/** The stacks after an event. Pure. */
export function afterStackEvent(stacks: readonly StackPicture[], event: StackNews, now: number): StackPicture[] {
  switch (event.type) {
    case "stack-set-started":
      return started(stacks, {
        stack: event.stackSet,
        action: event.action === "add" || event.action === "remove" ? "update" : event.action,
        startedAt: now,
        resources: {},
      });
    case "stack-set-finished":
      return stacks.map((each) =>
        each.stack === event.stackSet
          ? {
              ...each,
              resources: { [each.stack]: { type: "AWS::CloudFormation::StackSet", status: "UPDATE_COMPLETE" } },
            }
          : each,
      );
    case "stack-detaching":
      return started(stacks, { stack: event.stack, action: "detach", startedAt: now, resources: {} });
    case "stack-busy":
    case "stack-set-busy":
      return [...stacks];
    case "stack-started": {
      const last = stacks.findLast(({ stack }) => stack === event.stack);
      // Detaching is an update.
      if (last?.action === "detach" && Object.keys(last.resources).length === 0) return [...stacks];
      return started(stacks, { stack: event.stack, action: event.action, startedAt: now, resources: {} });
    }
    case "stack-resource": {
      const { logicalId, resourceType: type, status, reason } = event;
      const resource = { type, status, ...(reason !== undefined && { reason }) };
      const index = stacks.findLastIndex(({ stack }) => stack === event.stack);
      return stacks.map((each, at) =>
        at === index ? { ...each, resources: { ...each.resources, [logicalId]: resource } } : each,
      );
    }
  }
}

function started(stacks: readonly StackPicture[], stack: StackPicture): StackPicture[] {
  return [...stacks, stack];
}

/** The stack with what goes on in it: the rest is a number. Pure. */
export function stackLines(picture: StackPicture, { now, busy }: { now: number; busy: string }): Line[] {
  const { stack, action, startedAt, resources } = picture;
  const whole = resources[stack]?.status ?? "";
  const parts = Object.entries(resources).filter(([id]) => id !== stack);
  const done = parts.filter(([, { status }]) => status.endsWith("_COMPLETE")).length;
  const failed = whole.includes("ROLLBACK") || whole.endsWith("_FAILED");
  const over = /(?<!CLEANUP_IN_PROGRESS)(_COMPLETE|_FAILED)$/.test(whole);
  const sign = !over
    ? ({ text: failed ? "↩" : busy, style: failed ? "yellow" : "cyan" } as const)
    : failed
      ? ({ text: "✗", style: "red" } as const)
      : ({ text: "✓", style: "green" } as const);
  const counts = parts.length === 0 ? "" : `  ${done} of ${parts.length} resources`;
  return [
    [
      sign,
      ` stack ${clean(stack)}  ${over ? clean(whole) : verbs[action]}`,
      { text: counts, style: "dim" },
      over ? "" : `  ${elapsedText(now - startedAt)}`,
    ],
    ...(over ? [] : parts.filter(([, { status }]) => !status.endsWith("_COMPLETE")).map(resourceLine)),
  ];
}

function resourceLine([id, { type, status, reason }]: [string, StackPicture["resources"][string]]): Line {
  return [
    { text: `    ${clean(id)}  `, style: "dim" },
    { text: clean(status), style: status.endsWith("_FAILED") ? "red" : "yellow" },
    { text: `  ${clean(type)}${reason === undefined ? "" : `  ${clean(reason)}`}`, style: "dim" },
  ];
}

/** What is said of an event where lines are appended: what has ended, and what went wrong. */
export function stackEventLine(event: StackNews): string | undefined {
  switch (event.type) {
    case "stack-set-started": {
      const { stackSet, action, regions } = event;
      const where = regions.length === 0 ? "" : ` in ${regions.join(", ")}`;
      return `stack set ${stackSet}: ${setVerbs[action]}${where}`;
    }
    case "stack-set-busy":
      return `stack set ${event.stackSet}: waiting for what somebody else has begun`;
    case "stack-set-finished":
      return `stack set ${event.stackSet}: done`;
    case "stack-detaching":
      return `stack ${event.stack}: detaching ${event.resources.join(", ")}, so that what their programs made stays`;
    case "stack-busy":
      return `stack ${event.stack}: waiting for what somebody else has begun (${event.status} since ${event.since})`;
    case "stack-started":
      return `stack ${event.stack}: ${verbs[event.action]}`;
    case "stack-resource": {
      const { stack, logicalId, resourceType, status, reason } = event;
      if (!/(_COMPLETE|_FAILED|ROLLBACK_IN_PROGRESS)$/.test(status)) return undefined;
      const what = logicalId === stack ? "" : ` ${logicalId} (${resourceType})`;
      return `stack ${stack}:${what} ${status}${reason === undefined ? "" : `: ${reason}`}`;
    }
  }
}
