import { aliasesOf } from "../manifest/aliases.ts";
import { isTask, type TaskManifest, type WorkloadManifest } from "../manifest/load.ts";
import { httpRules } from "../manifest/targets.ts";
import { sortedEntries } from "./names.ts";
import { isManaged } from "./volumes.ts";

/** The environment makes a load balancer, NAT gateways … when the first workload needs them. Each need is a parameter of
 *  its stack: the names of the workloads, with commas. */
export const needs = [
  "ALBWorkloads",
  "InternalALBWorkloads",
  "EFSWorkloads",
  "NATWorkloads",
  "AppRunnerPrivateWorkloads",
] as const;

export type Need = (typeof needs)[number];

export interface WorkloadNeeds {
  name: string;
  needs: Need[];
  /** The names that its requests come to by way of the environment's load balancer. */
  aliases: string[];
}

/** What a workload needs of its environment. */
export function needsOf(manifest: WorkloadManifest): WorkloadNeeds {
  if (isTask(manifest)) return needsOfTasks(manifest);
  const isRequestDriven = manifest.type === "Request-Driven Web Service";
  const found: Partial<Record<Need, boolean>> = {
    NATWorkloads: isRequestDriven && manifest.network?.vpc?.placement === "private",
    AppRunnerPrivateWorkloads: isRequestDriven && manifest.http?.private === true,
  };
  return { name: manifest.name, needs: needs.filter((need) => found[need] === true), aliases: [] };
}

function needsOfTasks(manifest: TaskManifest): WorkloadNeeds {
  const placement = manifest.network?.vpc?.placement;
  const volumes = Object.values(manifest.storage?.volumes ?? {});
  const rules = httpRules(manifest).map(({ rule }) => rule);
  const isPublic = manifest.type === "Load Balanced Web Service";
  const bringsOwn = isPublic && typeof manifest.http === "object" && manifest.http.alb !== undefined;
  const found: Record<Need, boolean> = {
    ALBWorkloads: isPublic && rules.length > 0 && !bringsOwn,
    InternalALBWorkloads: manifest.type === "Backend Service" && rules.length > 0,
    EFSWorkloads: volumes.some(isManaged),
    NATWorkloads: placement === "private",
    AppRunnerPrivateWorkloads: false,
  };
  return {
    name: manifest.name,
    needs: needs.filter((need) => found[need]),
    aliases: isPublic && !bringsOwn ? [...new Set(rules.flatMap(aliasesOf))] : [],
  };
}

/** The parameters that say what the workloads of an environment need. A name that is deployed already is never taken
 *  out, also when the workload is gone from the workspace or has become one that needs something else: with the last name
 *  CloudFormation would take down what it stands for, data and all, while the workload as it is deployed still uses it.
 *  The same goes for aliases. Names go when their workload has been deployed anew ({@link settledParameters}) or deleted.
 *  @param deployed the parameters of the environment's stack as it is */
export function needParameters(
  workloads: readonly WorkloadNeeds[],
  deployed: Readonly<Record<string, string>> = {},
): Record<Need | "Aliases", string> {
  const byNeed = needs.map((need) => {
    const present = (deployed[need] ?? "").split(",").filter(Boolean);
    const added = workloads.filter((workload) => workload.needs.includes(need)).map(({ name }) => name);
    return [need, [...new Set([...present, ...added.toSorted()])].join(",")] as const;
  });
  const aliases = new Map(Object.entries(aliasesFrom(deployed["Aliases"])));
  for (const { name, aliases: own } of workloads)
    if (own.length > 0) aliases.set(name, [...new Set([...(aliases.get(name) ?? []), ...own])]);
  return {
    ...(Object.fromEntries(byNeed) as Record<Need, string>),
    Aliases: aliasesParameter(Object.fromEntries(aliases)),
  };
}

function aliasesParameter(aliases: Readonly<Record<string, readonly string[]>>): string {
  const named = sortedEntries(aliases).filter(([, names]) => names.length > 0);
  return named.length === 0 ? "" : JSON.stringify(Object.fromEntries(named));
}

/** The parameter `Aliases`: JSON of the names by workload; what is none counts as empty, as it does for Copilot. */
export function aliasesFrom(parameter: string | undefined): Record<string, string[]> {
  const found: Record<string, string[]> = Object.create(null);
  for (const [name, list] of Object.entries(parsed(parameter)))
    found[name] = Array.isArray(list) ? list.map(String) : [];
  return found;
}

/** All names in the parameters of an environment's stack, each once. */
export function aliasNames(parameters: Readonly<Record<string, string>>): string[] {
  return [...new Set(Object.values(aliasesFrom(parameters["Aliases"])).flat())];
}

function parsed(parameter: string | undefined): object {
  try {
    const given: unknown = JSON.parse(parameter || "{}");
    return typeof given === "object" && given !== null ? given : {};
  } catch {
    return {};
  }
}

/** The parameters of an environment's stack that change once a workload is deployed with what it needs now: its name goes out of
 *  the others, and its aliases are these and no more. In `EFSWorkloads` the last name stays: the file system would go with it,
 *  and the data of a workload that is still there.
 *  @param deployed the parameters as they are */
export function settledParameters(
  { name, needs: own, aliases }: WorkloadNeeds,
  deployed: Readonly<Record<string, string>>,
): Record<string, string> {
  const { Aliases: _, ...left } = withoutWorkload(name, deployed);
  const holdsData = (parameter: string, value: string) => parameter === "EFSWorkloads" && value === "";
  const changed = Object.entries(left).filter(
    ([parameter, value]) => !own.some((need) => need === parameter) && !holdsData(parameter, value),
  );
  const { [name]: before = [], ...others } = aliasesFrom(deployed["Aliases"]);
  const isSame = before.toSorted().join(",") === aliases.toSorted().join(",");
  return {
    ...Object.fromEntries(changed),
    ...(!isSame && { Aliases: aliasesParameter({ ...others, [name]: aliases }) }),
  };
}

/** The parameters of an environment's stack that change when a workload goes: its name is in none of those that end in
 *  `Workloads`, its aliases are gone. Nothing where it is named nowhere.
 *  @param deployed the parameters as they are */
export function withoutWorkload(name: string, deployed: Readonly<Record<string, string>>): Record<string, string> {
  const changed: Record<string, string> = {};
  for (const [parameter, value] of Object.entries(deployed)) {
    const names = value.split(",").filter(Boolean);
    if (parameter.endsWith("Workloads") && names.includes(name))
      changed[parameter] = names.filter((each) => each !== name).join(",");
  }
  const { [name]: own, ...others } = aliasesFrom(deployed["Aliases"]);
  if (own !== undefined) changed["Aliases"] = Object.keys(others).length === 0 ? "" : JSON.stringify(others);
  return changed;
}
