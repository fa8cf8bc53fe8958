import type { z } from "zod";
import { type Form, type MapForm, formFor, formsOf, requiredOf } from "../schema/forms.ts";
import type { Description, Descriptions } from "./description.ts";
import { type JsonSchema, type JsonType, typeKeyword, when } from "./json-schema.ts";
import { type ScalarPart, scalarPart, variablePattern } from "./scalar-part.ts";

/** Where a field stands, and what may be there. */
export interface Place {
  /** The keys that lead to it; lists are looked through. */
  path: readonly string[];
  descriptions: Descriptions;
  /** Whether it may hold nothing. */
  isNullable: boolean;
}

/** A field's JSON Schema, with what there is to say of it. */
export function fieldSchema(field: z.ZodType, place: Place): JsonSchema {
  const { about, ...said } = descriptionAt(place);
  return { ...(about !== undefined && { description: about }), ...constraintsOf(field, place), ...said };
}

/** All forms of a field are one schema, as each is about another type of JSON: so an editor's message is about the form
 *  that was meant. */
function constraintsOf(field: z.ZodType, place: Place): JsonSchema {
  const forms = formsOf(field);
  if (forms.some(({ kind }) => kind === "any")) return {};
  const form = forms.find(({ kind }) => kind === "scalar");
  const scalar = form?.kind === "scalar" ? scalarPart(form) : undefined;
  const types = typesOf(field, place.isNullable);
  if (scalar?.values && forms.length === 1) return valuesAlone(scalar, types);
  return {
    ...typeKeyword(types),
    ...scalar?.keywords,
    ...valuesAmongForms(scalar),
    ...textKeywords(forms, scalar),
    ...Object.assign({}, ...forms.map((each) => insideOf(each, place))),
  };
}

/** The types that a field takes. */
export function typesOf(field: z.ZodType, isNullable: boolean): JsonType[] {
  const types = formsOf(field).flatMap((form): JsonType[] => {
    if (form.kind === "scalar") return scalarPart(form).types;
    if (form.kind === "list") return isWrittenAsText(form) ? ["array", "string"] : ["array"];
    return ["object"];
  });
  return [...new Set([...types, ...(isNullable ? ["null" as const] : [])])];
}

/** Whether an entry of a map whose keys the user chooses may hold nothing: unless its own map needs something. */
export function isEntryNullable(field: z.ZodType): boolean {
  const form = formFor(field, "map");
  return form?.kind !== "map" || formFor(field, "scalar") !== undefined || requiredOf(form).length === 0;
}

/** A list of texts may come as text that is JSON. */
function isWrittenAsText(form: Form): boolean {
  return form.kind === "list" && formFor(form.item, "scalar") !== undefined;
}

/** The values first: editors offer them, and name them when something else is there. */
function valuesAlone({ values, patterns, keywords }: ScalarPart, types: readonly JsonType[]): JsonSchema {
  const others = types.filter((type) => typeof values?.[0] === "string" || type === "string" || type === "null");
  return {
    anyOf: [
      { enum: values },
      { ...typeKeyword(others), ...keywords, pattern: oneOf([...(patterns ?? []), variablePattern]) },
    ],
  };
}

/** Where a field takes more than these values, editors offer them as examples. */
function valuesAmongForms(scalar: ScalarPart | undefined): JsonSchema {
  if (!scalar?.values) return {};
  if (scalar.values.every((value) => typeof value === "string")) return { examples: scalar.values };
  return when({ type: "boolean" }, { enum: scalar.values });
}

function textKeywords(forms: readonly Form[], scalar: ScalarPart | undefined): JsonSchema {
  const list = forms.some(isWrittenAsText) ? [String.raw`^\s*\[`] : [];
  if (!scalar) return list.length === 0 ? {} : { pattern: oneOf([...list, variablePattern]) };
  if (!scalar.patterns) return {};
  const words = scalar.values?.filter((value) => typeof value === "string") ?? [];
  const exact = words.length === 0 || scalar.patterns.length > 0 ? [] : [`^(${words.join("|")})$`];
  return { pattern: oneOf([...exact, ...scalar.patterns, ...list, variablePattern]) };
}

function oneOf(patterns: readonly string[]): string {
  return patterns.join("|");
}

function insideOf(form: Form, place: Place): JsonSchema {
  if (form.kind === "list") return { items: constraintsOf(form.item, { ...place, isNullable: false }) };
  return form.kind === "map" ? mapKeywords(form, place) : {};
}

function mapKeywords(form: MapForm, { path, descriptions }: Place): JsonSchema {
  if (form.values) {
    const place = { path: [...path, "*"], descriptions, isNullable: isEntryNullable(form.values) };
    return { additionalProperties: fieldSchema(form.values, place) };
  }
  const required = requiredOf(form).map(([key]) => key);
  const properties = Object.entries(form.fields ?? {}).map(([key, field]) => {
    const place = { path: [...path, key], descriptions, isNullable: !required.includes(key) };
    return [key, fieldSchema(field, place)] as const;
  });
  return {
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function descriptionAt({ path, descriptions }: Place): Partial<Description> {
  const found = descriptions[path.join(".")];
  return typeof found === "string" ? { about: found } : (found ?? {});
}
