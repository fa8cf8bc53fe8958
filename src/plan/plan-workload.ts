import { aliasesOf, hostedZonesOf } from "../manifest/aliases.ts";
import { logRouter } from "../manifest/containers.ts";
import type { ServiceManifest } from "../manifest/load.ts";
import { parsePortMapping } from "../manifest/port-mapping.ts";
import { exposedPorts, httpOf, httpRules, httpTarget, nlbListeners, nlbOf } from "../manifest/targets.ts";
import { importedLoadBalancer } from "./environment.ts";
import { finishedImages, imageBuilds } from "./image-builds.ts";
import { listenerRule } from "./listener-rule.ts";
import { sortedEntries } from "./names.ts";
import { PlanRefused } from "./plan-refused.ts";
import { printableTaskDefinition } from "./resolve.ts";
import { executionRole, taskRole } from "./roles.ts";
import { scaling } from "./scaling.ts";
import { ownAlarms, service } from "./service.ts";
import type { PlanInput } from "./service-plan-input.ts";
import { httpTargetGroup, nlbTargetGroup } from "./target-group.ts";
import { taskDefinition } from "./task-definition.ts";
import { topics } from "./topics.ts";
import { accessPoint } from "./volumes.ts";
import type { DiscoveryPlan, EnvFilePlan, NetworkLoadBalancerPlan, WorkloadPlan } from "./workload-plan.ts";

export interface WorkloadToPlan {
  /** Checked: it has no errors left. */
  manifest: ServiceManifest;
  app: string;
  env: string;
  /** Whether the load balancer that the service stands behind listens with HTTPS: the application has a domain, or the
   *  environment has certificates. */
  https?: boolean;
}

/** Everything there is to do for a workload in an environment, with Copilot's names and defaults.
 *  @throws PlanRefused when ECS would not take the task definition for its size, or when an override names an element
 *  that is not there */
export function planWorkload({ manifest, app, env, https = false }: WorkloadToPlan): WorkloadPlan {
  const http = httpOf(manifest);
  const nlb = nlbOf(manifest);
  const loadBalancer = !http ? undefined : manifest.type === "Backend Service" ? "internal" : "public";
  const { exposed } = exposedPorts(manifest);
  const main = httpTarget(manifest, http ?? {}, exposed);
  const input: PlanInput = { manifest, app, env, loadBalancer, https, exposed, main };
  const rules = httpRules(manifest).map(({ rule }, i) => ({ key: i === 0 ? "main" : `rule${i}`, rule }));
  const listeners = nlbListeners(manifest).map(({ listener }, i) => ({ key: i === 0 ? "nlb" : `nlb${i}`, listener }));
  const imported = importedLoadBalancer(manifest);
  const records = aliasRecords(rules.map(({ rule }) => rule));
  const files = envFiles(manifest);
  const scaled = scaling(manifest);
  const point = accessPoint(manifest);
  const plan: WorkloadPlan = {
    app,
    env,
    name: manifest.name,
    type: manifest.type,
    builds: imageBuilds(manifest),
    images: finishedImages(manifest),
    envFiles: files,
    taskDefinition: taskDefinition(input),
    main: { container: main.container, ...(main.port !== undefined && { port: main.port }) },
    ...(manifest.image.port !== undefined && { imagePort: manifest.image.port }),
    service: service(input),
    ...(loadBalancer && { loadBalancer }),
    ...(imported !== undefined && { importedLoadBalancer: imported }),
    targetGroups: [
      ...rules.map(({ key, rule }) => httpTargetGroup(input, key, rule)),
      ...listeners.map(({ key, listener }) => nlbTargetGroup(input, key, listener)),
    ],
    listenerRules: rules.map(({ key, rule }) => listenerRule(input, key, rule)),
    ...(Object.keys(records).length > 0 && { aliasRecords: records }),
    ...(nlb && { networkLoadBalancer: networkLoadBalancer(listeners, aliasesOf(nlb)) }),
    discovery: discovery(input),
    ...(scaled && { scaling: scaled }),
    alarms: ownAlarms(input),
    topics: topics(input),
    ...(point && { accessPoint: point }),
    roles: { execution: executionRole(input, files), task: taskRole(input) },
    logRetentionDays: manifest.logging?.retention ?? 30,
  };
  checkSize(plan);
  return plan;
}

function discovery({ manifest, app, env, main: { port } }: PlanInput): DiscoveryPlan {
  return { namespace: `${env}.${app}.local`, name: manifest.name, ...(port !== undefined && { port }) };
}

type Listeners = { key: string; listener: ReturnType<typeof nlbListeners>[number]["listener"] }[];

const defaultPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";

function networkLoadBalancer(listeners: Listeners, aliases: string[]): NetworkLoadBalancerPlan {
  return {
    listeners: listeners.map(({ key, listener }) => {
      const { port = 0, protocol = "tcp" } = parsePortMapping(listener.port ?? "") ?? {};
      return {
        key,
        port,
        protocol: protocol.toUpperCase() as "TCP" | "UDP" | "TLS",
        ...(protocol === "tls" && { sslPolicy: listener.ssl_policy ?? defaultPolicy }),
      };
    }),
    aliases,
  };
}

/** The aliases of rules by the hosted zone that is to hold their records. */
function aliasRecords(rules: readonly Parameters<typeof hostedZonesOf>[0][]): Record<string, string[]> {
  const records: Record<string, string[]> = {};
  for (const { name, zone } of rules.flatMap(hostedZonesOf)) {
    const names = (records[zone] ??= []);
    if (!names.includes(name)) names.push(name);
  }
  return records;
}

/** The environment files of the containers, the main one first. */
function envFiles({ name, env_file, logging, sidecars }: ServiceManifest): EnvFilePlan[] {
  const all = [
    { container: name, path: env_file },
    { container: logRouter, path: logging?.env_file },
    ...sortedEntries(sidecars).map(([container, sidecar]) => ({ container, path: sidecar.env_file })),
  ];
  return all.flatMap(({ container, path }) => (path === undefined ? [] : [{ container, path }]));
}

const sizeLimit = 65_536;

function checkSize(plan: WorkloadPlan): void {
  // References are hardly longer than what they stand for: most task definitions are far from the limit.
  if (JSON.stringify(plan.taskDefinition).length < sizeLimit / 8) return;
  const size = Buffer.byteLength(JSON.stringify(printableTaskDefinition(plan)));
  if (size <= sizeLimit) return;
  throw new PlanRefused(
    "task/definition-size",
    ["name"],
    `the task definition has ${size} bytes, and ECS takes ${sizeLimit}`,
    "keep large values in a file of the image, or in an `env_file`",
  );
}
