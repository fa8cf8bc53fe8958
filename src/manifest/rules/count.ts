import { httpOf } from "../targets.ts";
import { listed } from "../words.ts";
import { durationSeconds } from "../duration.ts";
import { type ReadManifest, rule } from "./rule.ts";

type CountBlock = Exclude<NonNullable<ReadManifest["count"]>, number>;

const common = ["cpu_percentage", "memory_percentage"] as const;
const ofLoadBalancers = ["requests", "response_time"] as const;

/** What a service of a type can scale on. */
const metricsOf = ({ type }: ReadManifest): readonly string[] =>
  type === "Worker Service" ? [...common, "queue_delay"] : [...common, ...ofLoadBalancers];

/** Scaling needs a range and something to scale on; Spot has a fixed number of tasks. */
export const scaling = rule("count/scaling", ["count/**", "http"], (manifest, report) => {
  const { count } = manifest;
  if (typeof count !== "object") return;
  const metrics = metricsOf(manifest);
  const all = listed(metrics.map((metric) => `\`${metric}\``));
  const values = count as Readonly<Record<string, unknown>>;
  const given = metrics.filter((metric) => values[metric] !== undefined);
  const [metric] = given;
  if (Object.values(count).every((value) => value === undefined))
    return report("count", "`count` says no number", { hint: "write `count: 2`, or `spot`, or `range` with a metric" });
  if (count.spot !== undefined && (count.range !== undefined || metric !== undefined)) {
    return report("count.spot", "`spot` is a fixed number of tasks, and `range` is for scaling", {
      hint: "for tasks on Spot that scale, write `range: { min: 1, max: 5, spot_from: 2 }`",
    });
  }
  if (count.range !== undefined && metric === undefined)
    report("count.range", `\`range\` needs something to scale on: ${all}`, { hint: "add `cpu_percentage: 70`" });
  else if (metric !== undefined && count.range === undefined)
    report(`count.${metric}`, `\`${metric}\` needs \`range\`, the numbers to stay between`, {
      hint: "add `range: 1-10`",
    });
  if (count.cooldown !== undefined && metric === undefined && count.range === undefined)
    report("count.cooldown", `\`cooldown\` needs something to scale on: ${all}`);
  for (const each of ofLoadBalancers) {
    if (values[each] !== undefined && !httpOf(manifest))
      report(`count.${each}`, `\`${each}\` is measured by a load balancer, and the service has no \`http\``, {
        hint: "add `http: { path: / }`, or scale on `cpu_percentage`",
      });
  }
});

/** Copilot renders fractions of seconds, and Application Auto Scaling takes none. */
export const cooldown = rule("count/cooldown", ["count/**"], ({ count }, report) => {
  if (typeof count !== "object") return;
  const metrics = Object.entries(count).flatMap(([metric, given]) =>
    typeof given === "object" && "cooldown" in given ? [[`count.${metric}.cooldown`, given.cooldown] as const] : [],
  );
  for (const [at, given] of [["count.cooldown", count.cooldown] as const, ...metrics]) {
    for (const direction of ["in", "out"] as const) {
      const pause = given?.[direction];
      const seconds = pause === undefined ? 0 : (durationSeconds(pause) ?? 0);
      if (Number.isInteger(Number(seconds.toFixed(9)))) continue;
      report(`${at}.${direction}`, `Application Auto Scaling waits whole seconds, not ${String(pause)}`, {
        hint: `write \`${Math.ceil(seconds)}s\``,
        severity: "warning",
      });
    }
  }
});

/** A task that takes longer for one message than a message may wait can never catch up. */
export const queueDelay = rule("count/queue-delay", ["count/**"], ({ count }, report) => {
  const delay = typeof count === "object" && "queue_delay" in count ? count.queue_delay : undefined;
  const { acceptable_latency: latency, msg_processing_time: processing } = delay ?? {};
  if (latency === undefined || processing === undefined) return;
  if ((durationSeconds(processing) ?? 0) <= (durationSeconds(latency) ?? 0)) return;
  report(
    "count.queue_delay.msg_processing_time",
    `a message takes ${processing}, and may wait no longer than ${latency}`,
    { hint: "`acceptable_latency` is the longer of the two" },
  );
});

/** A job runs one task at a time. */
export const jobCount = rule("count/job", ["count"], ({ type, count }, report) => {
  if (type !== "Scheduled Job" || count === undefined) return;
  report("count", "`count` has no effect: each run of a job is one task", {
    hint: "leave it out",
    severity: "warning",
  });
});

/** The order of the numbers of a range. */
export const scalingRange = rule("count/range", ["count/**"], ({ count }, report) => {
  const range = typeof count === "object" ? (count as CountBlock).range : undefined;
  if (typeof range !== "object" || range.min === undefined || range.max === undefined) return;
  const { min, max, spot_from: spotFrom } = range;
  if (min > max) report("count.range.min", `\`min\` (${min}) is greater than \`max\` (${max})`);
  if (spotFrom === undefined) return;
  if (spotFrom > max)
    report(
      "count.range.spot_from",
      `\`spot_from\` (${spotFrom}) is greater than \`max\` (${max}): no task runs on Spot`,
      { severity: "warning" },
    );
  if (spotFrom < min)
    report(
      "count.range.spot_from",
      `\`spot_from\` (${spotFrom}) is less than \`min\` (${min}): all tasks run on Spot`,
      { severity: "warning" },
    );
});
