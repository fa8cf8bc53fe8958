import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChunkedBody } from "../../../../src/simulator/edge/http/chunked-body.ts";

const content = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 });
const extension = fc.constantFrom("", ";a", ";a=b", ';a="b c"');
const trailers = fc.constantFrom("", "Digest: abc\r\n", "A: 1\r\nB:\r\n");

test("however a body is split on its way, the content and the end are the same", () => {
  const body = fc.record({ content, extension, trailers, cuts: fc.array(fc.nat(3000), { maxLength: 30 }) });
  fc.assert(
    fc.property(body, ({ content: chunks, extension: ext, trailers: last, cuts }) => {
      const framed = Buffer.concat([
        ...chunks.map((chunk) =>
          Buffer.concat([Buffer.from(`${chunk.length.toString(16)}${ext}\r\n`), chunk, Buffer.from("\r\n")]),
        ),
        Buffer.from(`0${ext}\r\n${last}\r\n`),
      ]);
      const { consumed, text, done } = follow(Buffer.concat([framed, Buffer.from("GET / HTTP/1.1")]), cuts);
      expect({ consumed, text, done }).toEqual({
        consumed: framed.length,
        text: Buffer.concat(chunks).toString("hex"),
        done: true,
      });
    }),
    { numRuns: 500 },
  );
});

describe("framing that others may read differently is refused", () => {
  test.each([
    ["a space after the size", "5 \r\nhello\r\n0\r\n\r\n"],
    ["a bare line feed after the size", "5\nhello\r\n0\r\n\r\n"],
    ["a bare carriage return in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"],
    ["a line feed in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"],
    ["no size", "\r\nhello\r\n0\r\n\r\n"],
    ["a sign", "+5\r\nhello\r\n0\r\n\r\n"],
    ["a prefix", "0x5\r\nhello\r\n0\r\n\r\n"],
    ["a size that nobody can count", "fffffffffffffff\r\n"],
    ["content longer than its size", "4\r\nhello\r\n0\r\n\r\n"],
    ["a trailer with a space in its name", "0\r\nA b: c\r\n\r\n"],
    ["a folded trailer", "0\r\nA: b\r\n c\r\n\r\n"],
    ["trailers without end", `0\r\nA: ${"b".repeat(17_000)}`],
    ["extensions without end", `5;${"b".repeat(17_000)}`],
  ])("%s", (_, framed) => {
    expect(new ChunkedBody().take(Buffer.from(framed))).toBe(-1);
  });
});

function follow(bytes: Buffer, cuts: number[]) {
  const tracker = new ChunkedBody();
  const parts: Buffer[] = [];
  const edges = [...new Set([...cuts.filter((cut) => cut < bytes.length), bytes.length])].toSorted(
    (one, other) => one - other,
  );
  let consumed = 0;
  for (const edge of edges) {
    if (tracker.done) break;
    consumed += tracker.take(bytes.subarray(consumed, edge), (part) => parts.push(Buffer.from(part)));
  }
  return { consumed, text: Buffer.concat(parts).toString("hex"), done: tracker.done };
}
