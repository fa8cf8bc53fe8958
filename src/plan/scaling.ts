import { durationSeconds } from "../manifest/duration.ts";
import type { ServiceManifest } from "../manifest/load.ts";
import { type SubscribePlan, queueKeys } from "./queues.ts";
import type { ScalingPlan } from "./workload-plan.ts";

type Count = Exclude<NonNullable<ServiceManifest["count"]>, number>;
type Policy = ScalingPlan["policies"][number];

/** The numbers of tasks to stay between, in whichever form they are given. */
export function scalingRange({ range }: Count): { min: number; max: number; spotFrom?: number } | undefined {
  if (range === undefined) return undefined;
  if (typeof range === "object") return { min: range.min, max: range.max, spotFrom: range.spot_from };
  const [min = 0, max = 0] = range.split("-").map(Number);
  return { min, max };
}

/** How the number of tasks follows what is measured; undefined when it is fixed. */
export function scaling({ name, count }: ServiceManifest, queues?: SubscribePlan): ScalingPlan | undefined {
  const range = typeof count === "object" ? scalingRange(count) : undefined;
  if (typeof count !== "object" || !range) return undefined;
  const policy = <T extends number | string>(
    id: string,
    given: T | { value: T; cooldown?: Count["cooldown"] } | undefined,
    metric: Policy["metric"],
  ): Policy[] => {
    if (given === undefined) return [];
    const own = typeof given === "object" ? given.cooldown : undefined;
    const value = typeof given === "object" ? given.value : given;
    return [
      {
        policyName: `${name}-${id}-ScalingPolicy`,
        targetValue: typeof value === "number" ? value : exactSeconds(value),
        scaleInCooldown: exactSeconds(own?.in ?? count.cooldown?.in ?? "120s"),
        scaleOutCooldown: exactSeconds(own?.out ?? count.cooldown?.out ?? "60s"),
        metric,
      },
    ];
  };
  const behind = { namespace: "AWS/ApplicationELB", targetGroup: "main" } as const;
  return {
    minCapacity: range.min,
    maxCapacity: range.max,
    policies: [
      ...policy("ECSServiceAverageCPUUtilization", count.cpu_percentage, {
        predefined: "ECSServiceAverageCPUUtilization",
      }),
      ...policy("ECSServiceAverageMemoryUtilization", count.memory_percentage, {
        predefined: "ECSServiceAverageMemoryUtilization",
      }),
      ...("queue_delay" in count ? queuePolicies(name, count, queues) : []),
      ...policy("ALBSumRequestCountPerTarget", "requests" in count ? count.requests : undefined, {
        ...behind,
        metricName: "RequestCountPerTarget",
        statistic: "Sum",
      }),
      ...policy("ALBAverageResponseTime", "response_time" in count ? count.response_time : undefined, {
        ...behind,
        metricName: "TargetResponseTime",
        statistic: "Average",
      }),
    ],
  };
}

/** For each queue: as many messages for a task as it works off while one may wait. */
function queuePolicies(
  name: string,
  count: Extract<Count, { queue_delay?: unknown }>,
  queues: SubscribePlan | undefined,
): Policy[] {
  const delay = count.queue_delay;
  if (delay === undefined || queues === undefined) return [];
  const { acceptable_latency: latency, msg_processing_time: processing, cooldown } = delay;
  const ratio = exactSeconds(latency) / exactSeconds(processing);
  return queueKeys(queues).map((queue) => ({
    policyName: `${name}-BacklogPerTask-${queue}`,
    targetValue: Math.ceil(ratio),
    scaleInCooldown: exactSeconds(cooldown?.in ?? count.cooldown?.in ?? "120s"),
    scaleOutCooldown: exactSeconds(cooldown?.out ?? count.cooldown?.out ?? "60s"),
    metric: { backlogOf: queue },
  }));
}

function exactSeconds(duration: string): number {
  return Number((durationSeconds(duration) ?? 0).toFixed(9));
}
