import { durationSeconds } from "../duration.ts";
import type { Path } from "../problems.ts";
import { httpRules, nlbListeners } from "../targets.ts";
import { type Report, rule } from "./rule.ts";

interface Timing {
  interval?: string;
  timeout?: string;
}

/** A check must have ended when the next one starts; on a network load balancer it may end just then, as checks of TCP
 *  every 10 seconds do, which take 10 seconds when nothing else is said. Both are rendered as whole seconds. */
export const healthCheckTiming = rule("http/healthcheck", ["http/**", "nlb/**"], (manifest, report) => {
  for (const { at, rule: each } of httpRules(manifest)) {
    const { healthcheck } = each;
    if (typeof healthcheck === "object")
      check([...at, "healthcheck"], healthcheck, { interval: "30s", timeout: "5s", apart: 1 }, report);
  }
  for (const { at, listener } of nlbListeners(manifest)) {
    if (listener.healthcheck)
      check([...at, "healthcheck"], listener.healthcheck, { interval: "30s", timeout: "10s", apart: 0 }, report);
  }
});

/** @param apart the least seconds between the end of a check and the start of the next one */
function check(
  at: Path,
  given: Timing,
  { apart, ...defaults }: Required<Timing> & { apart: number },
  report: Report,
): void {
  const interval = given.interval ?? defaults.interval;
  const timeout = given.timeout ?? defaults.timeout;
  if (wholeSeconds(timeout) + apart <= wholeSeconds(interval)) return;
  const isDefault = given.timeout === undefined;
  report(
    [...at, isDefault ? "interval" : "timeout"],
    `the health check's timeout of ${timeout}${isDefault ? " (the default)" : ""} is ${apart === 0 ? "longer" : "not shorter"} than its interval of ${interval}${given.interval === undefined ? " (the default)" : ""}`,
    {
      hint: isDefault ? "give a shorter `timeout` too, 2s or more" : "give a shorter `timeout` or a longer `interval`",
    },
  );
}

function wholeSeconds(text: string): number {
  return Math.trunc(durationSeconds(text) ?? 0);
}
