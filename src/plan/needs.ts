import { isLater } from "./is-later.ts";
import type { Later } from "./later.ts";
import { isServicePlan, type TasksPlan } from "./plan-tasks.ts";
import type { RequestDrivenPlan } from "./request-driven-plan.ts";
import type { TargetGroupPlan, WorkloadPlan } from "./workload-plan.ts";

/** What a workload leans on in its environment beside its own stack. */
export interface Needs {
  /** Images that are finished already, with the platform that they run on as docker spells it: `linux/amd64`. */
  images: { container: string; image: string; platform: string }[];
  /** Containers whose images are built. */
  builds: string[];
  secrets: NeededSecret[];
  /** Absent: it is not in the VPC. */
  placement?: { subnets: (string | Later)[]; publicIp: boolean };
  /** Whose listener its rules belong to; absent: none, or one that it brings along. */
  loadBalancer?: "public" | "internal";
  /** Names that it is reached under, beside those that are made for it. */
  aliases: string[];
  /** Listener rules. */
  rules: number;
  targetGroups: { key: string; container: string; port: number; protocol: string; listens: boolean }[];
  /** The vCPUs that a first deploy adds to what runs, and those that a further one adds for a while. */
  fargate?: { first: number; again: number; spot: boolean };
  /** The services that take on its roles, by the roles' logical IDs. */
  roles: Record<string, string>;
}

/** What stands in a secret or a parameter, and which variable of which container it fills. */
export interface NeededSecret {
  container: string;
  name: string;
  from: string | Later;
}

const ecsRoles = { ExecutionRole: "ecs-tasks.amazonaws.com", TaskRole: "ecs-tasks.amazonaws.com" };
const appRunnerRoles = { AccessRole: "build.apprunner.amazonaws.com", InstanceRole: "tasks.apprunner.amazonaws.com" };

export function needsOfTasks(plan: TasksPlan): Needs {
  const { taskDefinition, builds, images = {} } = plan;
  const { cpuArchitecture, operatingSystemFamily = "LINUX" } = taskDefinition.runtimePlatform ?? {};
  const os = String(operatingSystemFamily).startsWith("WINDOWS") ? "windows" : "linux";
  const platform = `${os}/${cpuArchitecture === "ARM64" ? "arm64" : "amd64"}`;
  const added = (taskDefinition.containerDefinitions ?? []).flatMap(({ name, image }) =>
    typeof name === "string" && typeof image === "string" ? [{ container: name, image, platform }] : [],
  );
  const vcpus = Number(taskDefinition.cpu) / 1024;
  return {
    images: [...Object.entries(images).map(([container, image]) => ({ container, image, platform })), ...added],
    builds: builds.map(({ container }) => container),
    secrets: secretsOf(plan),
    roles: ecsRoles,
    ...(isServicePlan(plan)
      ? ofService(plan, vcpus)
      : {
          placement: placementOf(plan.stateMachine.network),
          aliases: [],
          rules: 0,
          targetGroups: [],
          fargate: { first: vcpus, again: vcpus, spot: false },
        }),
  };
}

export function needsOfRequestDriven(plan: RequestDrivenPlan): Needs {
  const { name, image, builds, service, egress, alias } = plan;
  return {
    images: image === undefined ? [] : [{ container: name, image: image.name, platform: "linux/amd64" }],
    builds: builds.map(({ container }) => container),
    secrets: service.secrets.flatMap((secret) => named(name, secret)),
    ...(egress && { placement: { subnets: egress.subnets as (string | Later)[], publicIp: false } }),
    aliases: alias === undefined ? [] : [alias],
    rules: 0,
    targetGroups: [],
    roles: appRunnerRoles,
  };
}

/** A Static Site runs nothing. */
export function needsOfStaticSite({ alias }: { alias?: string }): Needs {
  return {
    images: [],
    builds: [],
    secrets: [],
    aliases: alias === undefined ? [] : [alias],
    rules: 0,
    targetGroups: [],
    roles: {},
  };
}

type OfService = Pick<Needs, "placement" | "loadBalancer" | "aliases" | "rules" | "targetGroups" | "fargate">;

function ofService(plan: WorkloadPlan, vcpus: number): OfService {
  const { service, scaling, loadBalancer, importedLoadBalancer, listenerRules } = plan;
  const { maximumPercent } = service.deploymentConfiguration;
  const tasks = Math.max(service.desiredCount, scaling?.minCapacity ?? 0);
  const more = Math.floor((tasks * maximumPercent) / 100) - tasks;
  const strategy = service.capacityProviderStrategy ?? [];
  const hosts = listenerRules.flatMap(({ conditions }) =>
    conditions.flatMap(({ HostHeaderConfig }) => HostHeaderConfig?.Values ?? []),
  );
  return {
    placement: placementOf(service.networkConfiguration?.awsvpcConfiguration),
    ...(loadBalancer !== undefined && importedLoadBalancer === undefined && { loadBalancer }),
    aliases: [...new Set(hosts.filter((host) => typeof host === "string"))],
    rules: listenerRules.length,
    targetGroups: plan.targetGroups.map((group) => targetOf(group, plan)),
    fargate: {
      first: vcpus * tasks,
      again: vcpus * more,
      spot: strategy.length === 1 && strategy[0]?.capacityProvider === "FARGATE_SPOT",
    },
  };
}

function targetOf({ key, container, containerPort, request }: TargetGroupPlan, plan: WorkloadPlan) {
  const definition = plan.taskDefinition.containerDefinitions?.find(({ name }) => name === container);
  const ports = definition?.portMappings?.map((mapping) => mapping.containerPort) ?? [];
  const protocol = String(request.Protocol);
  return { key, container, port: containerPort, protocol, listens: ports.includes(containerPort) };
}

interface Awsvpc {
  subnets: unknown;
  assignPublicIp?: unknown;
}

function placementOf(given: Awsvpc | undefined): NonNullable<Needs["placement"]> {
  return { subnets: (given?.subnets ?? []) as (string | Later)[], publicIp: given?.assignPublicIp === "ENABLED" };
}

function secretsOf({ taskDefinition }: TasksPlan): NeededSecret[] {
  return (taskDefinition.containerDefinitions ?? []).flatMap((container) => {
    const name = String(container.name);
    const { secrets = [], logConfiguration, repositoryCredentials } = container;
    const credentials = repositoryCredentials?.credentialsParameter;
    return [
      ...secrets.flatMap((secret) => named(name, secret)),
      ...(logConfiguration?.secretOptions ?? []).flatMap((secret) => named(name, secret)),
      ...(credentials === undefined ? [] : named(name, { name: "image.credentials", valueFrom: credentials })),
    ];
  });
}

function named(container: string, { name, valueFrom }: { name?: unknown; valueFrom?: unknown }): NeededSecret[] {
  const known =
    typeof valueFrom === "string" || (typeof valueFrom === "object" && valueFrom !== null && isLater(valueFrom));
  return known ? [{ container, name: String(name), from: valueFrom as string | Later }] : [];
}
