import { once } from "node:events";
import { type AddressInfo, type Socket, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Wire, ask, eventually, everythingTo, normal, openEdge, portOf, startApp, targetAt } from "./fixture.ts";

test("without a registered target the answer is 503, and says whose", async () => {
  const edge = openEdge();
  await edge.apply(everythingTo([]));
  const wire = new Wire(portOf(edge)).send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  expect(normal(await wire.whole()).split("\r\n")).toMatchInlineSnapshot(`
    [
      "HTTP/1.1 503 Service Temporarily Unavailable",
      "Server: pilotfish",
      "Date: <date>",
      "Content-Type: text/html",
      "Content-Length: 219",
      "Connection: close",
      "x-pilotfish-reason: no registered target of shop/local/api",
      "",
      "<html>",
      "<head><title>503 Service Temporarily Unavailable</title></head>",
      "<body>",
      "<center><h1>503 Service Temporarily Unavailable</h1></center>",
      "<center>no registered target of shop/local/api</center>",
      "</body>",
      "</html>",
      "",
    ]
  `);
});

test("a path that no rule matches is answered 503, as the empty default target group of a Copilot environment does", async () => {
  const edge = openEdge();
  const picture = everythingTo([]);
  picture.listeners[0]!.rules[0]!.paths = ["/api", "/api/*"];
  await edge.apply(picture);
  const { status, headers } = await ask(portOf(edge), "/other?x=<y>");
  expect([status, headers["x-pilotfish-reason"]]).toMatchInlineSnapshot(`
    [
      503,
      "no listener rule matches /other",
    ]
  `);
});

test("a target where nothing listens gives 502", async () => {
  const edge = openEdge();
  const app = await startApp((_, response) => response.end());
  app.server.close();
  await edge.apply(everythingTo([targetAt(app.port)]));
  const { status, headers } = await ask(portOf(edge));
  expect([status, normal(String(headers["x-pilotfish-reason"]))]).toMatchInlineSnapshot(`
    [
      502,
      "target 127.0.0.1:<port> of shop/local/api refused the connection",
    ]
  `);
});

test("a target that closes before it has answered gives 502, and the client's connection goes on", async () => {
  const edge = openEdge();
  const app = await startApp((request, response) =>
    request.url === "/dies" ? request.socket.destroy() : response.end("fine"),
  );
  await edge.apply(everythingTo([targetAt(app.port)]));
  const wire = new Wire(portOf(edge)).send(
    "GET /dies HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  );
  expect(normal(await wire.whole()).match(/HTTP\/1.1 .*|x-pilotfish-reason.*|fine/g)).toMatchInlineSnapshot(`
    [
      "HTTP/1.1 502 Bad Gateway",
      "x-pilotfish-reason: target 127.0.0.1:<port> of shop/local/api closed the connection without a whole answer",
      "HTTP/1.1 200 OK",
      "fine",
    ]
  `);
});

test("a target that does not speak HTTP gives 502", async () => {
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(await listenRaw((socket) => socket.write("SSH-2.0-OpenSSH\r\n")))]));
  const { status, headers } = await ask(portOf(edge));
  expect([status, normal(String(headers["x-pilotfish-reason"]))]).toMatchInlineSnapshot(`
    [
      502,
      "target 127.0.0.1:<port> of shop/local/api sent a status line that is not HTTP/1",
    ]
  `);
});

test("a target that does not answer in time gives 504", async () => {
  const edge = openEdge({}, { idleMs: 100 });
  const app = await startApp(() => {});
  await edge.apply(everythingTo([targetAt(app.port)]));
  const { status, headers } = await ask(portOf(edge));
  expect([status, normal(String(headers["x-pilotfish-reason"]))]).toMatchInlineSnapshot(`
    [
      504,
      "target 127.0.0.1:<port> of shop/local/api did not answer within 0.1 s",
    ]
  `);
  await eventually(() => edge.openRequests("t1") === 0);
});

test("a head that does not end in time is answered 408", async () => {
  const edge = openEdge({}, { headMs: 100 });
  await edge.apply(everythingTo([]));
  const wire = new Wire(portOf(edge)).send("GET / HTTP/1.1\r\nHost: a\r\n");
  const drip = setInterval(() => wire.send("A: b\r\n"), 10);
  onTestFinished(() => clearInterval(drip));
  expect((await wire.whole()).split("\r\n")[0]).toBe("HTTP/1.1 408 Request Timeout");
});

test("a body that stops coming is answered 408", async () => {
  const edge = openEdge({}, { idleMs: 100 });
  const app = await startApp((request) => void request.resume());
  await edge.apply(everythingTo([targetAt(app.port)]));
  const wire = new Wire(portOf(edge)).send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  expect((await wire.whole()).split("\r\n")[0]).toBe("HTTP/1.1 408 Request Timeout");
});

test("a connection that is not used is closed", async () => {
  const edge = openEdge({}, { idleMs: 100 });
  await edge.apply(everythingTo([]));
  expect(await new Wire(portOf(edge)).whole()).toBe("");
});

test("a broken request is answered 400 and ends the connection, whatever follows", async () => {
  const edge = openEdge();
  const seen: string[] = [];
  const app = await startApp((request, response) => response.end(seen.push(request.url ?? "").toString()));
  await edge.apply(everythingTo([targetAt(app.port)]));
  const wire = new Wire(portOf(edge)).send(
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
  );
  const answer = await wire.whole();
  expect(answer.match(/HTTP\/1.1 .*|x-pilotfish-reason.*/g)).toMatchInlineSnapshot(`
    [
      "HTTP/1.1 400 Bad Request",
      "x-pilotfish-reason: both Content-Length and Transfer-Encoding",
    ]
  `);
  expect(seen.filter((path) => path !== "/health")).toEqual([]);
});

test("chunks that break their framing end the request", async () => {
  const edge = openEdge();
  let state = "not asked";
  const app = await startApp((request) => {
    if (request.method !== "POST") return;
    state = "asked";
    request.resume().on("aborted", () => (state = "aborted"));
  });
  await edge.apply(everythingTo([targetAt(app.port)]));
  const wire = new Wire(portOf(edge)).send(
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
  );
  await eventually(() => state === "asked");
  wire.send("3 \r\nabc\r\n0\r\n\r\n");
  expect((await wire.whole()).split("\r\n")[0]).toBe("HTTP/1.1 400 Bad Request");
  await eventually(() => state === "aborted");
});

async function listenRaw(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer(onSocket).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
