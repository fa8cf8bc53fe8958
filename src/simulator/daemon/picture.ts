import type { ResolvedWorkloadPlan, TargetGroupPlan } from "../../plan/workload-plan.ts";
import type { EdgeHealthCheck, EdgeHttpListener, EdgeListener, EdgePicture, EdgeTargetGroup } from "../edge/edge.ts";
import { targetGroupId } from "../engine/names.ts";
import type { Service, SimulatorState, Task } from "../engine/state.ts";
import { defaultFirstPort, firstPorts } from "./first-port.ts";
import {
  type LoadBalancerName,
  loadBalancerListener,
  networkListener,
  ownAddresses,
  speaksHttp1,
} from "./listener-ids.ts";
import { ruleConditions } from "./rule-conditions.ts";
import { rulesInForce } from "./rules-in-force.ts";

/** A network load balancer's listener has its own port when everybody may listen there, else the one so far above. */
const firstFreeForAll = 1024;
const aboveReserved = 10_000;

export interface Listening {
  /** The port that a listener has kept. */
  port: (listener: string) => number | undefined;
  /** {@link defaultFirstPort} when absent. */
  firstPort?: number | undefined;
  /** Tasks speak HTTP/1.1 without TLS, whatever their programs would speak. */
  simulated?: boolean | undefined;
}

/** The load balancers as the state wants them. Pure. */
export function edgePicture(state: SimulatorState, listening: Listening): EdgePicture {
  const { simulated } = listening;
  const loadBalancers = new Map<string, EdgeHttpListener>();
  const ofServices: EdgeListener[] = [];
  const targetGroups: Record<string, EdgeTargetGroup> = {};
  const tasks = tasksByService(state);
  for (const service of Object.values(state.services)) {
    const plan = service.deployments.find((deployment) => deployment.status === "PRIMARY")?.spec.plan;
    if (plan === undefined || service.status === "INACTIVE") continue;
    const draining = service.deployments.flatMap((deployment) => deployment.spec.plan.targetGroups);
    for (const group of [...plan.targetGroups, ...draining])
      targetGroups[targetGroupId(service.id, group.key)] ??= targetGroup(
        service,
        group,
        tasks.get(service.id) ?? [],
        state.speed,
      );
    ofServices.push(...ownListeners(service, plan, listening));
    if (plan.loadBalancer === undefined) continue;
    const { app, env, loadBalancer, importedLoadBalancer } = plan;
    const id = loadBalancerListener(app, env, loadBalancer, importedLoadBalancer);
    const shared = loadBalancers.get(id) ?? emptyListener(id, loadBalancer, listening);
    loadBalancers.set(id, shared);
    for (const rule of rulesInForce(service, tasks.get(service.id) ?? []))
      shared.rules.push({
        priority: service.rulePriorities[rule.key] ?? 50_000,
        ...ruleConditions(rule),
        targetGroup: targetGroupId(service.id, rule.targetGroup),
      });
  }
  for (const { rules } of loadBalancers.values()) rules.sort((a, b) => a.priority - b.priority);
  if (simulated) for (const group of Object.values(targetGroups)) speakHttp1(group);
  return { listeners: [...loadBalancers.values(), ...ofServices], targetGroups };
}

/** The listener of a load balancer that nothing stands behind yet. */
export function emptyListener(
  id: string,
  loadBalancer: LoadBalancerName,
  { port, firstPort = defaultFirstPort }: Listening,
): EdgeHttpListener {
  return { id, port: port(id), firstPort: firstPorts(firstPort)[loadBalancer], rules: [] };
}

/** The service's own addresses, and its network load balancer. An own address passes on bytes when its target speaks
 *  something else than HTTP/1.1. */
