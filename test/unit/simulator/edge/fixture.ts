import { once } from "node:events";
import { type IncomingMessage, type RequestListener, type Server, createServer, request } from "node:http";
import { type AddressInfo, type Socket, connect } from "node:net";
import { onTestFinished } from "vitest";
import { createEdge } from "../../../../src/simulator/edge/create-edge.ts";
import type {
  Edge,
  EdgeHttpListener,
  EdgeObserver,
  EdgePicture,
  EdgeTarget,
} from "../../../../src/simulator/edge/edge.ts";
import type { EdgeLimits } from "../../../../src/simulator/edge/limits.ts";

const quiet: EdgeObserver = { checked() {}, idle() {} };

/** An edge that is closed when the test ends. */
export function openEdge(observer: Partial<EdgeObserver> = {}, limits: Partial<EdgeLimits> = {}): Edge {
  const edge = createEdge({ ...quiet, ...observer }, { sweepMs: 20, ...limits });
  onTestFinished(() => edge.close(0));
  return edge;
}

/** Below those that the system gives to connections that go out. */
let nextPort = 10_000 + (process.pid % 200) * 100;

/** One listener whose only rule sends everything to `targets`. */
export function everythingTo(targets: EdgeTarget[], port?: number): EdgePicture & { listeners: EdgeHttpListener[] } {
  return {
    listeners: [
      {
        id: "http",
        port,
        firstPort: nextPort,
        rules: [{ priority: 1, paths: ["/*"], targetGroup: "shop/local/api/80" }],
      },
    ],
    targetGroups: {
      "shop/local/api/80": { id: "shop/local/api/80", serviceId: "shop/local/api", healthCheck: neverAgain, targets },
    },
  };
}

export const neverAgain = {
  protocol: "HTTP",
  path: "/health",
  codes: "200-499",
  intervalMs: 600_000,
  timeoutMs: 5000,
} as const;

export function firstPort(): number {
  nextPort += 10;
  return nextPort;
}

/** The port that the only listener has got. */
export function portOf(edge: Edge, listener = "http"): number {
  const binding = edge.bindings()[listener];
  if (binding === undefined || "error" in binding) throw new Error(JSON.stringify(binding));
  return binding.port;
}

export interface App {
  port: number;
  server: Server;
  /** Connections open now. */
  sockets: Set<Socket>;
}

/** A program behind the load balancer. */
export async function startApp(listener: RequestListener, prepare?: (server: Server) => void): Promise<App> {
  const server = createServer(listener);
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  prepare?.(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, server, sockets };
}

export function targetAt(port: number, task = "t1", state: EdgeTarget["state"] = "healthy"): EdgeTarget {
  return { task, address: "127.0.0.1", port, state };
}

export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
}

/** One request on a connection of its own, unless an agent is given. */
export function ask(port: number, path = "/", options: object = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, agent: false, ...options }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** A bare connection whose received bytes can be looked at. */
export class Wire {
  received = "";
  ended = false;
  closed = false;
  readonly socket: Socket;

  constructor(port: number, host = "127.0.0.1") {
    this.socket = connect({ port, host, allowHalfOpen: true });
    this.socket.setEncoding("latin1");
    this.socket.on("data", (text: string) => (this.received += text));
    this.socket.on("end", () => (this.ended = true));
    this.socket.on("error", () => {});
    this.socket.on("close", () => (this.closed = true));
    onTestFinished(() => void this.socket.destroy());
  }

  send(text: string): this {
    this.socket.write(text, "latin1");
    return this;
  }

  async until(condition: (wire: Wire) => boolean): Promise<string> {
    await eventually(() => condition(this), `received so far: ${JSON.stringify(this.received)}`);
    return this.received;
  }

  /** All that comes until the other side ends. */
  whole(): Promise<string> {
    return this.until(({ ended, closed }) => ended || closed);
  }
}

/** Waits for a condition, at most five seconds. */
export async function eventually(condition: () => boolean, what = "condition"): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within 5 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** What changes from run to run is replaced. */
export function normal(text: string): string {
  return text
    .replaceAll(/Root=1-[0-9a-f]{8}-[0-9a-f]{24}/g, "Root=<trace>")
    .replaceAll(/Self=1-[0-9a-f]{8}-[0-9a-f]{24}/g, "Self=<trace>")
    .replaceAll(/Date: [^\r\n]*/g, "Date: <date>")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
    .replaceAll(/X-Forwarded-Port: \d+/g, "X-Forwarded-Port: <port>");
}
