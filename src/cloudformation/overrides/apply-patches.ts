import { nearest } from "../../manifest/spelling.ts";
import { quoted } from "../../manifest/words.ts";
import type { Template } from "../template.ts";
import { breach } from "./breach.ts";
import { isMachinery } from "./machinery.ts";
import type { Patch } from "./patch.ts";
import { pointerOf, stepsOf } from "./pointer.ts";

/** A patch that could not be applied. */
export interface Misfit {
  /** Its number in the list, from 0. */
  patch: number;
  /** A warning where it is meant for what Copilot's template alone has. */
  severity: "error" | "warning";
  code: "overrides/path" | "overrides/no-effect";
  /** Says up to where the path fits. */
  message: string;
  hint?: string;
}

/** The template with the patches applied, one after the other; the given one stays as it is. A patch that does not fit
 *  changes nothing, and is told. Paths are those of Copilot's templates: a function may be passed over, whichever form it
 *  has in the text, so `…/EnvironmentFiles/0/1/Value` leads into the second argument of `!If`. */
export function applyPatches(template: Template, patches: readonly Patch[]): { template: Template; misfits: Misfit[] } {
  const holder: Holder = { "": copyOf(template) };
  const misfits = patches.flatMap((patch, number) => {
    const misfit = apply(holder, patch);
    return misfit ? [{ patch: number, ...misfit }] : [];
  });
  const broken = breach(holder[""]);
  if (broken !== undefined) misfits.push({ patch: lastInto(broken.at, patches), ...refusal(broken.message) });
  const { Parameters = {}, Conditions = {} } = holder[""] as Partial<Template>;
  return { template: Object.assign(holder[""] as Template, { Parameters, Conditions }), misfits };
}

/** The last patch of what is at or around these steps. */
function lastInto(at: readonly string[], patches: readonly Patch[]): number {
  return patches.findLastIndex(({ path }) =>
    (stepsOf(path) ?? []).every((step, i) => i >= at.length || step === at[i]),
  );
}

/** Nothing of it is the same object twice: what changes in one place stays as it is in others. */
function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

type Holder = Record<string, unknown>;
type Refusal = Omit<Misfit, "patch">;

function apply(holder: Holder, patch: Patch): Refusal | undefined {
  const steps = stepsOf(patch.path);
  if (steps === undefined) return notAPointer(patch.path);
  const [first, id = ""] = steps;
  const resources = (holder[""] as Partial<Template>).Resources ?? {};
  if (first === "Resources" && isMachinery(id) && !Object.hasOwn(resources, id)) return noSuchMachinery(id);
  if (patch.op === "add") listDependencies(resources, steps);
  const last = steps.at(-1);
  if (last === undefined) return whole(holder, patch);
  const parent = walk(holder[""], steps.slice(0, -1));
  if ("refusal" in parent) return parent.refusal;
  const at = steps.slice(0, -1);
  const found = settled(parent.value, last);
  if (Array.isArray(found)) return changeList(found, last, at, patch);
  if (isMap(found)) return changeMap(found, last, at, patch);
  return refusal(`${where(at)} is a single value and holds nothing`, "end the path there");
}

/** In Copilot's templates nearly everything depends on a custom resource, and so there is a list to add to. */
function listDependencies(resources: Template["Resources"], [, id = "", key, end, ...more]: readonly string[]): void {
  const resource = resources[id];
  if (resource === undefined || key !== "DependsOn" || end !== "-" || more.length > 0) return;
  resource.DependsOn = [resource.DependsOn ?? []].flat();
}

/** What a patch of the empty path says stands for everything. */
function whole(holder: Holder, patch: Patch): Refusal | undefined {
  if (patch.op === "remove") return refusal("the whole template cannot be removed");
  if (!isMap(patch.value)) return refusal("a whole template is a map");
  holder[""] = copyOf(patch.value);
  return undefined;
}

function changeMap(map: Holder, key: string, at: readonly string[], patch: Patch): Refusal | undefined {
  if (patch.op === "add" || Object.hasOwn(map, key)) {
    if (patch.op === "remove") delete map[key];
    else put(map, key, copyOf(patch.value));
    return undefined;
  }
  return missing(map, key, at);
}

