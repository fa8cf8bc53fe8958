import type { JsonSchema } from "./json-schema.ts";

/** A part that is shorter than this is as well written again. */
const shortest = 250;

/** The same schema with each part that was there before as a reference to where it was. */
export function withSharedParts(root: JsonSchema): JsonSchema {
  const places = new Map<string, string>();
  return inside(root, "#");

  function part(schema: JsonSchema, at: string): JsonSchema {
    const text = JSON.stringify(schema);
    if (text.length < shortest) return schema;
    const before = places.get(text);
    if (before !== undefined) return { $ref: before };
    places.set(text, at);
    return inside(schema, at);
  }

  function inside(schema: JsonSchema, at: string): JsonSchema {
    const parts = Object.entries(schema).map(([keyword, value]) => {
      if (named.has(keyword)) return [keyword, each(value as JsonSchema, `${at}/${keyword}`)] as const;
      const isPart = (keyword === "items" || keyword === "additionalProperties") && typeof value === "object";
      return [keyword, isPart ? part(value as JsonSchema, `${at}/${keyword}`) : value] as const;
    });
    return Object.fromEntries(parts);
  }

  function each(schemas: JsonSchema, at: string): JsonSchema {
    const found = Object.entries(schemas).map(([name, schema]) => {
      const place = `${at}/${encodeURIComponent(name)}`;
      return [name, at === "#/definitions" ? inside(schema as JsonSchema, place) : part(schema as JsonSchema, place)];
    });
    return Object.fromEntries(found) as JsonSchema;
  }
}

const named = new Set(["properties", "definitions"]);
