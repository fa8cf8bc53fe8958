import { expect, test } from "vitest";
import { readPairs } from "../../../src/cli/pairs.ts";

test.each([
  ["a=1", { a: "1" }],
  ["a=1,2", { a: "1,2" }],
  ["a=", { a: "" }],
  ["a=1,b=2", { a: "1", b: "2" }],
  ['"a=1,2",b=3', { a: "1,2", b: "3" }],
  ['"a=say ""x""",b=y=z', { a: 'say "x"', b: "y=z" }],
  ["a", undefined],
  ["a=1,b=2,c", undefined],
  ["=1", undefined],
  ['"a=1,b=2', undefined],
  ["", undefined],
])("%s", (text, expected) => {
  expect(readPairs(text)).toEqual(expected);
});
