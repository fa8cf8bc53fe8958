import type { ContainerFacts, DependencyCondition } from "./plan-facts.ts";
import type { TaskContainer } from "./state.ts";

/** Whether a container that waits may start now; `until` is when a dependency has taken too long. */
export type Readiness = { is: "ready" } | { is: "waiting"; until: number } | { is: "impossible"; why: string };

/** Looks at all dependencies of a container. One that cannot hold any more decides, whatever the others do. */
export function readiness(
  target: ContainerFacts,
  all: readonly ContainerFacts[],
  containers: readonly TaskContainer[],
  now: number,
): Readiness {
  let waiting = false;
  let until = Infinity;
  for (const { container: name, condition } of target.dependsOn) {
    const dependency = containers.find((container) => container.name === name);
    const ordering = `container ordering dependency [${name}] for target [${target.name}]`;
    if (dependency === undefined) return impossible(`${ordering} does not exist.`);
    if (holds(condition, dependency)) continue;
    if (dependency.lastStatus === "STOPPED" && dependency.startedAt === undefined)
      return impossible(`failed to resolve ${ordering} because dependency will never start`);
    if (dependency.lastStatus === "STOPPED" && condition === "SUCCESS")
      return impossible(`failed to resolve ${ordering} as dependency did not exit successfully.`);
    const limit = waitingLimit(name, all, dependency);
    if (now >= limit) return impossible(`${ordering} has timed out.`);
    waiting = true;
    until = Math.min(until, limit);
  }
  return waiting ? { is: "waiting", until } : { is: "ready" };
}

/** False for what ECS refuses at the start of a task: a circle, or HEALTHY asked of a container without a check. */
export function resolvable(all: readonly ContainerFacts[]): boolean {
  const unchecked = new Set(all.filter(({ checked }) => !checked).map(({ name }) => name));
  if (all.some(({ dependsOn }) => dependsOn.some((on) => on.condition === "HEALTHY" && unchecked.has(on.container))))
    return false;
  let left = all;
  for (;;) {
    const names = new Set(left.map(({ name }) => name));
    const held = left.filter(({ dependsOn }) => dependsOn.some(({ container }) => names.has(container)));
    if (held.length === left.length) return left.length === 0;
    left = held;
  }
}

/** Whether every container that depends on this one has stopped: only then is it told to stop. */
export function mayStop(name: string, all: readonly ContainerFacts[], containers: readonly TaskContainer[]): boolean {
  return all.every(
    (other) =>
      !other.dependsOn.some(({ container }) => container === name) ||
      containers.find((container) => container.name === other.name)?.lastStatus === "STOPPED",
  );
}

function holds(condition: DependencyCondition, { lastStatus, startedAt, exitCode, health }: TaskContainer): boolean {
  switch (condition) {
    case "START":
      return startedAt !== undefined;
    case "COMPLETE":
      return lastStatus === "STOPPED" && startedAt !== undefined;
    case "SUCCESS":
      return lastStatus === "STOPPED" && startedAt !== undefined && exitCode === 0;
    case "HEALTHY":
      return health === "HEALTHY";
  }
}

/** Counts from the dependency's start, so START never times out; one that has stopped has no limit any more. */
function waitingLimit(name: string, all: readonly ContainerFacts[], { lastStatus, startedAt }: TaskContainer): number {
  const timeout = all.find((facts) => facts.name === name)?.startTimeout;
  if (timeout === undefined || startedAt === undefined || lastStatus === "STOPPED") return Infinity;
  return startedAt + timeout;
}

function impossible(why: string): Readiness {
  return { is: "impossible", why: `dependency graph: ${why}` };
}
