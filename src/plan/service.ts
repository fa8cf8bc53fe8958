import type { CapacityProviderStrategyItem } from "@aws-sdk/client-ecs";
import type { ServiceManifest, TaskManifest } from "../manifest/load.ts";
import { platformOf } from "../manifest/platform.ts";
import { httpOf, nlbOf } from "../manifest/targets.ts";
import { awsLogs } from "./container-definitions.ts";
import { alarmName } from "./names.ts";
import { awsvpcConfiguration } from "./network.ts";
import { scalingRange } from "./scaling.ts";
import { seconds } from "./seconds.ts";
import type { ServicePlanInput } from "./service-plan-input.ts";
import type { AlarmPlan, ServiceRequest } from "./workload-plan.ts";

/** What ECS is asked to run, and how. */
export function service(input: ServicePlanInput): ServiceRequest {
  const { manifest } = input;
  const recreate = manifest.deployment?.rolling?.toLowerCase() === "recreate";
  const capacity = capacityProviders(manifest);
  const grace = gracePeriod(manifest);
  return {
    desiredCount: desiredCount(manifest),
    deploymentConfiguration: {
      minimumHealthyPercent: recreate ? 0 : 100,
      maximumPercent: recreate ? 100 : 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: alarms(input),
    },
    ...(grace !== undefined && { healthCheckGracePeriodSeconds: grace }),
    ...(capacity ? { capacityProviderStrategy: capacity } : { launchType: "FARGATE" }),
    platformVersion: platformOf(manifest).isWindows ? "1.0.0" : "LATEST",
    propagateTags: "SERVICE",
    ...(isExecOn(manifest) && { enableExecuteCommand: true }),
    networkConfiguration: { awsvpcConfiguration: awsvpcConfiguration(manifest, input.addons) },
    serviceConnectConfiguration: serviceConnect(input),
  };
}

export function isExecOn({ exec }: TaskManifest): boolean {
  return typeof exec === "object" ? exec.enable === true : exec === true;
}

function desiredCount({ count = 1 }: ServiceManifest): number {
  return typeof count === "number" ? count : (count.spot ?? scalingRange(count)?.min ?? 1);
}

/** Undefined when all tasks run on plain Fargate. From `spot_from` on, tasks run on Spot; below the range's least, all. */
function capacityProviders({ count }: ServiceManifest): CapacityProviderStrategyItem[] | undefined {
  if (typeof count !== "object") return undefined;
  const spot = { capacityProvider: "FARGATE_SPOT", weight: 1 };
  if (count.spot !== undefined) return [spot];
  const range = scalingRange(count);
  if (range?.spotFrom === undefined) return undefined;
  if (range.spotFrom < range.min) return [spot];
  return [spot, { capacityProvider: "FARGATE", weight: 0, base: Math.max(0, range.spotFrom - 1) }];
}

function gracePeriod(manifest: ServiceManifest): number | undefined {
  const http = httpOf(manifest);
  const nlb = nlbOf(manifest);
  if (!http && !nlb) return undefined;
  const ofHttp = typeof http?.healthcheck === "object" ? http.healthcheck.grace_period : undefined;
  return seconds(ofHttp ?? nlb?.healthcheck?.grace_period ?? "60s");
}

function alarms(input: ServicePlanInput): NonNullable<ServiceRequest["deploymentConfiguration"]["alarms"]> {
  const given = input.manifest.deployment?.rollback_alarms;
  const alarmNames = Array.isArray(given) ? given : ownAlarms(input).map((alarm) => alarm.alarmName);
  return { alarmNames, enable: alarmNames.length > 0, rollback: true };
}

/** The alarms that are made for this service. */
export function ownAlarms({ manifest, app, env }: ServicePlanInput): AlarmPlan[] {
  const given = manifest.deployment?.rollback_alarms;
  if (given === undefined || Array.isArray(given)) return [];
  const { cpu_utilization: cpu, memory_utilization: memory } = given;
  const delayed = "messages_delayed" in given ? given.messages_delayed : undefined;
  const name = (suffix: string) => alarmName(app, env, manifest.name, suffix);
  return [
    ...(cpu === undefined
      ? []
      : [{ alarmName: name("CopilotRollbackCPUAlarm"), metricName: "CPUUtilization" as const, threshold: cpu }]),
    ...(memory === undefined
      ? []
      : [{ alarmName: name("CopilotRollbackMemAlarm"), metricName: "MemoryUtilization" as const, threshold: memory }]),
    ...(delayed === undefined
      ? []
      : [
          {
            alarmName: name("CopilotRollbackMsgsDelayedAlarm"),
            metricName: "ApproximateNumberOfMessagesDelayed" as const,
            threshold: delayed,
          },
        ]),
  ];
}

/** Other services of the environment reach this one as `http://{name}`, or by its alias. */
function serviceConnect({
  manifest,
  namespace,
  main,
}: ServicePlanInput): NonNullable<ServiceRequest["serviceConnectConfiguration"]> {
  const connect = manifest.network?.connect ?? false;
  if (connect === false) return { enabled: false };
  const dnsName = typeof connect === "object" ? connect.alias : manifest.name;
  return {
    enabled: true,
    namespace,
    logConfiguration: awsLogs,
    ...(main.port !== undefined && {
      services: [
        {
          portName: "target",
          // Service discovery has the plain name in the same namespace.
          discoveryName: `${manifest.name}-sc`,
          clientAliases: [{ port: main.port, dnsName }],
        },
      ],
    }),
  };
}
