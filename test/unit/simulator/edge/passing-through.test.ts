import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import type { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { Wire, ask, eventually, everythingTo, normal, openEdge, portOf, startApp, targetAt } from "./fixture.ts";

const echo = async () => {
  const app = await startApp((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.on("end", () => {
      const { method, url, headers, trailers } = incoming;
      response.end(JSON.stringify({ method, url, headers, trailers, body: Buffer.concat(parts).toString("latin1") }));
    });
  });
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(app.port)]));
  return { app, edge, port: portOf(edge) };
};

test("a request reaches the target with what an ALB adds, and the answer comes back", async () => {
  const { port } = await echo();
  const headers = { "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", Host: "shop.example", A: "b" };
  const { status, body, headers: back } = await ask(port, "/a?b=c", { method: "PUT", headers }, "text");
  expect(status).toBe(200);
  expect(back.connection).toBe("close");
  const seen = JSON.parse(normal(body)) as { headers: Record<string, string> };
  expect(seen.headers["x-forwarded-port"]).toBe(String(port));
  seen.headers["x-forwarded-port"] = "<port>";
  expect(seen).toMatchInlineSnapshot(`
    {
      "body": "text",
      "headers": {
        "a": "b",
        "content-length": "4",
        "host": "shop.example",
        "x-amzn-trace-id": "Root=<trace>",
        "x-forwarded-for": "203.0.113.7, 127.0.0.1",
        "x-forwarded-port": "<port>",
        "x-forwarded-proto": "http",
      },
      "method": "PUT",
      "trailers": {},
      "url": "/a?b=c",
    }
  `);
});

test("IPv6 clients are served where the machine has ::1", async ({ skip }) => {
  const { edge, port } = await echo();
  const binding = edge.bindings()["http"];
  if (binding === undefined || "error" in binding || !binding.hosts.includes("::1")) skip("this machine has no ::1");
  const { body } = await ask(port, "/", { host: "::1" });
  expect((JSON.parse(body) as { headers: Record<string, string> }).headers["x-forwarded-for"]).toBe("::1");
});

test("however requests are cut into packets, the target reads them as if they had come at once", async () => {
  const { app, port } = await echo();
  const stream =
    "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" +
    "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n" +
    "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n4;x=y\r\nabcd\r\n3\r\nefg\r\n0\r\nSum: 7\r\n\r\n" +
    "\r\nDELETE /4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const bodies = (text: string) =>
    [...text.matchAll(/\{"method".*?"body":"[^"]*"\}/g)].map(([json]) => {
      const { headers, ...rest } = JSON.parse(json) as { headers: Record<string, string> };
      return { ...rest, length: headers["content-length"], encoding: headers["transfer-encoding"] };
    });
  const direct = bodies(await new Wire(app.port).send(stream).whole());
  expect(direct).toHaveLength(4);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 12 }),
      async (cuts) => {
        const wire = new Wire(port);
        wire.socket.setNoDelay(true);
        const edges = [0, ...cuts.toSorted((one, other) => one - other), stream.length];
        for (let index = 1; index < edges.length; index += 1) {
          wire.send(stream.slice(edges[index - 1], edges[index]));
          await new Promise((resolve) => setImmediate(resolve));
        }
        expect(bodies(await wire.whole())).toEqual(direct);
        wire.socket.destroy();
      },
    ),
    { numRuns: 60 },
  );
});

test("HEAD, 204, 304 and a length come through, and the connection goes on after each", async () => {
  const app = await startApp((incoming, response) => {
    if (incoming.url === "/204") response.writeHead(204).end();
    else if (incoming.url === "/304") response.writeHead(304, { ETag: "x" }).end();
    else response.writeHead(200, { "Content-Length": 5 }).end("hello");
  });
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(app.port)]));
  const wire = new Wire(portOf(edge)).send(
    "HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /204 HTTP/1.1\r\nHost: a\r\n\r\nGET /304 HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  );
  expect(normal(await wire.whole()).split("\r\n")).toMatchInlineSnapshot(`
    [
      "HTTP/1.1 200 OK",
      "Content-Length: 5",
      "Date: <date>",
      "Connection: keep-alive",
      "",
      "HTTP/1.1 204 No Content",
      "Date: <date>",
      "Connection: keep-alive",
      "",
      "HTTP/1.1 304 Not Modified",
      "ETag: x",
      "Date: <date>",
      "Connection: keep-alive",
      "",
      "HTTP/1.1 200 OK",
      "Content-Length: 5",
      "Date: <date>",
      "Connection: close",
      "",
      "hello",
    ]
  `);
  await eventually(() => app.sockets.size === 1, "one connection to the target is left");
});

