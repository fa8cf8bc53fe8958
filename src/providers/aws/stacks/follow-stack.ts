import type { CloudFormationClient, StackEvent as RawEvent } from "@aws-sdk/client-cloudformation";
import type { ResourceEvent, StackEvent } from "../../account/stacks.ts";
import { EventReader, type Operation, timeOf } from "./event-reader.ts";
import { patiently } from "./patiently.ts";
import { isBusy, stackType } from "./stack-status.ts";
import { delays, type StackTools } from "./tools.ts";

export interface Followed {
  /** Of the stack itself; undefined: the signal aborted. */
  status: string | undefined;
  /** What has failed, the first one first; what CloudFormation then cancelled is left out. */
  failures: Failure[];
}

/** A resource that has failed, and the stack that it is in. */
export interface Failure extends ResourceEvent {
  stack: string;
  /** It has failed while its stack went back to what it was: this is no cause, but in the way. */
  inRollback: boolean;
}

/** Yields the events of an operation, those of nested stacks too, each once and in order, until the stack has settled. */
export async function* followStack(
  aws: CloudFormationClient,
  operation: Operation,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent, Followed, void> {
  const root = new EventReader(aws, operation);
  const nested = new NestedStacks(aws, root);
  const failures: Failure[] = [];
  const rollingBack = new Set<string>();
  for (const delay of delays()) {
    await tools.pause(delay, signal);
    const own = await patiently(() => root.read(signal), tools, signal);
    if (own === undefined) break;
    const inside = await nested.read(own, tools, signal);
    let status: string | undefined;
    for (const event of [...own, ...inside].toSorted((a, b) => timeOf(a) - timeOf(b))) {
      const shown = toEvent(event);
      if (shown.status === "REVIEW_IN_PROGRESS") continue;
      const { StackId = "" } = event;
      if (isOfItself(event) && shown.status.endsWith("ROLLBACK_IN_PROGRESS")) rollingBack.add(StackId);
      if (isFailure(shown)) failures.push({ ...shown, inRollback: rollingBack.has(StackId) });
      if (isOfItself(event) && StackId === operation.stackId) status = isBusy(shown.status) ? undefined : shown.status;
      yield { type: "stack-resource", ...shown };
    }
    if (status !== undefined) return { status, failures };
  }
  return { status: undefined, failures };
}

/** The stacks inside of one that is followed. Each is asked for its events while the stack around it says that it is being
 *  worked on, and once after that. */
class NestedStacks {
  readonly #aws: CloudFormationClient;
  readonly #root: EventReader;
  readonly #stacks = new Map<string, { reader: EventReader; busy: boolean; due: boolean }>();

  constructor(aws: CloudFormationClient, root: EventReader) {
    this.#aws = aws;
    this.#root = root;
  }

  /** @param outer events of the outermost stack that nobody has looked through for others yet */
  async read(outer: readonly RawEvent[], tools: StackTools, signal: AbortSignal): Promise<RawEvent[]> {
    const found: RawEvent[] = [];
    const asked = new Set<string>();
    this.#note(outer);
    for (;;) {
      const next = [...this.#stacks].filter(([id, { busy, due }]) => (busy || due) && !asked.has(id));
      if (next.length === 0) return found;
      const read = await Promise.all(
        next.map(([id, stack]) => {
          asked.add(id);
          stack.due = false;
          return patiently(() => stack.reader.read(signal), tools, signal);
        }),
      );
      const events = read.flatMap((some) => some ?? []);
      this.#note(events);
      found.push(...events);
    }
  }

  #note(events: readonly RawEvent[]): void {
    for (const { ResourceType, PhysicalResourceId: id = "", StackId, ResourceStatus = "" } of events) {
      if (ResourceType !== stackType || id === StackId || !id.startsWith("arn:")) continue;
      const known = this.#stacks.get(id);
      const reader = known?.reader ?? new EventReader(this.#aws, { stackId: id, since: this.#root.since });
      this.#stacks.set(id, { reader, busy: isBusy(ResourceStatus), due: true });
    }
  }
}

/** Whether the event is of the stack as a whole. */
export function isOfItself({ ResourceType, PhysicalResourceId, StackId }: RawEvent): boolean {
  return ResourceType === stackType && PhysicalResourceId === StackId;
}

function isFailure({ status, reason = "" }: ResourceEvent): boolean {
  return status.endsWith("_FAILED") && !/^Resource (creation|update|deletion) cancelled/i.test(reason);
}

function toEvent(event: RawEvent): ResourceEvent & { stack: string } {
  const { StackName = "", LogicalResourceId = "", PhysicalResourceId, ResourceType = "", ResourceStatus = "" } = event;
  return {
    stack: StackName,
    at: new Date(timeOf(event)).toISOString(),
    logicalId: LogicalResourceId,
    ...(PhysicalResourceId && { physicalId: PhysicalResourceId }),
    resourceType: ResourceType,
    status: ResourceStatus,
    ...(event.ResourceStatusReason !== undefined && { reason: event.ResourceStatusReason }),
  };
}
