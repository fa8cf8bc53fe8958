import type { Template } from "../../../src/cloudformation/template.ts";
import { attributeNamed, intrinsic, isNoValue } from "./intrinsic.ts";
import { attributeType, membersOf, type PropertyType, type ResourceProperties } from "./resource-types.ts";

/** A place in a template and what is wrong there. */
export interface Finding {
  path: string;
  problem: string;
}

/** What does not fit the type of a property. Functions are taken for what they give: text or a list. Text that reads as a
 *  number or as a bool is one, as CloudFormation takes it. */
function propertyFindings(value: unknown, type: PropertyType, path: string, template: Template): Finding[] {
  const found = intrinsic(value);
  if (found?.name === "Fn::If") {
    const [, ...branches] = found.argument as unknown[];
    return branches
      .filter((branch) => !isNoValue(branch))
      .flatMap((branch, index) => propertyFindings(branch, type, `${path}.Fn::If[${index + 1}]`, template));
  }
  if (found) {
    const given = result(found, template);
    return given !== undefined && !takes(type, given)
      ? [{ path, problem: `${given} where ${said(type)} belongs` }]
      : [];
  }
  switch (type.type) {
    case "json":
      return [];
    case "ref":
      return isMap(value)
        ? memberFindings(value, membersOf(type), path, template)
        : [{ path, problem: `${shown(value)} where a map belongs` }];
    case "tag":
      return isMap(value) ? memberFindings(value, tag, path, template) : [{ path, problem: "a tag is a map" }];
    case "array":
      return Array.isArray(value)
        ? value
            .flatMap((item, index) => (isNoValue(item) ? [] : [{ item: item as unknown, index }]))
            .flatMap(({ item, index }) => propertyFindings(item, type.element, `${path}[${index}]`, template))
        : [{ path, problem: `${shown(value)} where a list belongs` }];
    case "map":
      return isMap(value)
        ? Object.entries(value).flatMap(([key, item]) =>
            propertyFindings(item, type.element, `${path}.${key}`, template),
          )
        : [{ path, problem: `${shown(value)} where a map belongs` }];
    case "union": {
      const each = type.types.map((one) => propertyFindings(value, one, path, template));
      return each.find((findings) => findings.length === 0) ?? each.toSorted((a, b) => a.length - b.length)[0] ?? [];
    }
    default:
      return isScalar(value, type) ? [] : [{ path, problem: `${shown(value)} where ${said(type)} belongs` }];
  }
}

/** The members of a map, each against its type: unknown ones, wrong ones, and those that are required and not there. */
export function memberFindings(
  value: Readonly<Record<string, unknown>>,
  members: ResourceProperties,
  path: string,
  template: Template,
): Finding[] {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const missing = Object.entries(members)
    .filter(([name, { required }]) => required === true && mayBeAbsent(value[name]))
    .map(([name]) => ({ path, problem: `required property ${name} is missing` }));
  const wrong = entries.flatMap(([name, item]) => {
    const member = members[name];
    if (!Object.hasOwn(members, name) || !member) return [{ path, problem: `unknown property ${name}` }];
    return isNoValue(item) ? [] : propertyFindings(item, member.type, `${path}.${name}`, template);
  });
  return [...missing, ...wrong];
}

function mayBeAbsent(value: unknown): boolean {
  const found = intrinsic(value);
  if (found?.name === "Fn::If") return (found.argument as unknown[]).slice(1).some(mayBeAbsent);
  return value === undefined || isNoValue(value);
}

const tag: ResourceProperties = {
  Key: { type: { type: "string" }, required: true },
  Value: { type: { type: "string" }, required: true },
  // Of an Auto Scaling group alone.
  PropagateAtLaunch: { type: { type: "boolean" } },
};

type Given = "a text" | "a list" | "a map";

/** What a function gives; undefined where that cannot be told. */
function result({ name, argument }: { name: string; argument: unknown }, template: Template): Given | undefined {
  switch (name) {
    case "Ref": {
      const parameter = template.Parameters[String(argument)];
      return parameter?.Type === "CommaDelimitedList" || argument === "AWS::NotificationARNs" ? "a list" : "a text";
    }
    case "Fn::GetAtt": {
      const [resource, attribute] = attributeNamed(argument);
      const type = attributeType(template.Resources[resource]?.Type ?? "", attribute);
      if (!type || type.type === "json" || type.type === "union") return undefined;
      return type.type === "array" ? "a list" : type.type === "ref" || type.type === "map" ? "a map" : "a text";
    }
    case "Fn::Split":
    case "Fn::GetAZs":
    case "Fn::Cidr":
      return "a list";
    case "Fn::Sub":
    case "Fn::Join":
    case "Fn::Base64":
    case "Fn::ImportValue":
      return "a text";
    default:
      return undefined;
  }
}

function takes(type: PropertyType, given: Given): boolean {
  if (type.type === "json") return true;
  if (type.type === "union") return type.types.some((one) => takes(one, given));
  if (type.type === "array") return given === "a list";
  return (
    (given === "a map") === (type.type === "ref" || type.type === "map" || type.type === "tag") && given !== "a list"
  );
}

function isScalar(value: unknown, type: PropertyType): boolean {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return false;
  switch (type.type) {
    case "integer":
      return typeof value !== "boolean" && /^-?\d+$/.test(String(value));
    case "number":
      return typeof value !== "boolean" && String(value).trim() !== "" && Number.isFinite(Number(value));
    case "boolean":
      return value === true || value === false || value === "true" || value === "false";
    case "string":
      return type.allowedValues === undefined || type.allowedValues.includes(String(value));
    default:
      return true;
  }
}

function said(type: PropertyType): string {
  if (type.type === "union") return [...new Set(type.types.map(said))].join(" or ");
  if (type.type === "string" && type.allowedValues) return `one of ${type.allowedValues.join(", ")}`;
  if (type.type === "array") return "a list";
  if (type.type === "ref" || type.type === "map" || type.type === "tag") return "a map";
  return type.type === "integer" ? "an integer" : `a ${type.type}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
