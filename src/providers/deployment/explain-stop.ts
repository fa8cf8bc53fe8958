import type { StoppedTask } from "../provider.ts";
import { containerHint } from "./container-hint.ts";
import { type DeployedVersion, type EndedContainer, type EndedTask, flagsOf } from "./ended-task.ts";

/** Where a program listens. */
export interface Listener {
  address: string;
  port: number;
}

/** What is known of a task that failed, beside its state. */
export interface Evidence {
  on: "local" | "aws";
  /** Of a one-off task, whose program may end and which no manifest describes. */
  isOneOff?: boolean;
  lastLogs: string[];
  /** Where its programs listened shortly before the end; undefined when nobody could look. */
  listeners?: Listener[];
  /** What its last health check said: `Health checks failed with these codes: [404]`. */
  lastCheck?: string;
  /** What to do when it did not get its values, in the words of the back end.
   *  @param sources every `valueFrom` of the task */
  valuesHint?: (reason: string, sources: readonly string[]) => string | undefined;
  /** What to do when an image could not be pulled; absent: as docker would be asked. */
  pullHint?: (reason: string, image: string) => string;
}

/** The stop codes and reasons that mean that something went wrong, not that the scheduler wanted fewer tasks. */
export function hasFailed(task: EndedTask): boolean {
  if (task.stopCode === "TaskFailedToStart" || task.stopCode === "EssentialContainerExited") return true;
  return (
    task.stopCode === "ServiceSchedulerInitiated" &&
    /failed (ELB|container) health checks/.test(task.stoppedReason ?? "")
  );
}

/** The container whose end explains the stop. */
export function failedContainer(task: EndedTask): EndedContainer | undefined {
  const blamed = task.containers.find(({ name }) => namedBy(task, name));
  if (blamed !== undefined) return blamed;
  const exits = task.containers.filter(
    ({ essential, exitCode, startedAt }) => essential && exitCode !== undefined && startedAt !== undefined,
  );
  if (task.stopCode === "EssentialContainerExited" && exits.length > 0)
    return exits.toSorted((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0))[0];
  const ended = task.containers.filter(
    (container) => container.reason !== undefined || container.exitCode !== undefined,
  );
  return (
    ended.find(({ reason }) => reason !== undefined) ??
    ended.filter(({ essential }) => essential).toSorted((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0))[0] ??
    task.containers.find(({ essential }) => essential)
  );
}

/** A container that never started names the one that it waited for: `dependency graph: … [NAME …]`. */
function namedBy(task: EndedTask, name: string): boolean {
  return task.containers.some(
    ({ reason }) => reason?.includes("dependency graph:") === true && reason.includes(`[${name}`),
  );
}

export function explainStop(task: EndedTask, version: DeployedVersion | undefined, evidence: Evidence): StoppedTask {
  return {
    id: task.id,
    deploymentId: task.deploymentId,
    stopCode: task.stopCode ?? "",
    reason: task.stoppedReason ?? "",
    containers: task.containers.map(({ name, exitCode, reason }) => ({ name, exitCode, reason })),
    failedContainer: failedContainer(task)?.name,
    lastLogs: evidence.lastLogs,
    hint: hintFor(task, version, evidence),
  };
}

function hintFor(task: EndedTask, version: DeployedVersion | undefined, evidence: Evidence): string | undefined {
  const reason = task.stoppedReason ?? "";
  const container = failedContainer(task);
  if (/ResourceInitializationError/.test(reason)) return evidence.valuesHint?.(reason, secretSources(version));
  if (/CannotPull/.test(reason)) return pullHint(container, version, reason, evidence);
  const known = containerHint(task, container, version, evidence);
  if (known !== undefined) return known;
  if (/failed ELB health checks/.test(reason)) return healthHint(task, version, evidence);
  if (task.stopCode === "EssentialContainerExited" && evidence.isOneOff !== true) {
    const { name = container?.name ?? "", env = "local" } = version ?? {};
    const logs = `pilotfish svc logs ${flagsOf({ name, env }, evidence.on)} --previous`;
    return container?.exitCode === 0
      ? `the program ended by itself; a service's program has to keep running. ${logs}`
      : logs;
  }
  return undefined;
}

function secretSources(version: DeployedVersion | undefined): string[] {
  const containers = version?.taskDefinition.containerDefinitions ?? [];
  return containers.flatMap(({ secrets = [] }) => secrets.map(({ valueFrom = "" }) => valueFrom));
}

function pullHint(
  container: EndedContainer | undefined,
  version: DeployedVersion | undefined,
  reason: string,
  evidence: Evidence,
): string {
  const definition = version?.taskDefinition.containerDefinitions?.find(({ name }) => name === container?.name);
  const image = definition?.image ?? version?.taskDefinition.containerDefinitions?.[0]?.image ?? "IMAGE";
  if (evidence.pullHint !== undefined) return evidence.pullHint([reason, container?.reason].join(" "), image);
  return `docker pull ${image}    (says whether the image exists and whether you may read it)`;
}

/** Why a load balancer cannot reach a program that runs: what a person finds out with `ss -ltn` inside the task. */
function healthHint(
  task: EndedTask,
  version: DeployedVersion | undefined,
  { listeners, lastCheck }: Evidence,
): string | undefined {
  const failed = task.targets.find(({ description }) => description !== undefined) ?? task.targets[0];
  const group = version?.targetGroups.find(({ key }) => failed?.targetGroup.endsWith(`/${key}`));
  const port = failed?.containerPort ?? group?.containerPort;
  if (port === undefined) return undefined;
  const path = group?.request.HealthCheckPath ?? "/";
  if (listeners !== undefined) {
    const onPort = listeners.filter((listener) => listener.port === port);
    if (onPort.length > 0 && onPort.every(({ address }) => isLoopback(address)))
      return `the program listens on ${printed(onPort[0] as Listener)} only, which nobody outside its container can reach: make it listen on 0.0.0.0:${port}`;
    if (onPort.length === 0 && listeners.length > 0)
      return `nothing listens on port ${port}; the program listens on ${listeners.map(printed).join(", ")}: make image.port and the program agree`;
    if (listeners.length === 0)
      return `nothing listens in the container: the program has to listen on 0.0.0.0:${port} (image.port)`;
  }
  const check = lastCheck ?? failed?.description ?? "";
  const codes = /\[(\d+)\]/.exec(check);
  if (codes !== null)
    return `GET ${path} answered ${codes[1]}, ${group?.request.Matcher?.HttpCode ?? "200"} is wanted: set http.healthcheck.path, or http.healthcheck.success_codes, in the manifest`;
  if (/timed out/.test(check))
    return `GET ${path} did not answer within ${group?.request.HealthCheckTimeoutSeconds ?? 5} s: give http.healthcheck.timeout or grace_period more time, or a cheaper path`;
  return undefined;
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1" || address.startsWith("::ffff:127.");
}

function printed({ address, port }: Listener): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
