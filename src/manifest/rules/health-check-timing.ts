import { durationSeconds } from "../duration.ts";
import type { Path } from "../problems.ts";
import { httpRules, nlbListeners } from "../targets.ts";
import { type Report, rule } from "./rule.ts";

interface Timing {
  interval?: string;
  timeout?: string;
}

/** A check must have ended before the next one starts. Both are rendered as whole seconds. */
export const healthCheckTiming = rule("http/healthcheck", ["http/**", "nlb/**"], (manifest, report) => {
  for (const { at, rule: each } of httpRules(manifest)) {
    const { healthcheck } = each;
    if (typeof healthcheck === "object")
      check([...at, "healthcheck"], healthcheck, { interval: "30s", timeout: "5s" }, report);
  }
  for (const { at, listener } of nlbListeners(manifest)) {
    if (listener.healthcheck)
      check([...at, "healthcheck"], listener.healthcheck, { interval: "30s", timeout: "10s" }, report);
  }
});

function check(at: Path, given: Timing, defaults: Required<Timing>, report: Report): void {
  const interval = given.interval ?? defaults.interval;
  const timeout = given.timeout ?? defaults.timeout;
  if (wholeSeconds(timeout) < wholeSeconds(interval)) return;
  const isDefault = given.timeout === undefined;
  report(
    [...at, isDefault ? "interval" : "timeout"],
    `the health check's timeout of ${timeout}${isDefault ? " (the default)" : ""} is not shorter than its interval of ${interval}${given.interval === undefined ? " (the default)" : ""}`,
    {
      hint: isDefault ? "give a shorter `timeout` too, 2s or more" : "give a shorter `timeout` or a longer `interval`",
    },
  );
}

function wholeSeconds(text: string): number {
  return Math.trunc(durationSeconds(text) ?? 0);
}
