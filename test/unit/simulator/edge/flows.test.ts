import { once } from "node:events";
import { type Socket as UdpSocket, createSocket } from "node:dgram";
import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import type { Edge, EdgePicture, EdgeTarget } from "../../../../src/simulator/edge/edge.ts";
import type { EdgeLimits } from "../../../../src/simulator/edge/limits.ts";
import { Wire, eventually, firstPort, neverAgain, openEdge, portOf, targetAt } from "./fixture.ts";

test("what a client and a target write arrives whole, in any pieces and with either side ending first", async () => {
  const { edge } = await behind(mirror());
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 40_000 }), { maxLength: 8 }),
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      async (pieces, waits) => {
        const socket = connect({ port: portOf(edge), host: "127.0.0.1", allowHalfOpen: true });
        const heard: Buffer[] = [];
        socket.on("data", (bytes: Buffer) => heard.push(bytes));
        const ended = once(socket, "end");
        for (const [i, piece] of pieces.entries()) {
          socket.write(piece);
          if (waits[i]) await new Promise((resolve) => setImmediate(resolve));
        }
        socket.end();
        await ended;
        expect(Buffer.concat(heard).equals(Buffer.concat(pieces))).toBe(true);
        if (!socket.closed) await once(socket, "close");
      },
    ),
    { numRuns: 40 },
  );
  await eventually(() => edge.openRequests("t1") === 0);
});

test("each half ends on its own: a target may go on after the client has ended, and the other way round", async () => {
  const { edge } = await behind((socket) => {
    socket.on("end", () => setTimeout(() => socket.end("late"), 30));
    socket.resume();
  });
  const asking = new Wire(portOf(edge));
  asking.socket.end("question");
  expect(await asking.whole()).toBe("late");

  let heard = "";
  const other = await behind((socket) => {
    socket.end("first");
    socket.on("data", (bytes: Buffer) => (heard += bytes.toString()));
  });
  const listening = new Wire(portOf(other.edge));
  expect(await listening.whole()).toBe("first");
  listening.socket.end("still here");
  await eventually(() => heard === "still here");
});

test("who does not read is waited for: a slow side holds the other one up, and nothing is kept in between", async () => {
  const sockets: Socket[] = [];
  const { edge } = await behind((socket) => {
    sockets.push(socket.pause());
  });
  const socket = connect({ port: portOf(edge), host: "127.0.0.1" });
  onTestFinished(() => void socket.destroy());
  const piece = Buffer.alloc(1_000_000, 7);
  let written = 0;
  const fill = () => {
    for (let takes = true; takes && written < 100; written += 1) takes = socket.write(piece);
  };
  socket.on("drain", fill);
  fill();
  await eventually(() => sockets.length === 1);
  expect(await quiet(() => written)).toBeLessThan(60);
  let read = 0;
  sockets[0]!.on("data", (bytes: Buffer) => (read += bytes.length)).resume();
  await eventually(() => read === 100 * piece.length);
});

test("a connection that is broken off on one side is broken off on the other", async () => {
  const targets: Socket[] = [];
  const { edge } = await behind((socket) => {
    socket.on("error", () => {}).resume();
    targets.push(socket);
  });
  const client = connect({ port: portOf(edge), host: "127.0.0.1" });
  let error: NodeJS.ErrnoException | undefined;
  client.on("error", (failure) => (error = failure));
  await eventually(() => targets.length === 1);
  targets[0]!.resetAndDestroy();
  await eventually(() => client.closed);
  expect(error?.code).toBe("ECONNRESET");

  const leaving = connect({ port: portOf(edge), host: "127.0.0.1" }).on("error", () => {});
  await eventually(() => targets.length === 2);
  leaving.resetAndDestroy();
  await eventually(() => targets[1]!.destroyed);
  await eventually(() => edge.openRequests("t1") === 0);
});

test("without a target, and with one that refuses, a connection is reset", async () => {
  const { edge, apply, port } = await behind(mirror());
  const codes: (string | undefined)[] = [];
  const tryIt = async () => {
    const client = connect({ port: portOf(edge), host: "127.0.0.1" });
    client.on("error", (error: NodeJS.ErrnoException) => codes.push(error.code));
    await eventually(() => client.closed);
  };
  await apply([]);
  await tryIt();
  await apply([targetAt(1, "t9")]);
  await tryIt();
  expect(codes).toEqual(["ECONNRESET", "ECONNRESET"]);
  await apply([targetAt(port)]);
  expect(await talk(edge, "back")).toBe("back");
});