test("an HTTP/1.0 client gets no chunks, and keeps its connection only when it asks for it", async () => {
  const app = await startApp((incoming, response) => {
    if (incoming.url === "/length") response.writeHead(200, { "Content-Length": 5 });
    response.write("he");
    response.end("llo");
  });
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(app.port)]));
  const wire = new Wire(portOf(edge)).send(
    "GET /length HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /chunks HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
  );
  expect(normal(await wire.whole()).split("\r\n")).toMatchInlineSnapshot(`
    [
      "HTTP/1.1 200 OK",
      "Content-Length: 5",
      "Date: <date>",
      "Connection: keep-alive",
      "",
      "helloHTTP/1.1 200 OK",
      "Date: <date>",
      "Connection: close",
      "",
      "hello",
    ]
  `);
});

test("a response that only the end of the connection ends is passed on until then", async () => {
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(await rawTarget(["HTTP/1.0 200 OK\r\nA: b\r\n\r\nall of it"], "end"))]));
  expect(await ask(portOf(edge))).toMatchObject({
    status: 200,
    headers: { a: "b", connection: "close" },
    body: "all of it",
  });
});

test("interim responses come before the final one: 100 when the target says so, and 103", async () => {
  const app = await startApp(
    (_, response) => response.end("late"),
    (server) =>
      server.on("checkContinue", (incoming, response) => {
        response.writeContinue();
        response.writeEarlyHints({ link: "</a.css>; rel=preload" });
        incoming.on("data", () => {}).on("end", () => response.end("done"));
      }),
  );
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(app.port)]));
  const wire = new Wire(portOf(edge)).send(
    "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n",
  );
  await wire.until(({ received }) => received.includes("103"));
  wire.send("abc");
  expect((await wire.whole()).match(/HTTP\/1.1 .*|link: .*|done/gi)).toMatchInlineSnapshot(`
    [
      "HTTP/1.1 100 Continue",
      "HTTP/1.1 103 Early Hints",
      "Link: </a.css>; rel=preload",
      "HTTP/1.1 200 OK",
      "done",
    ]
  `);
});

