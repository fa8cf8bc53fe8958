import { durationSeconds } from "../duration.ts";
import { rule } from "./rule.ts";

const defaults = { interval: "30s", timeout: "5s" };

/** A check must have ended before the next one starts. Both are rendered as whole seconds. */
export const healthCheckTiming = rule(
  "http/healthcheck",
  ["http.healthcheck", "http.healthcheck.interval", "http.healthcheck.timeout"],
  ({ http }, report) => {
    const check = http ? http.healthcheck : undefined;
    if (typeof check !== "object") return;
    const interval = check.interval ?? defaults.interval;
    const timeout = check.timeout ?? defaults.timeout;
    if (wholeSeconds(timeout) < wholeSeconds(interval)) return;
    const isDefault = check.timeout === undefined;
    report(
      isDefault ? "http.healthcheck.interval" : "http.healthcheck.timeout",
      `the health check's timeout of ${timeout}${isDefault ? " (the default)" : ""} is not shorter than its interval of ${interval}${check.interval === undefined ? " (the default)" : ""}`,
      {
        hint: isDefault
          ? "give a shorter `timeout` too, 2s or more"
          : "give a shorter `timeout` or a longer `interval`",
      },
    );
  },
);

function wholeSeconds(text: string): number {
  return Math.trunc(durationSeconds(text) ?? 0);
}
