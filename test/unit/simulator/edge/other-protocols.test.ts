import { once } from "node:events";
import { createServer as createHttp2, createSecureServer, type Http2Server } from "node:http2";
import { createServer as createTls } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { checkTarget } from "../../../../src/simulator/edge/health-check.ts";
import type { EdgeHealthCheck } from "../../../../src/simulator/edge/edge.ts";
import { askHttp2 } from "../../../../src/simulator/edge/http2-check.ts";
import { certificate } from "./certificate.ts";
import { ask, everythingTo, neverAgain, openEdge, portOf, startApp, targetAt } from "./fixture.ts";

const check: EdgeHealthCheck = { ...neverAgain, codes: "200", timeoutMs: 1000 };

test("a target behind TLS is spoken to with TLS, whatever its certificate, and its connections are kept", async () => {
  const edge = openEdge();
  let connections = 0;
  const server = createTls(certificate, (request, response) => {
    request.pipe(response.setHeader("x-encrypted", String("encrypted" in request.socket)));
  });
  server.on("secureConnection", () => (connections += 1));
  const port = await listening(server);
  await edge.apply(everythingTo([{ ...targetAt(port), tls: true }]));
  const body = "x".repeat(300_000);
  for (let n = 0; n < 3; n += 1) {
    const answer = await ask(portOf(edge), "/", { method: "POST" }, body);
    expect([answer.status, answer.headers["x-encrypted"], answer.body === body]).toEqual([200, "true", true]);
  }
  expect(connections).toBe(1);
});

test("a target that does not speak TLS, and one that speaks it where it should not, are 502 with the reason", async () => {
  const edge = openEdge();
  const plain = await startApp((_, response) => response.end());
  await edge.apply(everythingTo([{ ...targetAt(plain.port), tls: true }]));
  const asked = await ask(portOf(edge));
  expect([asked.status, String(asked.headers["x-pilotfish-reason"]).replace(String(plain.port), "<port>")]).toEqual([
    502,
    "target 127.0.0.1:<port> of shop/local/api does not speak TLS",
  ]);
});

test("a group for gRPC answers HTTP/1.1 with 464", async () => {
  const edge = openEdge();
  const app = await startApp((_, response) => response.end());
  const { listeners, targetGroups } = everythingTo([targetAt(app.port)]);
  const [group] = Object.values(targetGroups);
  await edge.apply({ listeners, targetGroups: { [group!.id]: { ...group!, version: "GRPC" } } });
  const { status, headers } = await ask(portOf(edge));
  expect([status, headers["x-pilotfish-reason"]]).toEqual([
    464,
    "shop/local/api speaks gRPC there, which passes at an address of its own alone",
  ]);
});

test("gRPC passes at a listener for bytes, trailers and all", async () => {
  const edge = openEdge();
  const port = await listening(withStreams(createHttp2(), 200, "12"));
  const { listeners, targetGroups } = everythingTo([targetAt(port)]);
  const { id, firstPort } = listeners[0]!;
  const group = Object.keys(targetGroups)[0]!;
  await edge.apply({ listeners: [{ id, firstPort, protocol: "TCP", targetGroup: group }], targetGroups });
  const asked = askHttp2(`http://127.0.0.1:${portOf(edge)}`, "/pkg.Service/Call", true, AbortSignal.timeout(5000));
  expect(await asked).toBe(12);
});

test("health checks speak the protocol of the group: TLS, HTTP/2, gRPC", async () => {
  const tls = await listening(createTls(certificate, (_, response) => response.end()));
  const http2 = await listening(withStreams(createHttp2(), 204, undefined));
  const secureHttp2 = await listening(withStreams(createSecureServer(certificate), 200, undefined));
  const grpc = await listening(withStreams(createHttp2(), 200, "12"));
  const grpcAtOnce = await listening(withStreams(createHttp2(), 200, "0", true));
  const ask2 = (port: number, more: Partial<EdgeHealthCheck>, secure = false) =>
    checkTarget({ address: "127.0.0.1", port, tls: secure }, { ...check, ...more }, new AbortController().signal);
  const results = await Promise.all([
    ask2(tls, {}, true),
    ask2(http2, { version: "HTTP2", codes: "200-299" }),
    ask2(http2, { version: "HTTP2" }),
    ask2(secureHttp2, { version: "HTTP2" }, true),
    ask2(grpc, { version: "GRPC", codes: "12" }),
    ask2(grpc, { version: "GRPC", codes: "0-5" }),
    ask2(grpcAtOnce, { version: "GRPC", codes: "0" }),
    ask2(tls, {}),
    ask2(http2, {}),
  ]);
  expect(results.map(({ result }) => (result.ok ? "passed" : result.description))).toMatchInlineSnapshot(`
    [
      "passed",
      "passed",
      "Health checks failed with these codes: [204]",
      "passed",
      "passed",
      "Health checks failed with these codes: [12]",
      "passed",
      "Health checks failed",
      "Health checks failed",
    ]
  `);
});

test("an HTTP/2 check of what is silent times out, of what is not there fails, and leaves no connection", async () => {
  const silent = await startApp(() => {});
  const mute = createHttp2();
  mute.on("stream", () => {});
  const open = new Set<unknown>();
  mute.on("session", (session) => {
    open.add(session);
    session.on("close", () => open.delete(session));
  });
  const port = await listening(mute);
  const at = (where: number) => ({ address: "127.0.0.1", port: where, tls: false });
  const short: EdgeHealthCheck = { ...check, version: "GRPC", codes: "0", timeoutMs: 100 };
  const signal = new AbortController().signal;
  const first = await checkTarget(at(port), short, signal);
  silent.server.close();
  await once(silent.server, "close");
  const second = await checkTarget(at(silent.port), short, signal);
  expect([first.result, second.result]).toMatchObject([
    { reason: "Target.Timeout" },
    { reason: "Target.FailedHealthChecks" },
  ]);
  await expect.poll(() => open.size).toBe(0);
});

/** Answers every call alike; the status of gRPC after the headers, or with them. */
function withStreams<T extends Http2Server>(server: T, status: number, grpc: string | undefined, atOnce = false): T {
  server.on("stream", (stream) => {
    stream.on("error", () => {});
    if (grpc === undefined || atOnce)
      return stream.respond({ ":status": status, ...(grpc && { "grpc-status": grpc }) }, { endStream: true });
    stream.respond({ ":status": status, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": grpc }));
    stream.end();
  });
  return server;
}

async function listening(
  server: ReturnType<typeof createTls> | Http2Server | ReturnType<typeof createSecureServer>,
): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
