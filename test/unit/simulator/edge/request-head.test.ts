import { once } from "node:events";
import { METHODS, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { readRequestHead } from "../../../../src/simulator/edge/http/request-head.ts";
import { readResponseHead } from "../../../../src/simulator/edge/http/response-head.ts";
import { albLimits } from "../../../../src/simulator/edge/limits.ts";
import { Wire, normal } from "./fixture.ts";

const client = { address: "127.0.0.1", port: 8080 };
const read = (text: string) => readRequestHead(Buffer.from(text, "latin1"), client, albLimits);

test("hop-by-hop fields stay behind, the forwarded ones are added", () => {
  const head = read(
    "POST /a?b=c HTTP/1.1\r\nHost: example.com\r\nConnection: close, X-Private\r\nX-Private: 1\r\nKeep-Alive: 5\r\nTE: trailers\r\n" +
      "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 10.0.0.2\r\nX-Forwarded-Proto: https\r\nX-Amzn-Trace-Id: Root=1-a-b;Self=x;A=b\r\n" +
      "Upgrade: h2c\r\nContent-Length: 3\r\nAccept: */*  \r\n\r\nabc",
  );
  expect({ ...head, forTarget: normal((head as { forTarget: string }).forTarget).split("\r\n") })
    .toMatchInlineSnapshot(`
      {
        "expectsContinue": false,
        "forTarget": [
          "POST /a?b=c HTTP/1.1",
          "Host: example.com",
          "TE: trailers",
          "Content-Length: 3",
          "Accept: */*  ",
          "X-Forwarded-For: 10.0.0.1, 10.0.0.2, 127.0.0.1",
          "X-Forwarded-Proto: http",
          "X-Forwarded-Port: <port>",
          "X-Amzn-Trace-Id: Self=<trace>;Root=1-a-b;A=b",
          "",
          "",
        ],
        "framing": 3,
        "host": "example.com",
        "keepAlive": false,
        "method": "POST",
        "minor": 1,
        "path": "/a",
        "size": 284,
        "upgrade": undefined,
      }
    `);
});

test("a URL as target becomes a path, and its host the Host", () => {
  const head = read("GET http://shop.example:81?x=1 HTTP/1.1\r\nHost: other\r\n\r\n");
  expect(
    normal((head as { forTarget: string }).forTarget)
      .split("\r\n")
      .slice(0, 3),
  ).toMatchInlineSnapshot(`
    [
      "GET /?x=1 HTTP/1.1",
      "Host: shop.example:81",
      "X-Forwarded-For: 127.0.0.1",
    ]
  `);
});

test("a head that is not exactly HTTP is refused", () => {
  const cases: [string, string][] = [
    ["a bare line feed", "GET / HTTP/1.1\nHost: a\r\n\r\n"],
    ["a bare carriage return", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n"],
    ["a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"],
    ["a folded header", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"],
    ["a header without a colon", "GET / HTTP/1.1\r\nHost\r\n\r\n"],
    ["a header without a name", "GET / HTTP/1.1\r\n: a\r\n\r\n"],
    ["a NUL in a value", "GET / HTTP/1.1\r\nHost: a\0\r\n\r\n"],
    ["a tab in the request line", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["two spaces in the request line", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["no version", "GET /\r\nHost: a\r\n\r\n"],
    ["HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\n"],
    ["a target that is no path", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["no Host", "GET / HTTP/1.1\r\n\r\n"],
    ["two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"],
    [
      "Content-Length and Transfer-Encoding",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ["two Content-Lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n"],
    ["a list of lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\n"],
    ["a signed length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n"],
    ["an empty length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n"],
    ["two encodings", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ["another encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"],
    ["chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ["CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["a long request line", `GET /${"a".repeat(16_384)} HTTP/1.1\r\nHost: a\r\n\r\n`],
    ["a long request line that does not end", `GET /${"a".repeat(16_384)}`],
    ["a long header", `GET / HTTP/1.1\r\nHost: a\r\nA: ${"a".repeat(16_384)}\r\n\r\n`],
    ["long headers", `GET / HTTP/1.1\r\nHost: a\r\n${`A: ${"a".repeat(16_000)}\r\n`.repeat(5)}\r\n`],
    ["31 forwarded addresses", `GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${"1, ".repeat(30)}1\r\n\r\n`],
  ];
  const said = cases.map(([name, text]) => {
    const answer = read(text);
    return answer !== undefined && "status" in answer
      ? `${name}: ${answer.status} ${answer.reason}`
      : `${name}: ACCEPTED`;
  });
  expect(said).toMatchInlineSnapshot(`
    [
      "a bare line feed: 400 the request line has a character that is not allowed",
      "a bare carriage return: 400 a carriage return without a line feed",
      "a space before the colon: 400 a header name with a character that is not allowed",
      "a folded header: 400 a header name with a character that is not allowed",
      "a header without a colon: 400 a header name with a character that is not allowed",
      "a header without a name: 400 a header without a name",
      "a NUL in a value: 400 a header value with a character that is not allowed",
      "a tab in the request line: 400 the request line has a character that is not allowed",
      "two spaces in the request line: 400 the request line is not METHOD TARGET VERSION",
      "a space in the target: 400 the request line is not METHOD TARGET VERSION",
      "no version: 400 the request line is not METHOD TARGET VERSION",
      "HTTP/2's preface: 505 HTTP/2.0 is not spoken here",
      "a target that is no path: 400 the request's target is neither a path nor a URL",
      "no Host: 400 no Host",
      "two Hosts: 400 more than one Host",
      "Content-Length and Transfer-Encoding: 400 both Content-Length and Transfer-Encoding",
      "two Content-Lengths: 400 more than one Content-Length",
      "a list of lengths: 400 a Content-Length that is not a number",
      "a signed length: 400 a Content-Length that is not a number",
      "an empty length: 400 a Content-Length that is not a number",
      "two encodings: 400 a Transfer-Encoding that does not belong here",
      "another encoding: 501 a Transfer-Encoding other than chunked",
      "chunks in HTTP/1.0: 400 a Transfer-Encoding that does not belong here",
      "CONNECT: 405 CONNECT is not allowed",
      "TRACE: 405 TRACE is not allowed",
      "a long request line: 414 the request line is over 16384 bytes",
      "a long request line that does not end: 414 the request line is over 16384 bytes",
      "a long header: 400 a header over 16384 bytes",
      "long headers: 400 the request's headers are over 65536 bytes",
      "31 forwarded addresses: 463 more than 30 addresses in X-Forwarded-For",
    ]
  `);
});

test("while a head is not all there, nothing is said, wherever it stops", () => {
  const text = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n";
  const answers = Array.from({ length: text.length }, (_, end) => read(text.slice(0, end)));
  expect(answers.every((answer) => answer === undefined)).toBe(true);
  expect(read(text)).toMatchObject({ method: "POST", size: text.length });
});

test("what is accepted, Node's parser accepts too, with the same method, target, fields and length", async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const { method, url, rawHeaders } = request;
    const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    seen.push(
      JSON.stringify([method, url, request.headers["content-length"] ?? null, names.filter((name) => !ours.has(name))]),
    );
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const piece = fc.constantFrom(
    "\r",
    "\n",
    "\r\n",
    " ",
    "\t",
    ":",
    "a",
    "\0",
    "\u0080",
    ",",
    "0",
    "Host: b\r\n",
    "Content-Length: 0\r\n",
    "/",
    "HTTP/1.0",
    "?x",
  );
  const base = "GET /path HTTP/1.1\r\nHost: a\r\nAccept: b, c\r\nContent-Length: 0\r\nX-Y: z\r\n\r\n";
  const mutation = fc.record({ at: fc.nat(base.length), drop: fc.nat(3), piece });
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      const text = mutations.reduce(
        (head, { at, drop, piece: put }) => head.slice(0, at) + put + head.slice(at + drop),
        base,
      );
      const head = read(text);
      if (head === undefined || "status" in head || head.framing !== 0 || !METHODS.includes(head.method)) return;
      accepted += 1;
      const wire = new Wire(port).send(
        text.slice(0, head.size).replace(/HTTP\/1\.[01]\r\n/, "$&Connection: close\r\n"),
      );
      const answer = await wire.whole();
      wire.socket.destroy();
      expect(answer.slice(0, 12), JSON.stringify(text)).toBe("HTTP/1.1 200");
      const again = new Wire(port).send(head.forTarget.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
      expect((await again.whole()).slice(0, 12), JSON.stringify(head.forTarget)).toBe("HTTP/1.1 200");
      again.socket.destroy();
      const [sent, forwarded] = seen.splice(0);
      expect(withoutHost(forwarded)).toBe(withoutHost(sent));
    }),
    { numRuns: 1500, examples: [[[{ at: base.indexOf("\r\nX-Y"), drop: 0, piece: "\t" }]]] },
  );
  expect(accepted).toBeGreaterThan(50);
});

test("a response that is not exactly HTTP is refused", () => {
  const cases: [string, string][] = [
    ["another protocol", "SSH-2.0-OpenSSH\r\n"],
    ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"],
    ["a bare line feed", "HTTP/1.1 200 OK\nA: b\r\n\r\n"],
    ["a control character in a value", "HTTP/1.1 200 OK\r\nA: b\u0001\r\n\r\n"],
    ["both ways to tell the length", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"],
    ["headers over 32 K", `HTTP/1.1 200 OK\r\n${`A: ${"a".repeat(8000)}\r\n`.repeat(5)}\r\n`],
  ];
  const said = cases.map(([name, text]) => [name, readResponseHead(Buffer.from(text, "latin1"), true, albLimits)]);
  expect(Object.fromEntries(said)).toMatchInlineSnapshot(`
    {
      "a bare line feed": "a status line that is not HTTP/1",
      "a control character in a value": "a header value with a character that is not allowed",
      "a status of two digits": "a status line that is not HTTP/1",
      "another protocol": "a status line that is not HTTP/1",
      "both ways to tell the length": "both Content-Length and Transfer-Encoding",
      "headers over 32 K": "response headers over 32768 bytes",
      "two lengths": "more than one Content-Length",
    }
  `);
});

const ours = new Set([
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-amzn-trace-id",
  "connection",
  "keep-alive",
]);

function withoutHost(seen: string | undefined): string {
  const [method, url, length, names] = JSON.parse(seen ?? "[]") as [string, string, string | null, string[]];
  return JSON.stringify([method, url, length, names.filter((name) => name !== "host").toSorted()]);
}
