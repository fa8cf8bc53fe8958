import { crc32 } from "node:zlib";
import type { Later } from "../../../plan/later.ts";
import type { WorkloadPlan } from "../../../plan/workload-plan.ts";
import type { LeftOut } from "../../provider.ts";
import { awsSidecars } from "../aws-sidecars.ts";
import { leftOut } from "./left-out.ts";
import { leftOutOfTaskDefinition } from "./task-definition.ts";
import { leftOutOfTraffic } from "./traffic.ts";

/** Whatever a plan asks for and the simulator does not do, one line each: what happens instead, and where the manifest
 *  asks for it. What runs as on AWS, and what AWS decides without being asked, is not here. */
export function leavesOut(plan: WorkloadPlan): LeftOut[] {
  return [
    ...scaling(plan),
    ...sidecars(plan),
    ...fileSystems(plan),
    ...leftOutOfTaskDefinition(plan),
    ...leftOutOfTraffic(plan),
    ...network(plan),
    ...topics(plan),
    ...alarms(plan),
  ];
}

function scaling({ scaling: range, service }: WorkloadPlan): LeftOut[] {
  const providers = service.capacityProviderStrategy ?? [];
  const onSpot = providers.some(({ capacityProvider }) => capacityProvider === "FARGATE_SPOT");
  return [
    ...(range === undefined
      ? []
      : [
          leftOut(
            "scaling",
            ["count", "range"],
            `automatic scaling is left out: ${tasks(service.desiredCount)}, whatever the load is`,
          ),
        ]),
    ...(onSpot
      ? [
          leftOut(
            "spot",
            range === undefined ? ["count", "spot"] : ["count", "range", "spot_from"],
            "Fargate Spot is left out: no task is interrupted",
          ),
        ]
      : []),
  ];
}

function tasks(count: number): string {
  return count === 1 ? "1 task runs" : `${count} tasks run`;
}

function sidecars(plan: WorkloadPlan): LeftOut[] {
  return awsSidecars(plan).map((name) => {
    if (name === "aws-otel-collector")
      return leftOut("tracing", ["observability", "tracing"], `the sidecar ${name} is left out: traces go nowhere`);
    const main = plan.taskDefinition.containerDefinitions?.find((container) => container.name === plan.name);
    const destination = main?.logConfiguration?.options?.["Name"];
    const elsewhere = typeof destination === "string" ? `, and not sent on to ${destination}` : "";
    const kept = `logs are kept on this machine${elsewhere}`;
    return leftOut("log-router", ["logging", "destination"], `the sidecar ${name} is left out: ${kept}`);
  });
}

/** What the environment manages is made anew in each environment, as on AWS. */
function fileSystems({ name, taskDefinition, accessPoint }: WorkloadPlan): LeftOut[] {
  return (taskDefinition.volumes ?? []).flatMap((volume) => {
    const id = volume.efsVolumeConfiguration?.fileSystemId;
    const path = ["storage", "volumes", String(volume.name), "efs"];
    if (id === undefined) return [];
    if (typeof id === "object" && "env" in id) {
      if (accessPoint === undefined || accessPoint.uid === crc32(name)) return [];
      const message = `files belong to the user that a container runs as, not to uid ${accessPoint.uid}`;
      return [leftOut("file-owner", [...path, "uid"], message)];
    }
    const what = typeof id === "string" ? id : "that the export names";
    const message = `a folder of this machine stands for the file system ${what}: it holds what tasks here have written`;
    return [leftOut("file-system", [...path, "id"], message)];
  });
}

function network({ service }: WorkloadPlan): LeftOut[] {
  const { subnets = [], securityGroups = [] } = service.networkConfiguration?.awsvpcConfiguration ?? {};
  const isDefault = (value: string | Later, output: string) =>
    typeof value === "object" && "env" in value && value.env === output;
  return [
    ...(subnets.every((subnet) => isDefault(subnet, "PublicSubnets"))
      ? []
      : [
          leftOut(
            "placement",
            ["network", "vpc", "placement"],
            "subnets are left out: tasks run in a network of this machine and reach whatever this machine reaches",
          ),
        ]),
    ...(securityGroups.length === 1 && securityGroups.every((group) => isDefault(group, "EnvironmentSecurityGroup"))
      ? []
      : [
          leftOut(
            "security-groups",
            ["network", "vpc", "security_groups"],
            "security groups are left out: the tasks of an environment reach each other at every port",
          ),
        ]),
  ];
}

function topics({ topics: all = [] }: WorkloadPlan): LeftOut[] {
  if (all.length === 0) return [];
  const names = all.map(({ name }) => name).join(", ");
  const message = `topics are left out: COPILOT_SNS_TOPIC_ARNS names ${names}, and nothing takes what is published there`;
  return [leftOut("topics", ["publish", "topics"], message)];
}

function alarms({ service }: WorkloadPlan): LeftOut[] {
  if ((service.deploymentConfiguration.alarms?.alarmNames ?? []).length === 0) return [];
  const message = "alarms are left out: a deployment is rolled back when its tasks fail, and not by an alarm";
  return [leftOut("alarms", ["deployment", "rollback_alarms"], message)];
}
