import { Open, type Resolved, textOf, written } from "../update/resolved.ts";
import { requestKey, userKeyed } from "./task-definition-request.ts";

/** What CloudFormation has put where a template leaves a value open, by the open value as it is written. */
export type LearnedValues = ReadonlyMap<string, string>;

/** Learns from what is deployed: wherever its template is open, the account has the value.
 *  @param template the properties of the deployed task definition, as far as they are known
 *  @param actual the same as ECS describes it */
export function learnedValues(template: Resolved, actual: unknown): LearnedValues {
  const learned = new Map<string, string>();

  function visit(value: Resolved, there: unknown, keepsKeys: boolean): void {
    if (value instanceof Open) {
      if (typeof there === "string" || typeof there === "number") learned.set(nameOf(value), String(there));
    } else if (Array.isArray(value)) {
      const items: unknown[] = Array.isArray(there) ? there : [];
      for (const [index, item] of value.entries()) visit(item, counterpart(item, index, items), false);
    } else if (typeof value === "object") {
      for (const [key, item] of Object.entries(value))
        visit(item, memberOf(there, keepsKeys ? key : requestKey(key)), userKeyed.has(key) && !keepsKeys);
    }
  }

  visit(template, actual, false);
  return learned;
}

/** The same value with what was learned. */
export function withLearned(value: Resolved, learned: LearnedValues): Resolved {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((item) => withLearned(item, learned));
  if (!(value instanceof Open))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withLearned(item, learned)]));
  const known = learned.get(nameOf(value));
  if (known !== undefined) return known;
  return value.fn === "Text" ? textOf(value.args.map((arg) => withLearned(arg, learned))) : value;
}

/** What is still open in it, each with the path to it: `ContainerDefinitions[api].Image`. */
export function stillOpen(value: Resolved, path = ""): { path: string; value: unknown }[] {
  if (typeof value === "string") return hasDynamicReference(value) ? [{ path, value }] : [];
  if (value instanceof Open) return [{ path, value: written(value) }];
  if (Array.isArray(value))
    return value.flatMap((item, index) => stillOpen(item, `${path}[${String(memberOf(item, "Name") ?? index)}]`));
  return Object.entries(value).flatMap(([key, item]) => stillOpen(item, path === "" ? key : `${path}.${key}`));
}

/** `{{resolve:secretsmanager:…}}` is CloudFormation's to put in. */
function hasDynamicReference(text: string): boolean {
  return text.includes("{{resolve:");
}

function nameOf(value: Open): string {
  return JSON.stringify(written(value));
}

const naming = ["Name", "SourceVolume", "ContainerName"];

/** ECS keeps the items of lists in an order of its own: those with names are found by them. */
function counterpart(item: Resolved, index: number, items: readonly unknown[]): unknown {
  const named = naming.find((key) => typeof memberOf(item, key) === "string");
  if (named === undefined) return items[index];
  return items.find((each) => memberOf(each, requestKey(named)) === memberOf(item, named));
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
