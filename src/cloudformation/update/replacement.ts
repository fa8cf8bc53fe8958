import { ownMember } from "../own-member.ts";
import type { Path } from "./differences.ts";
import { Open, type Resolved } from "./resolved.ts";

/** What CloudFormation's schemas say of the types of resources: which properties make a new resource when they change,
 *  always or in some cases, and which name it. Properties stand with a space between them, deeper ones as `A.B`, with `*`
 *  for the items of a list. */
export type ResourceSchemas = Readonly<Record<string, readonly [replace: string, mayReplace?: string, names?: string]>>;

export type Replacement = "yes" | "maybe" | "no";

/** What a change of these properties does. */
export function replacementBy(
  type: string,
  path: Path,
  value: Resolved | undefined,
  schemas: ResourceSchemas,
): Replacement {
  const custom = type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource";
  const schema = ownMember(schemas, custom ? "AWS::CloudFormation::CustomResource" : type);
  if (schema === undefined) return "maybe";
  const [replace, mayReplace = ""] = schema;
  const steps = path.map((step) => (step.startsWith("[") ? "*" : step));
  if (words(replace).some((property) => touches(property.split("."), steps, value))) return "yes";
  // A custom resource is replaced when its program answers with another id.
  if (custom || words(mayReplace).some((property) => touches(property.split("."), steps, value))) return "maybe";
  return "no";
}

/** Whether a change at a place changes a property: one above it, itself, or one within a value that comes or goes. */
function touches(property: readonly string[], path: Path, value: Resolved | undefined): boolean {
  const shared = Math.min(property.length, path.length);
  if (!property.slice(0, shared).every((step, index) => step === path[index] || path[index] === "(order)"))
    return false;
  return property.length <= path.length || holds(value, property.slice(path.length));
}

function holds(value: Resolved | undefined, [step, ...rest]: readonly string[]): boolean {
  if (value === undefined) return false;
  if (step === undefined || value instanceof Open) return true;
  if (typeof value === "string") return false;
  if (Array.isArray(value)) return step === "*" && value.some((item) => holds(item, rest));
  return holds(value[step], rest);
}

/** The properties that name a resource of a type, where its owner may choose the name. */
export function namingProperties(type: string, schemas: ResourceSchemas): string[] {
  return words(ownMember(schemas, type)?.[2] ?? "");
}

function words(text: string): string[] {
  return text === "" ? [] : text.split(" ");
}
