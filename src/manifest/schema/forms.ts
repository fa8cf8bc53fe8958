import * as z from "zod";
import type { Node } from "../yaml/tree.ts";
import { factsOf } from "./fields.ts";

/** What can be asked of a schema without knowing how zod builds one. */

/** A form that a field can take. */
export type Form = ScalarForm | ListForm | MapForm | AnyForm;

export interface ScalarForm {
  kind: "scalar";
  reads: "text" | "whole" | "number" | "flag";
  noun: string;
  schema: z.ZodType;
  /** Whether the schema asks for more than what `reads` gives. */
  isChecked: boolean;
  /** Whether only what YAML takes for text is text. */
  strictText: boolean;
}

export interface ListForm {
  kind: "list";
  noun: string;
  item: z.ZodType;
}

export interface MapForm {
  kind: "map";
  noun: string;
  /** Of a map with known keys. */
  fields?: Readonly<Record<string, z.ZodType>>;
  /** Of a map whose keys the user chooses. */
  values?: z.ZodType;
  alternatives: readonly (readonly string[])[];
}

/** Takes a node of every kind, as it stands. */
export interface AnyForm {
  kind: "any";
  noun: string;
  /** Whether tags in it are functions of CloudFormation. */
  functions: boolean;
}

const known = new WeakMap<z.ZodType, Form[]>();

/** All forms of a field; one, unless it is a union. */
export function formsOf(schema: z.ZodType): Form[] {
  let forms = known.get(schema);
  if (!forms) known.set(schema, (forms = findForms(schema)));
  return forms;
}

function findForms(schema: z.ZodType): Form[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodLazy) return formsOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => formsOf(option as z.ZodType));
  const { noun, alternatives = [], functions = false } = factsOf(schema);
  if (schema instanceof z.ZodUnknown) return [{ kind: "any", noun: noun ?? "a value", functions }];
  if (schema instanceof z.ZodObject) {
    return [{ kind: "map", noun: noun ?? "a map", fields: schema.shape as Record<string, z.ZodType>, alternatives }];
  }
  if (schema instanceof z.ZodRecord) {
    return [{ kind: "map", noun: noun ?? "a map", values: schema.valueType as z.ZodType, alternatives: [] }];
  }
  if (schema instanceof z.ZodArray)
    return [{ kind: "list", noun: noun ?? "a list", item: schema.element as z.ZodType }];
  return [scalarForm(schema, noun)];
}

/** The form that a node is meant to be: chosen by the kind of node alone, so that a message is about one form. */
export function formFor(schema: z.ZodType, kind: Node["kind"]): Form | undefined {
  return formsOf(schema).find((form) => form.kind === kind || form.kind === "any");
}

const required = new WeakMap<MapForm, [key: string, field: z.ZodType][]>();

/** The keys that a map must have. */
export function requiredOf(form: MapForm): [key: string, field: z.ZodType][] {
  let found = required.get(form);
  if (!found) {
    found = Object.entries(form.fields ?? {}).filter(([, field]) => !(field instanceof z.ZodOptional));
    required.set(form, found);
  }
  return found;
}

function scalarForm(schema: z.ZodType, noun: string | undefined): ScalarForm {
  const [reads, usual] = readsOf(schema);
  const isChecked = schema instanceof z.ZodLiteral || hasChecks(schema);
  const { strictText = false } = factsOf(schema);
  return { kind: "scalar", reads, noun: noun ?? usual, schema, isChecked, strictText };
}

function readsOf(schema: z.ZodType): [reads: ScalarForm["reads"], noun: string] {
  if (schema instanceof z.ZodLiteral) {
    const [value] = [...schema.values];
    return typeof value === "boolean" ? ["flag", String(value)] : ["text", "text"];
  }
  if (schema instanceof z.ZodBoolean) return ["flag", "true or false"];
  if (schema instanceof z.ZodNumber)
    return schema.format === "safeint" ? ["whole", "a whole number"] : ["number", "a number"];
  return ["text", "text"];
}

function hasChecks(schema: z.ZodType): boolean {
  const isPlain = schema instanceof z.ZodString || schema instanceof z.ZodBoolean;
  return !isPlain || (schema.def.checks?.length ?? 0) > 0;
}
