import { expect, test } from "vitest";
import { ageText, durationText, elapsedText } from "../../../../src/cli/render/words.ts";

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1000, "1.0 s"],
  [59_940, "59.9 s"],
  [60_000, "1 min 0 s"],
  [250_400, "4 min 10 s"],
])("%d ms took %s", (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});

test("what goes on is counted in seconds from the start", () => {
  expect([elapsedText(0), elapsedText(12_340), elapsedText(61_000)]).toEqual(["0.0 s", "12.3 s", "1 min 1 s"]);
});

test.each([
  [-5, "0 s"],
  [89_000, "89 s"],
  [90_000, "2 min"],
  [5_400_000, "2 h"],
  [129_600_000, "2 d"],
])("%d ms ago is %s", (milliseconds, text) => {
  expect(ageText(milliseconds)).toBe(text);
});