function ownListeners({ id }: Service, plan: ResolvedWorkloadPlan, listening: Listening): EdgeListener[] {
  const { port, firstPort = defaultFirstPort, simulated } = listening;
  const own = ownAddresses(id, plan).map(([listener, key]): EdgeListener => {
    const place = { id: listener, port: port(listener), firstPort: firstPorts(firstPort).service };
    const group = targetGroupId(id, key);
    const isHttp = simulated || speaksHttp1(plan.targetGroups.find((one) => one.key === key));
    return isHttp
      ? { ...place, rules: [{ priority: 1, paths: ["*"], targetGroup: group }] }
      : { ...place, protocol: "TCP", targetGroup: group };
  });
  const network = (plan.networkLoadBalancer?.listeners ?? []).map((listener): EdgeListener => {
    const networkId = networkListener(id, listener);
    return {
      id: networkId,
      port: port(networkId),
      firstPort: listener.port < firstFreeForAll ? listener.port + aboveReserved : listener.port,
      protocol: listener.protocol === "UDP" ? "UDP" : "TCP",
      targetGroup: targetGroupId(id, listener.key),
    };
  });
  return [...own, ...network];
}

function targetGroup(service: Service, group: TargetGroupPlan, tasks: Task[], speed: number): EdgeTargetGroup {
  const id = targetGroupId(service.id, group.key);
  return {
    id,
    serviceId: service.id,
    ...version(group),
    ...stickiness(group),
    healthCheck: healthCheck(group, speed),
    targets: tasks.flatMap((task) => targetsOf(service, task, group.key)),
  };
}

function healthCheck(group: TargetGroupPlan, speed: number): EdgeHealthCheck {
  const { request } = group;
  return {
    protocol: request.HealthCheckProtocol === "TCP" ? "TCP" : "HTTP",
    ...version(group),
    path: request.HealthCheckPath ?? "/",
    codes: request.Matcher?.GrpcCode ?? request.Matcher?.HttpCode ?? "200",
    intervalMs: ((request.HealthCheckIntervalSeconds ?? 30) * 1000) / speed,
    timeoutMs: (request.HealthCheckTimeoutSeconds ?? 5) * 1000,
  };
}

function speakHttp1(group: EdgeTargetGroup): void {
  if (group.version === "GRPC") group.healthCheck.codes = "200";
  delete group.version;
  delete group.healthCheck.version;
  for (const target of group.targets) {
    delete target.tls;
    delete target.checkTls;
  }
}

/** ALB's own duration of a day, unless the group has another. */
function stickiness({ attributes, request }: TargetGroupPlan): Pick<EdgeTargetGroup, "stickiness"> {
  const value = (key: string) => attributes.find(({ Key }) => Key === key)?.Value;
  if (value("stickiness.enabled") !== "true") return {};
  if (request.Protocol === "TCP" || request.Protocol === "UDP") return { stickiness: { type: "source_ip" } };
  return {
    stickiness: { type: "lb_cookie", seconds: Number(value("stickiness.lb_cookie.duration_seconds") ?? 86_400) },
  };
}

/** A task is spoken to as its own deployment says, whatever the group has become since. */
function targetsOf(service: Service, task: Task, key: string): EdgeTargetGroup["targets"] {
  const id = targetGroupId(service.id, key);
  const plan = service.deployments.find((deployment) => deployment.id === task.deploymentId)?.spec.plan;
  const request = plan?.targetGroups.find((group) => group.key === key)?.request;
  const check = request?.HealthCheckPort;
  const checkPort = check === undefined || check === "traffic-port" ? undefined : task.ports[Number(check)];
  return task.targets.flatMap(({ targetGroup: group, containerPort, state }) => {
    const port = task.ports[containerPort];
    if (group !== id || state === "unused" || port === undefined) return [];
    return [
      {
        task: task.id,
        address: "127.0.0.1",
        port,
        ...(request?.Protocol === "HTTPS" && { tls: true }),
        checkPort,
        ...(request?.HealthCheckProtocol === "HTTPS" && { checkTls: true }),
        state,
      },
    ];
  });
}

function version({ request: { ProtocolVersion: asked } }: TargetGroupPlan): Pick<EdgeTargetGroup, "version"> {
  return asked === "HTTP2" || asked === "GRPC" ? { version: asked } : {};
}

function tasksByService({ tasks }: SimulatorState): Map<string, Task[]> {
  const found = new Map<string, Task[]>();
  for (const task of Object.values(tasks)) {
    const known = found.get(task.serviceId);
    if (known === undefined) found.set(task.serviceId, [task]);
    else known.push(task);
  }
  return found;
}
