import { type CloudFormationClient, DescribeStackEventsCommand, type StackEvent } from "@aws-sdk/client-cloudformation";

/** One operation on a stack, as its events show it. */
export interface Operation {
  stackId: string;
  /** By CloudFormation's clock: nothing from before belongs to it. */
  since: Date;
  /** Whether it begins with this event; absent: all since then belongs to it. */
  begins?(event: StackEvent): boolean;
}

/** Reads the events of an operation, each once. CloudFormation gives the newest first, a hundred at a time. */
export class EventReader {
  readonly #aws: CloudFormationClient;
  readonly #stackId: string;
  readonly #begins: Operation["begins"];
  readonly #seen = new Set<string>();
  #since: Date;
  #begun: boolean;

  constructor(aws: CloudFormationClient, { stackId, since, begins }: Operation) {
    this.#aws = aws;
    this.#stackId = stackId;
    this.#since = since;
    this.#begins = begins;
    this.#begun = begins === undefined;
  }

  /** When the operation began, as far as it is known. */
  get since(): Date {
    return this.#since;
  }

  /** What has come since the last reading, oldest first; nothing before the operation has begun. */
  async read(signal: AbortSignal): Promise<StackEvent[]> {
    const fresh: StackEvent[] = [];
    let begun = this.#begun;
    for (let page: string | undefined, first = true; first || page !== undefined; first = false) {
      const { StackEvents = [], NextToken } = await this.#aws.send(
        new DescribeStackEventsCommand({ StackName: this.#stackId, ...(page !== undefined && { NextToken: page }) }),
        { abortSignal: signal },
      );
      page = NextToken;
      for (const event of StackEvents) {
        const known = this.#seen.has(event.EventId ?? "") || timeOf(event) < this.#since.getTime();
        if (known) page = undefined;
        else if (!begun || this.#begun) fresh.push(event);
        if (known || begun || this.#begins?.(event) !== true) continue;
        begun = true;
        page = undefined;
        this.#since = event.Timestamp ?? this.#since;
      }
    }
    if (!begun) return [];
    this.#begun = true;
    for (const { EventId = "" } of fresh) this.#seen.add(EventId);
    return fresh.toReversed();
  }
}

export function timeOf({ Timestamp }: StackEvent): number {
  return Timestamp?.getTime() ?? 0;
}
