import { Agent, request } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import type { Socket } from "node:net";
import { RuntimeUnavailableError } from "../runtime.ts";
import { EngineError } from "./engine-error.ts";

export interface Call {
  query?: Record<string, string | number | boolean | undefined>;
  /** Sent as JSON; a Buffer is sent as a tar archive. */
  body?: object;
  headers?: Record<string, string>;
  /** Milliseconds without a byte after which the call is given up. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** What a call cannot wait longer for: a slow disk may keep the Engine busy for a while. */
const defaultTimeoutMs = 120_000;

/** HTTP to one Docker Engine over kept-alive connections. */
export class EngineClient {
  readonly #where: RequestOptions;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #prefix: string;

  /** @param apiVersion such as `1.41`; undefined for calls that have none */
  constructor(connect: { socketPath: string } | { host: string; port: number }, apiVersion?: string) {
    this.#where = connect;
    this.#prefix = apiVersion === undefined ? "" : `/v${apiVersion}`;
  }

  /** The answer as JSON, or as text when it is none; undefined for an empty one.
   *  @throws EngineError, RuntimeUnavailableError */
  async json<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const response = await this.#send(method, path, call, this.#agent);
    const text = await textOf(response).catch((error: Error) => {
      throw new RuntimeUnavailableError(`The Docker Engine broke off its answer: ${error.message}`, { cause: error });
    });
    if (text === "") return undefined as T;
    try {
      return JSON.parse(text) as T;
    } catch {
      return text as T;
    }
  }

  /** An answer that goes on: resolves with its headers. Without `timeoutMs` it may be silent for ever.
   *  @throws EngineError, RuntimeUnavailableError */
  async stream(method: string, path: string, call: Call = {}): Promise<IncomingMessage> {
    return await this.#send(method, path, { timeoutMs: 0, ...call }, false);
  }

  /** A POST after which the connection is the caller's, for both ways.
   *  @throws EngineError, RuntimeUnavailableError */
  async upgrade(path: string, body: object): Promise<Socket> {
    const content = Buffer.from(JSON.stringify(body));
    const headers = {
      host: "docker",
      "content-type": "application/json",
      "content-length": content.length,
      connection: "Upgrade",
      upgrade: "tcp",
    };
    return await new Promise((resolve, reject) => {
      const sent = request({ ...this.#where, agent: false, method: "POST", path: `${this.#prefix}${path}`, headers });
      sent.on("upgrade", (_response, socket: Socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      sent.on("response", (response) => {
        textOf(response).then((text) => reject(new EngineError(response.statusCode ?? 0, messageOf(text))), reject);
      });
      sent.on("error", (error) =>
        reject(new RuntimeUnavailableError(`The Docker Engine does not answer: ${error.message}`, { cause: error })),
      );
      sent.end(content);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  async #send(method: string, path: string, call: Call, agent: Agent | false, again = false): Promise<IncomingMessage> {
    const body =
      call.body === undefined
        ? undefined
        : Buffer.isBuffer(call.body)
          ? call.body
          : Buffer.from(JSON.stringify(call.body));
    const type = Buffer.isBuffer(call.body) ? "application/x-tar" : "application/json";
    const timeout = call.timeoutMs ?? defaultTimeoutMs;
    try {
      return await new Promise((resolve, reject) => {
        const sent = request({
          ...this.#where,
          agent,
          method,
          path: `${this.#prefix}${path}${queryOf(call.query)}`,
          headers: {
            host: "docker",
            ...call.headers,
            ...(body === undefined ? {} : { "content-type": type }),
            ...(method === "GET" || method === "DELETE" ? {} : { "content-length": body?.length ?? 0 }),
          },
          ...(call.signal === undefined ? {} : { signal: call.signal }),
        });
        const silent = () => new Error(`not a byte within ${timeout / 1000} s`);
        const giveUp = () => sent.destroy(silent());
        if (timeout > 0) sent.setTimeout(timeout).on("timeout", giveUp);
        sent.on("error", (error) => reject(Object.assign(error, { reused: sent.reusedSocket })));
        sent.on("response", (response) => {
          sent.off("timeout", giveUp);
          if (timeout > 0) response.setTimeout(timeout, () => response.destroy(silent()));
          if ((response.statusCode ?? 0) < 400) return resolve(response);
          textOf(response).then((text) => reject(new EngineError(response.statusCode ?? 0, messageOf(text))), reject);
        });
        sent.end(body);
      });
    } catch (error) {
      if (error instanceof EngineError || call.signal?.aborted) throw error;
      // A kept connection may have died unnoticed, for example when the Engine was restarted.
      if ((error as { reused?: boolean }).reused && !again) return await this.#send(method, path, call, agent, true);
      throw new RuntimeUnavailableError(`The Docker Engine does not answer: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
}

function queryOf(query: Call["query"] = {}): string {
  const given = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text.trim();
  }
}