test("an answer before the whole request has come reaches the client", async () => {
  const app = await startApp((_, response) => response.writeHead(413, { Connection: "close" }).end("too much"));
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(app.port)]));
  const wire = new Wire(portOf(edge)).send(
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n${"a".repeat(1000)}`,
  );
  expect((await wire.whole()).match(/HTTP\/1.1 .*|too much/g)).toEqual(["HTTP/1.1 413 Payload Too Large", "too much"]);
  await eventually(() => edge.openRequests("t1") === 0);
});

test("server-sent events arrive one by one", async () => {
  let say: (text: string) => void = () => {};
  const app = await startApp((_, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.flushHeaders();
    say = (text) => response.write(`data: ${text}\n\n`);
  });
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(app.port)]));
  const wire = new Wire(portOf(edge)).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await wire.until(({ received }) => received.includes("text/event-stream"));
  for (const word of ["one", "two", "three"]) {
    say(word);
    await wire.until(({ received }) => received.includes(`data: ${word}`));
  }
});

test("an upgraded connection passes bytes both ways, from the first one on, and its end from either side", async () => {
  const app = await startApp(
    (_, response) => response.end(),
    (server) =>
      server.on("upgrade", (incoming, socket, head) => {
        socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello,");
        socket.write(head);
        socket.on("data", (bytes: Buffer) => socket.write(bytes));
        socket.on("end", () => socket.end("bye"));
        void incoming;
      }),
  );
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(app.port)]));
  const wire = new Wire(portOf(edge)).send(
    "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\nhead,",
  );
  await wire.until(({ received }) => received.endsWith("head,"));
  wire.send("more,");
  await wire.until(({ received }) => received.endsWith("more,"));
  expect(edge.openRequests("t1")).toBe(1);
  wire.socket.end();
  expect(normal(await wire.whole()).split("\r\n")).toMatchInlineSnapshot(`
    [
      "HTTP/1.1 101 Switching Protocols",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "",
      "hello,head,more,bye",
    ]
  `);
  await eventually(() => edge.openRequests("t1") === 0);
});

test("an upgrade that the target declines is an ordinary answer", async () => {
  const { port } = await echo();
  const { status } = await ask(port, "/ws", { headers: { Connection: "Upgrade", Upgrade: "websocket" } });
  expect(status).toBe(200);
});

test("50 MB go up and come back whole", async () => {
  const sent = randomBytes(50 * 1024 * 1024);
  const app = await startApp((incoming, response) => void incoming.pipe(response));
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(app.port)]));
  const up = request({ host: "127.0.0.1", port: portOf(edge), method: "POST", agent: false });
  up.end(sent);
  const [response] = (await once(up, "response")) as [IncomingMessage];
  const hash = createHash("sha256");
  for await (const part of response) hash.update(part as Buffer);
  expect(hash.digest("hex")).toBe(createHash("sha256").update(sent).digest("hex"));
});

/** More than any system's socket buffers hold. */
const gigabyte = 1024 ** 3;

test("a target that does not read holds the client back", async () => {
  const app = await startApp((incoming, response) => (incoming.url === "/health" ? response.end() : incoming.pause()));
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(app.port)]));
  const headers = { "Content-Length": gigabyte };
  const up = request({ host: "127.0.0.1", port: portOf(edge), method: "POST", agent: false, headers });
  up.on("error", () => {});
  const sent = await writtenUntilHeld(up);
  expect(sent).toBeLessThan(gigabyte / 8);
  up.destroy();
});

test("a client that does not read holds the target back", async () => {
  let written: Promise<number> | undefined;
  const app = await startApp((incoming, response) => {
    if (incoming.url === "/health") response.end();
    else written = writtenUntilHeld(response);
  });
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(app.port)]));
  const wire = new Wire(portOf(edge));
  wire.socket.pause();
  wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await eventually(() => written !== undefined);
  expect(await written).toBeLessThan(gigabyte / 8);
});

test("a client that goes away ends the request at the target", async () => {
  let gone = false;
  const app = await startApp((incoming) => void incoming.on("close", () => (gone = true)));
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(app.port)]));
  const wire = new Wire(portOf(edge)).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await eventually(() => edge.openRequests("t1") === 1);
  wire.socket.destroy();
  await eventually(() => gone);
  expect(edge.openRequests("t1")).toBe(0);
});

test.each([
  ["with a length", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"],
  ["in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"],
])(
  "a target that dies in the middle of a response %s leaves the client with half of it, not waiting",
  async (_, half) => {
    const edge = openEdge();
    await edge.apply(everythingTo([targetAt(await rawTarget([half], "end"))]));
    const wire = new Wire(portOf(edge)).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const text = await wire.whole();
    expect(text.split("\r\n\r\n")[1]).toContain("half");
    expect(edge.openRequests("t1")).toBe(0);
  },
);

test("a kept connection that the target closes under our request is replaced, once, where the request may be sent again", async () => {
  let connections = 0;
  const server = createTcpServer((socket) => {
    let requests = 0;
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      requests += 1;
      if (requests === 1 && !bytes.includes("/health")) connections += 1;
      if (requests === 2) socket.destroy();
      else socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt((server.address() as AddressInfo).port)]));
  const port = portOf(edge);
  const said: string[] = [];
  for (const method of ["GET", "GET", "POST", "GET"])
    said.push(`${method} ${(await ask(port, "/", { method })).status}`);
  expect({ said, connections }).toMatchInlineSnapshot(`
    {
      "connections": 3,
      "said": [
        "GET 200",
        "GET 200",
        "POST 502",
        "GET 200",
      ],
    }
  `);
});

test("bytes that a target sends beyond its response reach nobody", async () => {
  const edge = openEdge();
  const target = await rawTarget([
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison",
  ]);
  await edge.apply(everythingTo([targetAt(target)]));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  for (let round = 0; round < 5; round += 1) expect((await ask(portOf(edge), "/", { agent })).body).toBe("ok");
});

/** A target that answers each request with these bytes. */
async function rawTarget(answer: string[], then?: "end"): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => {
      for (const part of answer) socket.write(part);
      if (then === "end") socket.end();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Writes until nothing has been taken for a while. @returns how many bytes were taken */
async function writtenUntilHeld(stream: Writable): Promise<number> {
  const piece = Buffer.alloc(64 * 1024);
  const stalled = Symbol("stalled");
  for (let written = piece.length; ; written += piece.length) {
    if (written > gigabyte / 4) return written;
    if (stream.write(piece)) continue;
    const drained = once(stream, "drain");
    if ((await Promise.race([drained, delay(250, stalled)])) === stalled) return written;
  }
}
