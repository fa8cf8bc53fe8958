import type { WorkloadPlan } from "./workload-plan.ts";

/** The order in which workloads of one environment are deployed: whom others need, first. A workload needs another one
 *  whose name in the network, or whose stack's exports, stand in the environment or the command of its containers, or whose
 *  topics it subscribes to. What
 *  is free is in the order of the names; who needs each other in a circle, too. Pure. */
export function deploymentOrder(plans: readonly WorkloadPlan[]): string[] {
  const left = new Map(
    plans.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((plan) => [plan.name, neededBy(plan, plans)]),
  );
  const needsOf = (name: string): string[] => (left.get(name) ?? []).filter((each) => left.has(each));
  const order: string[] = [];
  while (left.size > 0) {
    const names = [...left.keys()];
    const free = names.find((name) => needsOf(name).length === 0);
    const next = free ?? names.find((name) => isInFirstCircle(name, needsOf)) ?? "";
    order.push(next);
    left.delete(next);
  }
  return order;
}

/** Whether all that a workload needs, near and far, needs it in turn. */
function isInFirstCircle(name: string, needsOf: (name: string) => string[]): boolean {
  return [...reach(name, needsOf)].every((each) => reach(each, needsOf).has(name));
}

function reach(name: string, needsOf: (name: string) => string[]): Set<string> {
  const found = new Set(needsOf(name));
  for (const each of found) for (const further of needsOf(each)) found.add(further);
  return found;
}

/** The names of the others that a workload needs. */
export function neededBy(plan: WorkloadPlan, all: readonly WorkloadPlan[]): string[] {
  const { texts, imports } = mentions(plan);
  return all.flatMap((other) => {
    if (other.name === plan.name) return [];
    const stack = `${other.app}-${other.env}-${other.name}-`;
    const hosts = hostsOf(other);
    const isNeeded =
      plan.subscribe?.subscriptions.some(({ service }) => service === other.name) === true ||
      imports.some((name) => name.startsWith(stack)) ||
      texts.some((text) => hosts.some((host) => isNamedIn(text, host)));
    return isNeeded ? [other.name] : [];
  });
}

/** Its discovery name, the short one, and its alias of Service Connect. */
function hostsOf({ name, discovery, service }: WorkloadPlan): string[] {
  const aliases = (service.serviceConnectConfiguration?.services ?? []).flatMap(({ clientAliases = [] }) =>
    clientAliases.flatMap(({ dnsName }) => (typeof dnsName === "string" ? [dnsName] : [])),
  );
  const full = discovery === undefined ? [] : [`${discovery.name}.${discovery.namespace}`];
  return [...new Set([name, ...full, ...aliases])];
}

/** Whether a text is this host, or has it where a host stands: behind `//` or `@`, or before a port. A word that only
 *  looks like it, in the middle of others, is none. */
function isNamedIn(text: string, host: string): boolean {
  const quoted = host.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const one = `(?:^|//|[@,;=\\s])${quoted}`;
  return new RegExp(`^${quoted}$|${one}:\\d|(?://|@)${quoted}(?:[/?#,;\\s]|$)`, "i").test(text);
}

function mentions({ taskDefinition }: WorkloadPlan): { texts: string[]; imports: string[] } {
  const texts: string[] = [];
  const imports: string[] = [];
  for (const { environment = [], command = [], entryPoint = [] } of taskDefinition.containerDefinitions ?? [])
    for (const value of [...environment.filter(isTheirs).map((each) => each.value), ...command, ...entryPoint])
      if (typeof value === "string") texts.push(value);
      else if (typeof value === "object" && "import" in value) imports.push(value.import);
  return { texts, imports };
}

/** Copilot's own variables name the application and the service itself. */
function isTheirs({ name }: { name?: unknown }): boolean {
  return typeof name === "string" && !name.startsWith("COPILOT_");
}