test("a draining target keeps its connections, gets no new one, and is idle when the last has ended", async () => {
  const idle: string[] = [];
  const { edge, apply, port } = await behind(mirror(), { idle: (task) => idle.push(task) });
  const second = await listen(mirror());
  const old = new Wire(portOf(edge)).send("before");
  await old.until(({ received }) => received === "before");
  await apply([targetAt(port, "t1", "draining"), targetAt(second, "t2")]);
  await new Wire(portOf(edge)).send("new").until(({ received }) => received === "new");
  expect([edge.openRequests("t1"), edge.openRequests("t2"), idle]).toEqual([1, 1, []]);
  await old.send(" and after").until(({ received }) => received === "before and after");
  old.socket.end();
  await old.until(({ closed }) => closed);
  await eventually(() => idle.length === 1);
  expect([edge.openRequests("t1"), idle]).toEqual([0, ["t1"]]);
});

test("connections to a target that becomes unhealthy are reset while there is a better one", async () => {
  const { edge, apply, port } = await behind(mirror());
  const wire = new Wire(portOf(edge)).send("x");
  await wire.until(({ received }) => received === "x");
  await apply([targetAt(port, "t1", "unhealthy")]);
  await wire.send("y").until(({ received }) => received === "xy");
  await apply([targetAt(port, "t1", "unhealthy"), targetAt(await listen(mirror()), "t2")]);
  await wire.until(({ closed }) => closed);
});

test("a connection in which nothing passes is reset after the idle time, one in use is not", async () => {
  const { edge } = await behind(mirror(), {}, { tcpFlowIdleMs: 600 });
  const [idle, busy] = [new Wire(portOf(edge)), new Wire(portOf(edge))];
  const beat = setInterval(() => busy.send("."), 20);
  onTestFinished(() => clearInterval(beat));
  await idle.until(({ closed }) => closed);
  await busy.until(({ received }) => received.length > 5);
  expect(busy.closed).toBe(false);
});

test("with stickiness a client stays at its target whichever others come and go; without, targets take turns", async () => {
  const { edge, apply } = await behind(mirror());
  const named = async (name: string) => targetAt(await listen((socket) => void socket.end(name)), name);
  const [one, two, three] = [await named("one"), await named("two"), await named("three")];
  await apply([one, two, three]);
  const turns = [];
  for (let n = 0; n < 3; n += 1) turns.push(await talk(edge, ""));
  expect(turns.toSorted()).toEqual(["one", "three", "two"]);
  await apply([one, two, three], true);
  const mine = await talk(edge, "");
  for (const targets of [[three, two, one], [one, two, three].filter(({ task }) => task === mine)]) {
    await apply(targets, true);
    expect(await talk(edge, "")).toBe(mine);
  }
  await apply(
    [one, two, three].filter(({ task }) => task !== mine),
    true,
  );
  expect(await talk(edge, "")).not.toBe(mine);
});

test("an address that carried HTTP passes bytes after a change of its kind, on the same port", async () => {
  const edge = openEdge();
  const target = targetAt(await listen(mirror()));
  const picture = flows([target]);
  const [listener] = picture.listeners;
  const { id, firstPort: from } = listener!;
  await edge.apply({ ...picture, listeners: [{ id, firstPort: from, rules: [] }] });
  const port = portOf(edge);
  await edge.apply({ ...picture, listeners: [{ ...listener!, port }] });
  expect(portOf(edge)).toBe(port);
  expect(await talk(edge, "bytes")).toBe("bytes");
});

test("datagrams go to one target for each client and their answers come back, in both families", async () => {
  const { edge, apply } = await udpBehind("one");
  const two = await udpEcho("two");
  await apply([targetAt(await udpEcho("one"), "t1"), targetAt(two, "t2")]);
  const clients = await Promise.all([udpClient(), udpClient(), udpClient("udp6")]);
  const answers = [];
  for (const client of clients)
    answers.push([await client.ask(portOf(edge), "a"), await client.ask(portOf(edge), "b")]);
  for (const [first, second] of answers) expect(first!.replace("a", "b")).toBe(second);
  expect(new Set(answers.map(([first]) => first))).toEqual(new Set(["one a", "two a"]));
});

