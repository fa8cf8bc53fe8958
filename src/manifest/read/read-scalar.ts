import type { ScalarForm } from "../schema/forms.ts";
import { quoted } from "../words.ts";
import { kindOfPlain, parseNumber, readFlag, readNumber } from "../yaml/scalars.ts";
import type { Node, ScalarNode } from "../yaml/tree.ts";
import type { Placed } from "./placed.ts";

/** A scalar as its field takes it, or what is wrong; the message continues "`http.path` …". */
export type ScalarReading = { value: string | number | boolean } | { code: string; message: string; hint?: string };

export function readScalar(form: ScalarForm, node: ScalarNode, nouns: string): ScalarReading {
  const value = convert(form.reads, node);
  if (value === undefined) return { code: "schema/type", ...refusal(form, node, nouns) };
  const other = form.strictText ? kindOfPlain(node) : undefined;
  if (other !== undefined) {
    const message = `must be ${nouns}, and ${quoted(node.text)} without quotes is ${other}`;
    return { code: "schema/type", message, hint: `write ${JSON.stringify(node.text)}` };
  }
  // What is known only later cannot be checked now.
  if (node.interpolated === "unknown-yet" || !form.isChecked) return { value };
  const [issue] = form.schema.safeParse(value).error?.issues ?? [];
  if (!issue) return { value };
  const hint = "params" in issue ? (issue.params?.["hint"] as string | undefined) : undefined;
  return { code: "schema/value", message: issue.message, hint };
}

/** A node that no field says anything about: scalars as plain YAML resolves them, in their short spellings. */
export function asWritten(node: Node): Placed {
  if (node.kind === "null") return { kind: "absent", at: node.at };
  if (node.kind === "scalar") return { kind: "value", at: node.at, value: plainValue(node) };
  if (node.kind === "list") return { kind: "list", at: node.at, items: node.items.map(asWritten) };
  const entries = [...node.entries].map(
    ([key, { keyAt, value }]) => [key, { keyAt, value: asWritten(value) }] as const,
  );
  return { kind: "map", at: node.at, entries: new Map(entries) };
}

/** The same of a part of a template: what has the tag of a function of CloudFormation is that function. */
export function asTemplatePart(node: Node): Placed {
  const name = /^!(\w+)$/.exec(("tag" in node ? node.tag : undefined) ?? "")?.[1];
  if (name !== undefined && node.kind !== "null") return functionOf(name, node);
  if (node.kind === "list") return { kind: "list", at: node.at, items: node.items.map(asTemplatePart) };
  if (node.kind === "scalar") return { kind: "value", at: node.at, value: sameSpelling(node) };
  if (node.kind === "null") return { kind: "absent", at: node.at };
  const entries = [...node.entries].map(
    ([key, { keyAt, value }]) => [key, { keyAt, value: asTemplatePart(value) }] as const,
  );
  return { kind: "map", at: node.at, entries: new Map(entries) };
}

/** A number that would be written in another way than the user's stays text: `012`, `1.10`. */
function sameSpelling(node: ScalarNode): string | number | boolean {
  const value = plainValue(node);
  return typeof value === "number" && String(value) !== node.text ? node.text : value;
}

/** `!GetAtt A.B` is short for a list of two. */
function functionOf(name: string, node: Exclude<Node, { kind: "null" }>): Placed {
  const { tag: _, ...untagged } = node;
  const text = node.kind === "scalar" ? node.text : undefined;
  const [first = "", ...rest] = text?.split(".") ?? [];
  const parts = name === "GetAtt" && text !== undefined ? [first, rest.join(".")] : undefined;
  const argument: Placed =
    parts !== undefined
      ? { kind: "list", at: node.at, items: parts.map((value) => ({ kind: "value", at: node.at, value })) }
      : text !== undefined
        ? { kind: "value", at: node.at, value: text }
        : asTemplatePart(untagged as Node);
  const key = name === "Ref" || name === "Condition" ? name : `Fn::${name}`;
  return { kind: "map", at: node.at, entries: new Map([[key, { keyAt: node.at, value: argument }]]) };
}

function plainValue(node: ScalarNode): string | number | boolean {
  if (/^(true|false)$/i.test(node.text)) return readFlag(node) ?? node.text;
  return readNumber(node) ?? node.text;
}

function convert(reads: ScalarForm["reads"], node: ScalarNode): string | number | boolean | undefined {
  if (reads === "text") return node.text;
  if (reads === "flag") return readFlag(node);
  const number = readNumber(node);
  return reads === "whole" && !Number.isSafeInteger(number) ? undefined : number;
}

function refusal(form: ScalarForm, node: ScalarNode, nouns: string): { message: string; hint?: string } {
  const message = `must be ${nouns}, not ${quoted(node.text)}`;
  if (form.reads === "flag") return { message };
  if (node.interpolated) {
    return {
      message: `must be ${nouns}, and what a variable gives is text`,
      hint: "write the number itself, under `environments` where it differs",
    };
  }
  if (node.style !== "plain" && parseNumber(node.text) !== undefined) {
    return { message: `must be ${nouns}, and in quotes it is text`, hint: `write ${node.text} without quotes` };
  }
  return { message };
}
