import { expect, test } from "vitest";
import { durationSeconds } from "../../../src/manifest/duration.ts";

test("a duration is read as Go reads it", () => {
  const texts = ["10s", "1m30s", "1.5h", "500ms", "-2s", "+1s", "0", "1h2m3s4ms", ".5s", "1.s", "2us", "2µs"];
  expect(Object.fromEntries(texts.map((text) => [text, durationSeconds(text)]))).toMatchInlineSnapshot(`
    {
      "+1s": 1,
      "-2s": -2,
      ".5s": 0.5,
      "0": 0,
      "1.5h": 5400,
      "1.s": 1,
      "10s": 10,
      "1h2m3s4ms": 3723.004,
      "1m30s": 90,
      "2us": 0.000002,
      "2µs": 0.000002,
      "500ms": 0.5,
    }
  `);
});

test("what Go refuses is no duration", () => {
  for (const text of ["", "5", "s", ".s", "1d", "1 s", " 1s", "1s ", "1m30", "--1s", "1e3s", "300000h0", "9999999h"]) {
    expect(durationSeconds(text), text).toBeUndefined();
  }
});
