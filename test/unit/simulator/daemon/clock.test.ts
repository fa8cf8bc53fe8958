import { expect, test } from "vitest";
import { steadyClock } from "../../../../src/simulator/daemon/clock.ts";

test("time goes on at its own pace when somebody sets the machine's clock back, and never before what is remembered", () => {
  let [wall, monotonic] = [10_000, 0];
  const now = steadyClock(
    12_000,
    () => wall,
    () => monotonic,
  );
  const after = (wallMs: number, monotonicMs: number) => {
    wall += wallMs;
    monotonic += monotonicMs;
    return now();
  };
  expect([
    now(),
    after(500, 500),
    after(5000, 5000),
    after(-3_600_000, 100),
    after(0.4, 0.4),
    after(0.7, 0.7),
    after(7_200_000, 10),
  ]).toEqual([12_000, 12_500, 17_500, 17_600, 17_600, 17_601, 3_615_501]);
});
