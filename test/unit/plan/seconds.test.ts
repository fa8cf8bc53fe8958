import { assert, nat, property } from "fast-check";
import { expect, test } from "vitest";
import { seconds } from "../../../src/plan/seconds.ts";

test.each([
  ["0", 0],
  ["10s", 10],
  ["1m30s", 90],
  ["1.5h", 5400],
  ["1h0m1s", 3601],
  ["1500ms", 1],
  ["999ms", 0],
  [".5m", 30],
  ["1s999999999ns", 1],
  ["100us", 0],
  ["0.7s0.1s0.2s", 1],
  ["-90s", -90],
])("%s is %d whole seconds", (duration, expected) => {
  expect(seconds(duration)).toBe(expected);
});

test.each(["", "5", "5 s", "s", "1d", "1m30", "1m-30s", "+"])("%j is no duration", (duration) => {
  expect(() => seconds(duration)).toThrow(`not a duration: ${duration}`);
});

test("hours, minutes and seconds add up, whatever they are", () => {
  const part = nat(10_000);
  assert(
    property(part, part, part, (h, m, s) => {
      expect(seconds(`${h}h${m}m${s}s`)).toBe(h * 3600 + m * 60 + s);
    }),
  );
});
