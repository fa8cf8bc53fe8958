import { aliasesOf, hostedZonesOf } from "../manifest/aliases.ts";
import type { ServiceManifest } from "../manifest/load.ts";
import { parsePortMapping } from "../manifest/port-mapping.ts";
import { exposedPorts, httpOf, httpRules, httpTarget, nlbListeners, nlbOf } from "../manifest/targets.ts";
import { importedLoadBalancer } from "./environment.ts";
import type { AddonOutputs } from "./addon-outputs.ts";
import { planTask } from "./plan-task.ts";
import { discoveryNamespace } from "./names.ts";
import { listenerRule } from "./listener-rule.ts";
import { scaling } from "./scaling.ts";
import { ownAlarms, service } from "./service.ts";
import { subscribe } from "./queues.ts";
import type { ServicePlanInput } from "./service-plan-input.ts";
import { httpTargetGroup, nlbTargetGroup } from "./target-group.ts";
import type { DiscoveryPlan, NetworkLoadBalancerPlan, WorkloadPlan } from "./workload-plan.ts";

export interface WorkloadToPlan {
  /** Checked: it has no errors left. */
  manifest: ServiceManifest;
  app: string;
  env: string;
  /** Whether the load balancer that the service stands behind listens with HTTPS: the application has a domain, or the
   *  environment has certificates. */
  https?: boolean;
  /** Where services of the environment find each other; that of a new environment when absent. */
  namespace?: string;
  /** What its addons give it. */
  addons?: AddonOutputs;
}

/** Everything there is to do for a workload in an environment, with Copilot's names and defaults.
 *  @throws PlanRefused when ECS would not take the task definition for its size, or when an override names an element
 *  that is not there */
export function planWorkload(given: WorkloadToPlan): WorkloadPlan {
  const { manifest, app, env, https = false, namespace = discoveryNamespace(app, env), addons } = given;
  const http = httpOf(manifest);
  const nlb = nlbOf(manifest);
  const loadBalancer = !http ? undefined : manifest.type === "Backend Service" ? "internal" : "public";
  const { exposed } = exposedPorts(manifest);
  const main = httpTarget(manifest, http ?? {}, exposed);
  const queues = subscribe(manifest, { app, env });
  const input: ServicePlanInput = {
    manifest,
    app,
    env,
    namespace,
    loadBalancer,
    https,
    exposed,
    main,
    ...(queues && { subscribe: queues }),
    ...(addons && { addons }),
  };
  const rules = httpRules(manifest).map(({ rule }, i) => ({ key: i === 0 ? "main" : `rule${i}`, rule }));
  const listeners = nlbListeners(manifest).map(({ listener }, i) => ({ key: i === 0 ? "nlb" : `nlb${i}`, listener }));
  const imported = importedLoadBalancer(manifest);
  const records = aliasRecords(rules.map(({ rule }) => rule));
  const scaled = scaling(manifest, queues);
  return {
    ...planTask(input),
    type: manifest.type,
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
    // Nobody calls a worker, and so nobody looks for it.
    ...(queues ? { subscribe: queues } : { discovery: discovery(input) }),
    ...(scaled && { scaling: scaled }),
    alarms: ownAlarms(input),
  };
}

function discovery({ manifest, namespace, main: { port } }: ServicePlanInput): DiscoveryPlan {
  return { namespace, name: manifest.name, ...(port !== undefined && { port }) };
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
