import { Document, type Node, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { Template } from "./template.ts";

/** The template as text, with CloudFormation's short forms (`!Ref Name`) wherever YAML allows them: a tag cannot stand
 *  right behind another one. What a reader of YAML 1.1 would take for something else (`yes`, `2012-10-17`) is quoted. */
export function writeTemplate(template: Template): string {
  const document = new Document(undefined, { schema: "yaml-1.1" });
  document.contents = nodeOf(withoutEmptySections(template)) as never;
  // All of these stand in double quotes.
  return document.toString({ lineWidth: 0, nullStr: "" }).replaceAll(unprintable, escaped);
}

/** Characters that readers of YAML 1.1 take for line breaks or refuse. */
const unprintable = /[\u007F-\u009F\u2028\u2029\uFEFF]/gu;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function withoutEmptySections(template: Template): object {
  const isEmpty = (section: unknown) => typeof section === "object" && Object.keys(section ?? {}).length === 0;
  return Object.fromEntries(Object.entries(template).filter(([, section]) => !isEmpty(section)));
}

function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) return listOf(value);
  if (typeof value !== "object" || value === null) return scalarOf(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return shortForm(entries) ?? mapOf(entries);
}

function listOf(items: readonly unknown[]): YAMLSeq {
  const list = new YAMLSeq();
  list.items = items.map(nodeOf);
  return list;
}

function mapOf(entries: readonly [string, unknown][]): YAMLMap {
  const map = new YAMLMap();
  for (const [key, item] of entries) map.set(scalarOf(key), nodeOf(item));
  return map;
}

function shortForm(entries: readonly [string, unknown][]): Node | undefined {
  const [entry, ...others] = entries;
  if (!entry || others.length > 0) return undefined;
  const [key, argument] = entry;
  const name = key === "Ref" || key === "Condition" ? key : /^Fn::(\w+)$/.exec(key)?.[1];
  if (name === undefined || (key === "Condition" && typeof argument !== "string")) return undefined;
  const isPath = name === "GetAtt" && Array.isArray(argument) && argument.every((part) => typeof part === "string");
  const node = isPath ? scalarOf(argument.join(".")) : nodeOf(argument);
  if (node.tag !== undefined) return undefined;
  node.tag = `!${name}`;
  return node;
}

function scalarOf(value: unknown): Scalar {
  const scalar = new Scalar(value);
  if (typeof value === "string" && value.search(unprintable) >= 0) scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}
