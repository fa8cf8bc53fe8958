import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

export interface LoadOptions {
  /** Without a path. */
  url: string;
  /** How many requests are open at any time. */
  connections: number;
  /** How many of them take a new connection for each request; the others keep theirs. Default: half. */
  fresh?: number;
  /** The path of the nth request, from 1. */
  path?: (n: number) => string;
  timeoutMs?: number;
  /** How long each connection waits before it asks again: for tests that run beside others. Default: not at all. */
  pauseMs?: number;
}

export interface LoadReport {
  requests: number;
  failed: number;
  /** At most ten. */
  failures: LoadFailure[];
  /** How often each reason. */
  reasons: Record<string, number>;
  /** How often each body was answered. */
  bodies: Record<string, number>;
  slowestMs: number;
}

export interface LoadFailure {
  /** Milliseconds since the load began. */
  atMs: number;
  path: string;
  connection: "kept" | "fresh";
  elapsedMs: number;
  /** `status 502: …` or the socket's error. */
  why: string;
}

export interface Load {
  /** What has come so far. */
  report(): LoadReport;
  /** Lets the open requests end and answers the whole count. */
  stop(): Promise<LoadReport>;
}

/** Constant load: each connection asks again as soon as it has its answer, or a pause after that. Everything but status 200 has failed. */
export function startLoad({
  url,
  connections,
  fresh = Math.floor(connections / 2),
  path = () => "/",
  timeoutMs = 30_000,
  pauseMs = 0,
}: LoadOptions): Load {
  const report: LoadReport = { requests: 0, failed: 0, failures: [], reasons: {}, bodies: {}, slowestMs: 0 };
  const start = performance.now();
  let stopping = false;
  let sent = 0;

  async function ask(agent: Agent, connection: LoadFailure["connection"]): Promise<void> {
    sent += 1;
    const asked = path(sent);
    const before = performance.now();
    const answer = await fetchOnce(new URL(asked, url), agent, timeoutMs);
    const elapsedMs = performance.now() - before;
    report.requests += 1;
    report.slowestMs = Math.max(report.slowestMs, elapsedMs);
    if (answer.status === 200) {
      report.bodies[answer.body] = (report.bodies[answer.body] ?? 0) + 1;
      return;
    }
    report.failed += 1;
    const why = answer.status === undefined ? answer.body : `status ${answer.status}: ${answer.body.slice(0, 200)}`;
    report.reasons[why] = (report.reasons[why] ?? 0) + 1;
    if (report.failures.length < 10) {
      report.failures.push({ atMs: before - start, path: asked, connection, elapsedMs, why });
    }
  }

  async function keepAsking(index: number): Promise<void> {
    const isFresh = index < fresh;
    const agent = new Agent({ keepAlive: !isFresh, maxSockets: 1 });
    while (!stopping) {
      await ask(agent, isFresh ? "fresh" : "kept");
      if (pauseMs > 0) await delay(pauseMs);
    }
    agent.destroy();
  }

  const all = Promise.all(Array.from({ length: connections }, (_, index) => keepAsking(index)));
  return {
    report: () => structuredClone(report),
    async stop() {
      stopping = true;
      await all;
      return report;
    },
  };
}

/** An answer without a status is an error of the connection, told in `body`. */
function fetchOnce(url: URL, agent: Agent, timeoutMs: number): Promise<{ status?: number; body: string }> {
  return new Promise((resolve) => {
    const sent = request(url, { agent, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.once("end", () => resolve({ status: response.statusCode, body }));
      response.once("error", (error) => resolve({ body: `in the body: ${error.message}` }));
      response.once("close", () => resolve({ body: "the connection ended within the body" }));
    });
    sent.once("error", (error: NodeJS.ErrnoException) =>
      resolve({ body: `${error.code ?? error.name}: ${error.message}` }),
    );
    sent.end();
  });
}