test("a client's datagrams stay with a target that drains and move on when it has gone", async () => {
  const { edge, apply } = await udpBehind("none");
  const [one, two] = [await udpEcho("one"), await udpEcho("two")];
  await apply([targetAt(one, "t1")]);
  const client = await udpClient();
  const asked = () => client.ask(portOf(edge), "x");
  expect(await asked()).toBe("one x");
  await apply([targetAt(one, "t1", "draining"), targetAt(two, "t2")]);
  expect(await asked()).toBe("one x");
  await apply([targetAt(two, "t2")]);
  expect(await asked()).toBe("two x");
});

test("a flow of datagrams is over when it has been idle", async () => {
  const { edge, apply } = await udpBehind("none", { udpFlowIdleMs: 50 });
  const [one, two] = [await udpEcho("one"), await udpEcho("two")];
  await apply([targetAt(one, "t1")]);
  const client = await udpClient();
  const asked = () => client.ask(portOf(edge), "x");
  expect(await asked()).toBe("one x");
  await apply([targetAt(one, "t1", "draining"), targetAt(two, "t2")]);
  await expect.poll(asked, { interval: 200, timeout: 5000 }).toBe("two x");
});

function mirror() {
  return (socket: Socket) => {
    socket.on("error", () => {});
    socket.pipe(socket);
  };
}

/** One listener for TCP in front of a target. */
async function behind(
  serve: (socket: Socket) => void,
  observer: Parameters<typeof openEdge>[0] = {},
  limits: Partial<EdgeLimits> = {},
) {
  const edge = openEdge(observer, limits);
  const port = await listen(serve);
  const apply = (targets: EdgeTarget[], sticky = false) => edge.apply(flows(targets, "TCP", sticky));
  // Its own connections are the test's alone.
  await apply([{ ...targetAt(port), checkPort: 1 }]);
  return { edge, apply, port };
}

async function udpBehind(name: string, limits: Partial<EdgeLimits> = {}) {
  const edge = openEdge({}, limits);
  const apply = (targets: EdgeTarget[]) => edge.apply(flows(targets, "UDP"));
  await apply([targetAt(await udpEcho(name))]);
  return { edge, apply };
}

let known: number | undefined;

function flows(targets: EdgeTarget[], protocol: "TCP" | "UDP" = "TCP", sticky = false): EdgePicture {
  known ??= firstPort();
  const healthCheck = { ...neverAgain, protocol: "TCP" } as const;
  return {
    listeners: [{ id: "http", firstPort: known, protocol, targetGroup: "g" }],
    targetGroups: {
      g: {
        id: "g",
        serviceId: "shop/local/api",
        healthCheck,
        targets,
        ...(sticky && { stickiness: { type: "source_ip" } }),
      },
    },
  };
}

async function listen(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** Sends a text on a connection of its own. @returns all that comes back */
async function talk(edge: Edge, text: string): Promise<string> {
  const wire = new Wire(portOf(edge));
  wire.socket.end(text);
  return wire.whole();
}

async function udpEcho(name: string): Promise<number> {
  const socket = await udp("udp4");
  socket.on("message", (text, { port, address }) => socket.send(`${name} ${text.toString()}`, port, address));
  return socket.address().port;
}

async function udpClient(family: "udp4" | "udp6" = "udp4") {
  const socket = await udp(family);
  const host = family === "udp4" ? "127.0.0.1" : "::1";
  return {
    async ask(port: number, text: string): Promise<string> {
      const answer = once(socket, "message");
      socket.send(text, port, host);
      const [bytes] = (await answer) as [Buffer];
      return bytes.toString();
    },
  };
}

async function udp(family: "udp4" | "udp6"): Promise<UdpSocket> {
  const socket = createSocket(family);
  onTestFinished(() => void socket.close());
  await new Promise<void>((resolve) => socket.bind(0, family === "udp4" ? "127.0.0.1" : "::1", resolve));
  return socket;
}

/** A number that has not changed for a while. */
async function quiet(read: () => number): Promise<number> {
  for (let last = -1; ;) {
    const now = read();
    if (now === last) return now;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