/** Sets a member, also one that is called `__proto__`. */
function put(map: Holder, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, configurable: true, enumerable: true, writable: true });
}

function changeList(list: unknown[], step: string, at: readonly string[], patch: Patch): Refusal | undefined {
  if (step === "-" && patch.op === "add") {
    list.push(copyOf(patch.value));
    return undefined;
  }
  const index = indexOf(step);
  // A new element may also stand behind the last one.
  if (index === undefined || index >= list.length + (patch.op === "add" ? 1 : 0))
    return noElement(list, step, at, patch);
  if (patch.op === "remove") list.splice(index, 1);
  else list.splice(index, patch.op === "replace" ? 1 : 0, copyOf(patch.value));
  return undefined;
}

/** What a path leads to, or up to where it fits. */
function walk(root: unknown, steps: readonly string[]): { value: unknown } | { refusal: Refusal } {
  let value = root;
  for (const [i, step] of steps.entries()) {
    const at = steps.slice(0, i);
    const here = settled(value, step);
    if (Array.isArray(here)) {
      const index = indexOf(step);
      if (index === undefined || index >= here.length) return { refusal: noElement(here, step, at) };
      value = here[index];
    } else if (isMap(here)) {
      if (!Object.hasOwn(here, step)) return { refusal: missing(here, step, at) };
      value = here[step];
    } else return { refusal: refusal(`${where(at)} is a single value and holds nothing`) };
  }
  return { value };
}

/** Where a step is looked up: in the argument of a function, unless the step is the function's name. */
function settled(value: unknown, step: string): unknown {
  if (!isMap(value)) return value;
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0 || !/^Fn::\w+$/.test(entry[0]) || entry[0] === step) return value;
  return typeof entry[1] === "object" ? entry[1] : value;
}

function isMap(value: unknown): value is Holder {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function indexOf(step: string): number | undefined {
  return /^\d+$/.test(step) ? Number(step) : undefined;
}

function refusal(message: string, hint?: string): Refusal {
  return { severity: "error", code: "overrides/path", message, ...(hint !== undefined && { hint }) };
}

function notAPointer(path: string): Refusal {
  const meant = `/${path.replaceAll("\\", "/").replace(/^\/+/, "")}`;
  return refusal(`${quoted(path)} is no path: it has to start with a slash`, `write \`${meant}\``);
}

function missing(map: Holder, key: string, at: readonly string[]): Refusal {
  const keys = Object.keys(map).filter((each) => map[each] !== undefined);
  const meant = nearest(key, keys);
  const many = keys.length > 12 ? ` and ${keys.length - 12} more` : "";
  const hint =
    meant === undefined
      ? keys.length === 0
        ? undefined
        : `it holds ${keys.slice(0, 12).join(", ")}${many}`
      : `did you mean \`${pointerOf([...at, meant])}\`?`;
  return refusal(`${where(at)} holds no ${quoted(key)}`, hint);
}

function noElement(list: readonly unknown[], step: string, at: readonly string[], patch?: Patch): Refusal {
  const size = list.length === 0 ? "is empty" : list.length === 1 ? "has one element" : `has ${list.length} elements`;
  const names = list.map(nameOf);
  const named = names.indexOf(step);
  const hint =
    named >= 0
      ? `did you mean \`${pointerOf([...at, String(named)])}\`?`
      : patch?.op === "add"
        ? "elements count from 0, and `-` stands for the end"
        : "elements count from 0";
  return refusal(`${where(at)} ${size}, and none is at ${quoted(step)}`, hint);
}

/** What people call an element of a list. */
function nameOf(element: unknown): unknown {
  return isMap(element) ? (element["Name"] ?? element["PolicyName"] ?? element["Key"] ?? element["Sid"]) : element;
}

function where(at: readonly string[]): string {
  return at.length === 0 ? "the template" : `\`${pointerOf(at)}\``;
}

function noSuchMachinery(id: string): Refusal {
  return {
    severity: "warning",
    code: "overrides/no-effect",
    message: `${quoted(id)} belongs to the functions that Copilot runs in the account; the template does without it, and the patch has no effect`,
    hint: "the patch can be removed",
  };
}
