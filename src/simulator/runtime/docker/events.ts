import type { IncomingMessage } from "node:http";
import type { EngineClient } from "./engine-client.ts";
import { jsonLines } from "./json-lines.ts";
import { ownedFilter } from "./labels.ts";
import { waitFor } from "./wait.ts";

/** One event of the Engine about a container of ours. */
export interface EngineEvent {
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
  /** Seconds. */
  time: number;
  /** Nanoseconds, as exact as a number is. */
  timeNano: number;
}

export interface EngineEventsListener {
  event(event: EngineEvent): void;
  /** The stream broke; it is being opened again. */
  down(why: string): void;
  /** The stream is open again. What happened meanwhile has to be asked for. */
  up(): Promise<void>;
}

/** The Engine's `die`, `oom` and `health_status: …` events about our containers, over any number of lost connections. */
export class EngineEvents {
  readonly #client: EngineClient;
  readonly #owner: string;
  readonly #listener: EngineEventsListener;
  readonly #closing = new AbortController();
  #since: number | undefined;
  #running: Promise<void> | undefined;

  constructor(client: EngineClient, owner: string, listener: EngineEventsListener) {
    this.#client = client;
    this.#owner = owner;
    this.#listener = listener;
  }

  /** Resolves when events arrive. @throws EngineError, RuntimeUnavailableError */
  async open(): Promise<void> {
    const stream = await this.#connect();
    this.#running = this.#run(stream);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #connect(): Promise<IncomingMessage> {
    const filters = ownedFilter(this.#owner, { type: ["container"], event: ["die", "oom", "health_status"] });
    return await this.#client.stream("GET", "/events", {
      query: { filters, since: this.#since },
      signal: this.#closing.signal,
    });
  }

  async #run(first: IncomingMessage): Promise<void> {
    for (let stream: IncomingMessage | undefined = first; stream !== undefined;) {
      const why = await this.#read(stream);
      if (this.#closing.signal.aborted) return;
      this.#listener.down(why);
      stream = await this.#reconnect();
    }
  }

  /** Reads to the stream's end and says why it ended. */
  async #read(stream: IncomingMessage): Promise<string> {
    try {
      for await (const event of jsonLines<EngineEvent>(stream)) {
        this.#since = event.time;
        this.#listener.event(event);
      }
      return "The Docker Engine ended its stream of events";
    } catch (error) {
      return `The Docker Engine's stream of events broke: ${(error as Error).message}`;
    }
  }

  async #reconnect(): Promise<IncomingMessage | undefined> {
    for (let delay = 100; !this.#closing.signal.aborted; delay = Math.min(delay * 2, 5000)) {
      await waitFor(delay, this.#closing.signal);
      const stream = await this.#connect().catch(() => undefined);
      if (stream === undefined) continue;
      try {
        await this.#listener.up();
        return stream;
      } catch {
        stream.destroy();
      }
    }
    return undefined;
  }
}
