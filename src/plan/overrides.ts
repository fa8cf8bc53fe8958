import { PlanRefused } from "./plan-refused.ts";
import type { WorkloadPlan } from "./workload-plan.ts";

interface Override {
  path: string;
  value: unknown;
}

type Tree = Record<string, unknown>;

/** The task definition with the manifest's `taskdef_overrides` laid over it, one after the other. Their paths and maps
 *  use CloudFormation's names. @throws PlanRefused where a list has no such element */
export function overridden(
  rendered: WorkloadPlan["taskDefinition"],
  overrides: readonly Override[],
): WorkloadPlan["taskDefinition"] {
  if (overrides.length === 0) return rendered;
  // What an override changes is copied on the way to it.
  const result = { ...rendered } as unknown as Tree;
  for (const [i, override] of overrides.entries()) apply(result, override, i);
  return result as unknown as WorkloadPlan["taskDefinition"];
}

function apply(root: Tree, { path, value }: Override, number: number): void {
  let here: Tree = root;
  let isUserKeyed = false;
  const segments = path.split(".");
  for (const [i, segment] of segments.entries()) {
    const [, name = "", index] = /^([^[]+)(?:\[(\d+|-)\])?$/.exec(segment) ?? [];
    const key: string = isUserKeyed ? name : memberName(name);
    const isLast = i === segments.length - 1;
    const below: boolean = !isUserKeyed && userKeyed.has(key);
    const member = here[key];
    if (index === undefined) {
      if (!isLast && Array.isArray(member)) throw noMember(number, segment, `is a list: write \`${name}[0]\``);
      if (!isLast && member !== undefined && typeof member !== "object")
        throw noMember(number, segment, "holds no others");
      if (isLast) here[key] = converted(key, value, below, here === root);
      else here = here[key] = { ...(here[key] as Tree | undefined) };
    } else {
      if (member !== undefined && !Array.isArray(member)) throw noMember(number, segment, "is no list");
      const list = (here[key] = [...((here[key] as unknown[] | undefined) ?? [])]);
      const at = index === "-" ? list.length : Number(index);
      if (at > list.length || (at === list.length && index !== "-")) throw noElement(number, segment, list.length);
      if (isLast) list[at] = converted(key, value, below, false);
      else here = list[at] = { ...(list[at] as Tree | undefined) };
    }
    isUserKeyed = below;
  }
}

function noElement(number: number, segment: string, length: number): PlanRefused {
  const has = length === 0 ? "is empty" : length === 1 ? "has one element" : `has ${length} elements`;
  return new PlanRefused(
    "taskdef-overrides/element",
    ["taskdef_overrides", number, "path"],
    `there is no \`${segment}\`: the list ${has}`,
    "elements count from 0, and [-] adds one",
  );
}

function noMember(number: number, segment: string, what: string): PlanRefused {
  return new PlanRefused(
    "taskdef-overrides/path",
    ["taskdef_overrides", number, "path"],
    `\`${segment}\` ${what}`,
    "such as `ContainerDefinitions[0].Ulimits[-].Name`; [-] adds an element",
  );
}

/** Maps whose keys the user chooses. */
const userKeyed = new Set(["options", "dockerLabels", "labels", "driverOpts"]);

/** Where the API's spelling is not CloudFormation's with a small first letter. */
const exceptions: Record<string, string> = {
  EFSVolumeConfiguration: "efsVolumeConfiguration",
  FSxWindowsFileServerVolumeConfiguration: "fsxWindowsFileServerVolumeConfiguration",
  FilesystemId: "fileSystemId",
  IAM: "iam",
};

/** The API's name of a member: `portMappings` for `PortMappings`. */
function memberName(name: string): string {
  return (
    (Object.hasOwn(exceptions, name) ? exceptions[name] : undefined) ?? name.charAt(0).toLowerCase() + name.slice(1)
  );
}

/** Members that are texts, which people write as numbers. */
const texts = new Set(["value", "valueFrom", "cpuArchitecture"]);

function converted(key: string, value: unknown, isUserKeyed: boolean, isTop: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => converted(key, item, isUserKeyed, false));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => {
        if (isUserKeyed) return [name, String(item)];
        const member = memberName(name);
        return [member, converted(member, item, userKeyed.has(member), false)];
      }),
    );
  }
  const isText =
    isUserKeyed || texts.has(key) || (isTop && (key === "cpu" || key === "memory")) || listsOfTexts.has(key);
  return isText ? String(value) : value;
}

/** Lists of texts. */
const listsOfTexts = new Set([
  "command",
  "entryPoint",
  "requiresCompatibilities",
  "links",
  "dnsServers",
  "dnsSearchDomains",
]);
