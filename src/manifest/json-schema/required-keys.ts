import type { z } from "zod";
import { formFor, requiredOf } from "../schema/forms.ts";
import { isEntryNullable, typesOf } from "./field-schema.ts";
import { type JsonSchema, typeKeyword } from "./json-schema.ts";

/** What a schema requires, and nothing else of it: for a base whose overlays may give what it lacks. Items of lists are
 *  left out, since lists are not merged. Undefined when it requires nothing. */
export function requiredKeys(field: z.ZodType): JsonSchema | undefined {
  const form = formFor(field, "map");
  if (form?.kind !== "map") return undefined;
  if (form.values) {
    const inside = whatIsRequired(form.values, isEntryNullable(form.values));
    return inside && { additionalProperties: inside };
  }
  const required = requiredOf(form).map(([key]) => key);
  const properties = Object.entries(form.fields ?? {}).flatMap(([key, inner]) => {
    const isRequired = required.includes(key);
    const inside = whatIsRequired(inner, !isRequired) ?? (isRequired ? typeKeyword(typesOf(inner, false)) : undefined);
    return inside ? [[key, inside] as const] : [];
  });
  if (properties.length === 0) return undefined;
  return { ...(required.length > 0 && { required }), properties: Object.fromEntries(properties) };
}

function whatIsRequired(field: z.ZodType, isNullable: boolean): JsonSchema | undefined {
  const inside = requiredKeys(field);
  return inside && { ...typeKeyword(typesOf(field, isNullable)), ...inside };
}
