import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UserError } from "../../../../src/errors.ts";
import { Connection, Moved } from "../../../../src/simulator/control/connection.ts";
import { AskTheNext, ControlServer, type Operations } from "../../../../src/simulator/daemon/server.ts";
import { waitFor } from "../../../support/wait-for.ts";

let folder: string;
let path: string;
const cleanUps: (() => unknown)[] = [];
const hello = { version: "1.0.0", build: "b1" };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pf-control-"));
  path = join(folder, "control.sock");
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  rmSync(folder, { recursive: true, force: true });
});

describe("a connection", () => {
  test("answers calls side by side, also long ones", async () => {
    await serve({ call: async (method, params) => ({ method, params }) });
    const connection = await open();
    const long = "ä".repeat(300_000);
    expect(await Promise.all([connection.call("a", { long }), connection.call("b", {})])).toEqual([
      { method: "a", params: { long } },
      { method: "b", params: {} },
    ]);
  });

  test("hands on the code, message and hint of a user's error, and the stack of a bug", async () => {
    await serve({
      call: async (method) => {
        if (method === "bug") throw new TypeError("nothing is undefined");
        throw new UserError("service/not-found", "api is not deployed", { hint: "deploy it" });
      },
    });
    const connection = await open();
    const refused = await connection.call("x", {}).catch((error: unknown) => error as UserError);
    expect(refused).toBeInstanceOf(UserError);
    expect(refused).toMatchObject({ code: "service/not-found", message: "api is not deployed", hint: "deploy it" });
    const bug = (await connection.call("bug", {}).catch((error: unknown) => error)) as Error;
    expect(bug.message).toBe("the simulator's daemon failed: nothing is undefined");
    expect(bug.stack).toContain("connection.test.ts");
  });

  test("a stream ends with its result, and its daemon hears of a client that stops reading", async () => {
    let cancelled = false;
    await serve({
      stream: async (method, _params, send, signal) => {
        send(1);
        send(2);
        if (method === "endless") await new Promise((resolve) => signal.addEventListener("abort", resolve));
        cancelled = signal.aborted;
      },
    });
    const connection = await open();
    expect(await all(connection.stream("short", {}, new AbortController().signal))).toEqual([1, 2]);
    const stop = new AbortController();
    const seen: unknown[] = [];
    for await (const event of connection.stream("endless", {}, stop.signal)) if (seen.push(event) === 2) stop.abort();
    expect(seen).toEqual([1, 2]);
    await waitFor("the cancel to arrive", () => cancelled);
  });

  test("a stream whose client is gone is cancelled", async () => {
    let cancelled = false;
    await serve({
      stream: async (_method, _params, send, signal) => {
        send(1);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        cancelled = true;
      },
    });
    const connection = await open();
    const reading = connection.stream("endless", {}, new AbortController().signal);
    expect((await reading.next()).value).toBe(1);
    connection.close();
    await waitFor("the stream's end", () => cancelled);
    await expect(reading.next()).rejects.toMatchObject({ code: "simulator/unreachable" });
  });

  test("a client that reads slowly makes the daemon wait, and still gets answers to other calls", async () => {
    const most = 200_000;
    let sent = 0;
    let waits = 0;
    await serve({
      call: async () => "answer",
      stream: async (_method, _params, send) => {
        for (; sent < most; sent++) {
          const full = send({ number: sent, text: "x".repeat(200) });
          if (full === undefined) continue;
          waits += 1;
          await full;
        }
      },
    });
    const connection = await open();
    const reading = connection.stream("many", {}, new AbortController().signal);
    expect((await reading.next()).value).toMatchObject({ number: 0 });
    await waitFor("the daemon to wait", () => waits > 0);
    const stuckAt = sent;
    expect(await connection.call("other", {})).toBe("answer");
    expect(stuckAt).toBeLessThan(most);
    let last = 0;
    for await (const event of reading) last = (event as { number: number }).number;
    expect(last).toBe(most - 1);
  });

  test("nobody listens: there is no connection", async () => {
    expect(await Connection.open(path, hello)).toBeUndefined();
  });

  test("somebody who listens and says nothing is told apart from nobody", async () => {
    await listen(() => undefined);
    await expect(Connection.open(path, hello, 50)).rejects.toMatchObject({ code: "simulator/unreachable" });
  });

  test("frames come in any pieces, also in the middle of a character", async () => {
    const bytes = Buffer.from(`{"hello":{"version":"ü","build":"b1"}}\n{"id":1,"result":"grün"}\n`);
    await listen(async (socket) => {
      for (const byte of bytes) {
        socket.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const connection = await open();
    expect(connection.daemon.version).toBe("ü");
    expect(await connection.call("x", {})).toBe("grün");
  });
});

describe("the control socket", () => {
  test.each(["5", "null", "[", "garbage", '{"hello":null}', '{"id":1,"method":"x"}'])(
    "ends a connection that begins with %s, and serves the next",
    async (line) => {
      await serve({ call: async () => "fine" });
      const { connect } = await import("node:net");
      const raw = connect(path);
      const closed = new Promise((resolve) => raw.once("close", resolve));
      raw.on("error", () => undefined);
      raw.write(`${line}\n`);
      await closed;
      expect(await (await open()).call("x", {})).toBe("fine");
    },
  );

  test("a hand-over answers what runs, moves what streams, and keeps who comes waiting", async () => {
    let answer = (_value: string): void => {};
    const server = await serve({
      call: () => new Promise((resolve) => (answer = resolve)),
      stream: async (_method, _params, send, signal) => {
        send("first");
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    });
    const connection = await open();
    const running = connection.call("x", {});
    const stream = connection.stream("s", {}, new AbortController().signal);
    expect((await stream.next()).value).toBe("first");
    const refused = server.refuse("hand-over", 5000);
    const late = connection.call("late", {});
    late.catch(() => undefined);
    expect(await Connection.open(path, { ...hello, resume: true })).toBe("moved");
    answer("in time");
    expect(await running).toBe("in time");
    await refused;
    const moved = expect(stream.next()).rejects.toBeInstanceOf(Moved);
    await server.close();
    await moved;
    await expect(late).rejects.toBeInstanceOf(Moved);
    expect(await Connection.open(path, hello)).toBeUndefined();
  });

  test("a shutdown tells those who follow that the daemon ended: they do not ask for a next one", async () => {
    const server = await serve({
      stream: async (_method, _params, send, signal) => {
        send("first");
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    });
    const stream = (await open()).stream("s", {}, new AbortController().signal);
    await stream.next();
    const told = expect(stream.next()).rejects.toMatchObject({ code: "simulator/unreachable" });
    await server.refuse("shutdown", 5000);
    await server.close();
    await told;
  });

  test("a call that the daemon cannot answer any more is asked of the next one", async () => {
    const server = await serve({
      call: async () => {
        throw new AskTheNext();
      },
    });
    const asked = expect((await open()).call("x", {})).rejects.toBeInstanceOf(Moved);
    await server.refuse("hand-over", 5000);
    await server.close();
    await asked;
  });

  test("another build makes it hand over; one that was moved takes it as it is", async () => {
    let handedOver = 0;
    await serve({ handOver: () => void (handedOver += 1) });
    expect(await Connection.open(path, { version: "1.0.0", build: "b2", resume: true })).toBeInstanceOf(Connection);
    expect(handedOver).toBe(0);
    expect(await Connection.open(path, { version: "1.0.0", build: "b2" })).toBe("moved");
    expect(handedOver).toBe(1);
  });
});

async function serve(operations: Partial<Operations>): Promise<ControlServer> {
  const server = new ControlServer(path, hello, {
    call: async (method) => {
      throw new Error(`nobody expects ${method}`);
    },
    urgent: () => [],
    handOver: () => undefined,
    ...operations,
    stream: (method, params, send, signal) =>
      operations.call !== undefined && !["many", "s"].includes(method)
        ? undefined
        : operations.stream?.(method, params, send, signal),
  });
  await server.listen();
  cleanUps.push(async () => {
    await server.refuse("shutdown", 0);
    await server.close();
  });
  return server;
}

async function listen(serveSocket: (socket: Socket) => unknown): Promise<Server> {
  const server = createServer((socket) => void serveSocket(socket));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  cleanUps.push(() => server.close());
  return server;
}

async function open(): Promise<Connection> {
  const connection = await Connection.open(path, hello);
  if (!(connection instanceof Connection)) throw new Error(`no connection: ${String(connection)}`);
  cleanUps.push(() => connection.close());
  return connection;
}

async function all(events: AsyncIterable<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}
