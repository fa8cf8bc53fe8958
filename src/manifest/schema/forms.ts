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
}

const known = new WeakMap<z.ZodType, Form[]>();

/** All forms of a field; one, unless it is a union. */
export function formsOf(schema: z.ZodType): Form[] {
  let forms = known.get(schema);
  if (!forms) known.set(schema, (forms = findForms(schema)));
  return forms;
}

function findForms(schema: z.ZodType): Form[] {
  if (schema instanceof z.ZodOptional) return formsOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => formsOf(option as z.ZodType));
  const { noun, alternatives = [] } = factsOf(schema);
  if (schema instanceof z.ZodUnknown) return [{ kind: "any", noun: noun ?? "a value" }];
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

export function isRequired(schema: z.ZodType): boolean {
  return !(schema instanceof z.ZodOptional);
}

function scalarForm(schema: z.ZodType, noun: string | undefined): ScalarForm {
  if (schema instanceof z.ZodLiteral) {
    const [value] = [...schema.values];
    if (typeof value === "boolean") return { kind: "scalar", reads: "flag", noun: noun ?? String(value), schema };
    return { kind: "scalar", reads: "text", noun: noun ?? "text", schema };
  }
  if (schema instanceof z.ZodBoolean) return { kind: "scalar", reads: "flag", noun: noun ?? "true or false", schema };
  if (schema instanceof z.ZodNumber) {
    const isWhole = schema.format === "safeint";
    return {
      kind: "scalar",
      reads: isWhole ? "whole" : "number",
      noun: noun ?? (isWhole ? "a whole number" : "a number"),
      schema,
    };
  }
  return { kind: "scalar", reads: "text", noun: noun ?? "text", schema };
}
