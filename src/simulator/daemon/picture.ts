import type { TargetGroupPlan } from "../../plan/workload-plan.ts";
import type { EdgeListener, EdgePicture, EdgeTarget, EdgeTargetGroup } from "../edge/edge.ts";
import type { Deployment, Service, SimulatorState, Task } from "../engine/state.ts";

/** First port that is tried for each kind of listener. */
const firstPorts = { public: 8080, internal: 9080, service: 18080 };

/** The load balancers as the state wants them. Pure.
 *  @param port the port that a listener has kept */
export function edgePicture(state: SimulatorState, port: (listener: string) => number | undefined): EdgePicture {
  const listeners = new Map<string, EdgeListener>();
  const targetGroups: Record<string, EdgeTargetGroup> = {};
  for (const service of Object.values(state.services)) {
    const primary = service.deployments.find((deployment) => deployment.status === "PRIMARY");
    if (primary === undefined || service.status === "INACTIVE") continue;
    const { plan } = primary.spec;
    const draining = service.deployments.flatMap((deployment) => deployment.spec.plan.targetGroups);
    for (const group of [...plan.targetGroups, ...draining])
      targetGroups[targetGroupId(service, group)] ??= targetGroup(service, group, state);
    if (plan.loadBalancer === undefined) continue;
    const shared = listenerFor(
      listeners,
      `${service.app}/${service.env}/${plan.loadBalancer}`,
      firstPorts[plan.loadBalancer],
      port,
    );
    const own = listenerFor(listeners, service.id, firstPorts.service, port);
    for (const rule of plan.listenerRules) {
      const paths = rule.conditions.flatMap((condition) => condition.PathPatternConfig?.Values ?? []);
      shared.rules.push({
        priority: service.rulePriorities[rule.key] ?? 50_000,
        paths,
        targetGroup: `${service.id}/${rule.targetGroup}`,
      });
    }
    const [first] = plan.listenerRules;
    if (first !== undefined)
      own.rules.push({ priority: 1, paths: ["*"], targetGroup: `${service.id}/${first.targetGroup}` });
  }
  for (const listener of listeners.values()) listener.rules.sort((a, b) => a.priority - b.priority);
  return { listeners: [...listeners.values()], targetGroups };
}

export function loadBalancerListener(app: string, env: string, loadBalancer: "public" | "internal"): string {
  return `${app}/${env}/${loadBalancer}`;
}

/** The listener of a load balancer that nothing stands behind yet. */
export function emptyListener(id: string, loadBalancer: "public" | "internal", port: number | undefined): EdgeListener {
  return { id, port, firstPort: firstPorts[loadBalancer], rules: [] };
}

function listenerFor(
  listeners: Map<string, EdgeListener>,
  id: string,
  firstPort: number,
  port: (listener: string) => number | undefined,
): EdgeListener {
  const found = listeners.get(id) ?? { id, firstPort, port: port(id), rules: [] };
  listeners.set(id, found);
  return found;
}

function targetGroupId(service: Service, group: TargetGroupPlan): string {
  return `${service.id}/${group.key}`;
}

function targetGroup(service: Service, group: TargetGroupPlan, state: SimulatorState): EdgeTargetGroup {
  const id = targetGroupId(service, group);
  const { request } = group;
  return {
    id,
    serviceId: service.id,
    healthCheck: {
      protocol: request.HealthCheckProtocol === "TCP" ? "TCP" : "HTTP",
      path: request.HealthCheckPath ?? "/",
      codes: request.Matcher?.HttpCode ?? "200",
      intervalMs: ((request.HealthCheckIntervalSeconds ?? 30) * 1000) / state.speed,
      timeoutMs: (request.HealthCheckTimeoutSeconds ?? 5) * 1000,
    },
    targets: Object.values(state.tasks)
      .filter((task) => task.serviceId === service.id)
      .flatMap((task) => targetsOf(task, id, checkPort(service, task, group))),
  };
}

/** A check on a fixed port goes to where that port of the task is published. */
function checkPort(service: Service, task: Task, group: TargetGroupPlan): number | undefined {
  const asked = deploymentOf(service, task)?.spec.plan.targetGroups.find(({ key }) => key === group.key)?.request
    .HealthCheckPort;
  return asked === undefined || asked === "traffic-port" ? undefined : task.ports[Number(asked)];
}

function deploymentOf(service: Service, task: Task): Deployment | undefined {
  return service.deployments.find(({ id }) => id === task.deploymentId);
}

function targetsOf(task: Task, group: string, check: number | undefined): EdgeTarget[] {
  return task.targets.flatMap((target) => {
    const port = task.ports[target.containerPort];
    if (target.targetGroup !== group || target.state === "unused" || port === undefined) return [];
    return [{ task: task.id, address: "127.0.0.1", port, checkPort: check, state: target.state }];
  });
}
