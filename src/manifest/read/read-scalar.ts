import type { ScalarForm } from "../schema/forms.ts";
import { quoted } from "../words.ts";
import { parseNumber, readFlag, readNumber } from "../yaml/scalars.ts";
import type { Node, ScalarNode } from "../yaml/tree.ts";
import type { Placed } from "./placed.ts";

/** A scalar as its field takes it, or what is wrong; the message continues "`http.path` …". */
export type ScalarReading = { value: string | number | boolean } | { code: string; message: string; hint?: string };

export function readScalar(form: ScalarForm, node: ScalarNode, nouns: string): ScalarReading {
  const value = convert(form.reads, node);
  if (value === undefined) return { code: "schema/type", ...refusal(form, node, nouns) };
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
