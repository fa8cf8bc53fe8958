import { type Path, dotted } from "../problems.ts";
import { type KeyTree, below, keyTree, placesOf } from "../schema/key-tree.ts";
import { nearest } from "../spelling.ts";
import { type ManifestType, workloadTypes } from "../workload-types.ts";
import { listed, quoted } from "../words.ts";
import { workloadSchemas } from "../schema/workloads.ts";
import { foreignKeyHint, variablesHint } from "./foreign-keys.ts";
import { reasonIgnored } from "./ignored-keys.ts";

export interface UnknownKey {
  type: ManifestType;
  key: string;
  /** The map that holds the key, seen from the manifest's top or from the overlay's. */
  parent: Path;
  inOverlay: boolean;
  /** The other keys that the map holds. */
  siblings: Siblings;
  /** The keys that the schema knows, from the top. */
  schemaKeys: KeyTree;
}

export interface Siblings {
  /** A key that is there needs no suggestion. */
  has(key: string): boolean;
  /** The key right before this one, when it holds nothing. */
  emptyBefore(key: string): string | undefined;
}

export interface KeyVerdict {
  code: "schema/no-effect" | "schema/unknown-key" | "schema/fixed-key" | "schema/other-type";
  message: string;
  hint?: string;
  severity: "error" | "warning";
}

/** The keys of a manifest that its overlays do not have, and why. */
const fixed: Record<string, string> = {
  name: "a workload has one name in all environments",
  type: "a workload has one type in all environments",
  environments: "an overlay does not hold overlays",
};

/** Keys that make a manifest of another type wrong, where the others are no more than unknown. */
const refused: Record<string, string> = {
  "count.queue_delay":
    "only a Worker Service has a queue to scale on; use cpu_percentage, memory_percentage, requests or response_time",
  "count.requests":
    "only a service behind a load balancer gets requests; use queue_delay, cpu_percentage or memory_percentage",
  "count.response_time":
    "only a service behind a load balancer answers requests; use queue_delay, cpu_percentage or memory_percentage",
  "deployment.rollback_alarms.messages_delayed":
    "only a Worker Service has a queue; use cpu_utilization, memory_utilization or a list with the names of alarms",
};

/** Keys at the top of manifests of one type alone. */
const otherTypes: Record<string, string> = {
  subscribe: "only a Worker Service has `subscribe`",
  on: "only a Scheduled Job has `on`",
  schedule: "only a Scheduled Job has a schedule, under `on`",
  retries: "only a Scheduled Job has `retries`",
  timeout: "only a Scheduled Job has `timeout`",
  files: "only a Static Site has `files`",
};

/** What to say about a key that the schema does not have: ignored by Copilot too, misplaced, misspelt or unheard of. */
export function judgeKey(unknown: UnknownKey): KeyVerdict {
  const { type, key, parent, inOverlay } = unknown;
  const name = quoted(dotted([...parent, key]));
  const reason = reasonIgnored(type, [...parent, key]);
  if (reason !== undefined) {
    return { code: "schema/no-effect", message: `${name} has no effect`, hint: reason, severity: "warning" };
  }
  const path = [...parent, key].join(".");
  if (Object.hasOwn(refused, path)) {
    const message = `a ${type} does not have ${name}`;
    return { code: "schema/other-type", message, hint: refused[path], severity: "error" };
  }
  if (inOverlay && parent.length === 0 && Object.hasOwn(fixed, key)) {
    const message = `${fixed[key]}; ${quoted(key)} has no effect here`;
    return { code: "schema/fixed-key", message, severity: "warning" };
  }
  const hint =
    (Object.hasOwn(otherTypes, path) && type !== "Scheduled Job" ? otherTypes[path] : undefined) ??
    foreignKeyHint(type, key, parent) ??
    indentedTooLittle(unknown) ??
    belongsElsewhere(unknown) ??
    onlyInOtherType(unknown) ??
    didYouMean(unknown) ??
    asVariable(unknown);
  const where = parent.length === 0 ? "" : ` in ${quoted(dotted(parent))}`;
  const message = `unknown key ${quoted(key)}${where}; it has no effect`;
  return { code: "schema/unknown-key", message, hint, severity: "warning" };
}

/** A good key in the wrong map: one that a map around this one knows, or else the nearest maps that do. */
function belongsElsewhere({ key, parent, schemaKeys }: UnknownKey): string | undefined {
  const around = parent.map((_, i) => parent.slice(0, i)).toReversed();
  const above = around.find((path) => Object.hasOwn(below(schemaKeys, path) ?? {}, key));
  if (above) return `${quoted(key)} belongs ${mapName(above)}`;
  const everywhere = placesOf(key, schemaKeys).filter(
    ([first]) => first !== "environments" && first !== "taskdef_overrides",
  );
  const inside = everywhere.filter((path) => parent.length > 0 && parent.every((step, i) => path[i] === step));
  const places = inside.length > 0 ? inside : everywhere;
  const shallow = places.filter((path) => path.length === places[0]?.length && !path.includes("*"));
  return shallow.length > 0 && shallow.length <= 2
    ? `${quoted(key)} belongs ${listed(shallow.map(mapName))}`
    : undefined;
}

/** A key that stands beside the one that it belongs under, which has nothing. */
function indentedTooLittle({ key, parent, siblings, schemaKeys }: UnknownKey): string | undefined {
  const before = siblings.emptyBefore(key);
  const inside = before === undefined ? undefined : below(schemaKeys, [...parent, before]);
  if (before === undefined || inside === undefined) return undefined;
  if (!Object.hasOwn(inside, "*") && !Object.hasOwn(inside, key)) return undefined;
  return `${quoted(before)} above it has nothing: is this key to be indented further?`;
}

/** A name as variables have it, beside the keys of the manifest or of an overlay. */
function asVariable({ key, parent, schemaKeys }: UnknownKey): string | undefined {
  const isName = /^[A-Z][A-Z0-9_]+$/.test(key) && parent.length === 0;
  return isName && Object.hasOwn(schemaKeys, "variables") ? variablesHint : undefined;
}

function mapName(path: Path): string {
  return path.length === 0 ? "at the top of the manifest" : `under ${quoted(dotted(path))}`;
}

function onlyInOtherType({ type, key, parent }: UnknownKey): string | undefined {
  const others = workloadTypes.filter((other) => other !== type);
  const owners = others.filter((other) =>
    Object.hasOwn(below(keyTree(workloadSchemas[other].checked), parent) ?? {}, key),
  );
  if (owners.length === 0) return undefined;
  if (type === "Environment" || type === "Pipeline")
    return `${quoted(key)} belongs in the manifests of workloads: copilot/NAME/manifest.yml`;
  return `only a ${listed(owners)} has ${quoted(key)}`;
}

function didYouMean({ key, parent, siblings, schemaKeys }: UnknownKey): string | undefined {
  const valid = Object.keys(below(schemaKeys, parent) ?? {});
  const near = nearest(
    key,
    valid.filter((name) => name !== "*" && !siblings.has(name)),
  );
  return near && `did you mean ${quoted(near)}?`;
}
