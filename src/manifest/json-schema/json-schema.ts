/** A JSON Schema, or a part of one. */
export interface JsonSchema {
  [keyword: string]: unknown;
}

export type JsonType = "string" | "number" | "integer" | "boolean" | "array" | "object" | "null";

export function typeKeyword(types: readonly JsonType[]): JsonSchema {
  return { type: types.length === 1 ? types[0] : types };
}

/** What fits a condition has to fit a consequence, too. */
export function when(condition: JsonSchema, consequence: JsonSchema | undefined): JsonSchema {
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  return consequence === undefined ? {} : { if: condition, then: consequence };
}
