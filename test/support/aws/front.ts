import { once } from "node:events";
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { errorAnswer } from "./answers.ts";
import { type AwsRequest, type Operation, operationOf } from "./operation.ts";

/** One call of an AWS operation, as it went over the wire. */
export interface AwsCall extends Operation {
  /** `ecs:DescribeServices` */
  name: string;
  /** 0 when the connection ended without an answer. */
  status: number;
  request: AwsRequest;
}

export interface AwsAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Stands between a client and what answers in the end: answers itself, or passes on and does something to the answer.
 *  `reset` ends the connection. */
export type Layer = (call: AwsCall, pass: () => Promise<AwsAnswer>) => Promise<AwsAnswer | "reset">;

/** A server on loopback that passes every call on, through layers, and writes down which calls there were. */
export class Front {
  readonly calls: AwsCall[] = [];
  /** The first one sees a call first. */
  layers: Layer[] = [];
  #upstream = "";
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #sockets = new Set<Socket>();

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(upstream: string): Promise<void> {
    this.#upstream = upstream;
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.#server.unref();
  }

  async end(): Promise<void> {
    if (!this.#server.listening) return;
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(incoming);
    const operation = operationOf(request);
    const call: AwsCall = { ...operation, name: `${operation.service}:${operation.action}`, status: 0, request };
    this.calls.push(call);
    const through = this.layers.reduceRight<() => Promise<AwsAnswer | "reset">>(
      (next, layer) => () => layer(call, next as () => Promise<AwsAnswer>),
      () => passOn(this.#upstream, request),
    );
    const answer = await through().catch((error: unknown) => mistake(call, String(error)));
    if (answer === "reset") {
      incoming.socket.resetAndDestroy();
      return;
    }
    call.status = answer.status;
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}

async function read(incoming: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = "GET", url = "/", headers } = incoming;
  return { method, url, headers, body: Buffer.concat(chunks) };
}

async function passOn(upstream: string, { method, url, headers, body }: AwsRequest): Promise<AwsAnswer> {
  const { "transfer-encoding": _, expect: _expect, ...kept } = headers;
  const asking = ask(new URL(url, upstream), { method, headers: { ...kept, "content-length": body.length } });
  asking.end(body);
  const [answer] = (await once(asking, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const { "transfer-encoding": _chunked, connection: _connection, ...given } = answer.headers;
  return { status: answer.statusCode ?? 502, headers: given, body: Buffer.concat(chunks) };
}

/** The harness or the emulator has a mistake: a test must see it, and the SDK not try again. */
export function mistake(call: AwsCall, message: string): AwsAnswer {
  return errorAnswer(call, { code: "MistakeInTheEmulator", message, status: 400 });
}
