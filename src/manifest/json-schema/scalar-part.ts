import * as z from "zod";
import { factsOf } from "../schema/fields.ts";
import type { ScalarForm } from "../schema/forms.ts";
import type { JsonSchema, JsonType } from "./json-schema.ts";

/** What a scalar form of a field adds to its JSON Schema. */
export interface ScalarPart {
  types: JsonType[];
  /** Of which each is about one of the types alone. */
  keywords: JsonSchema;
  /** All values that there are, beside texts that fit a pattern. */
  values?: readonly unknown[];
  /** What a text looks like: one of these; absent: any text. */
  patterns?: string[];
}

/** A variable, which stands for anything. */
export const variablePattern = String.raw`\$\{`;

/** What a form takes, seen through a reader of YAML 1.2, which editors have: what other spellings of YAML are flags and
 *  numbers comes as text. */
export function scalarPart(form: ScalarForm): ScalarPart {
  const { looks } = factsOf(form.schema);
  if (form.reads === "flag") return flagPart(form.schema);
  if (form.reads !== "text") return numberPart(form.schema, looks?.values);
  const words = form.schema instanceof z.ZodLiteral ? [...form.schema.values] : looks?.values;
  if (words === undefined && looks?.pattern === undefined) {
    const { minLength } = fromZod(form.schema);
    const types: JsonType[] = form.strictText ? ["string"] : ["string", "number", "boolean"];
    return { types, keywords: minLength === undefined ? {} : { minLength } };
  }
  return {
    types: ["string", ...(looks?.numbers ? ["integer" as const] : [])],
    keywords: { ...looks?.numbers },
    ...(words && { values: words }),
    patterns: [...(looks?.anyCase ? [anyCase(words as string[])] : []), ...(looks?.pattern ? [looks.pattern] : [])],
  };
}

const spoken = { on: "y|Y|yes|Yes|YES|on|On|ON", off: "n|N|no|No|NO|off|Off|OFF" };

function flagPart(schema: z.ZodType): ScalarPart {
  if (!(schema instanceof z.ZodLiteral))
    return { types: ["boolean", "string"], keywords: {}, patterns: [`^(${spoken.on}|${spoken.off})$`] };
  const [value] = [...schema.values];
  return {
    types: ["boolean", "string"],
    keywords: {},
    values: [value],
    patterns: [`^(${value === true ? spoken.on : spoken.off})$`],
  };
}

/** `1_000` and `0b11` are text in YAML 1.2. */
const spelledNumber = String.raw`^[-+]?(\d+(_\d+)+|0b[01]+)$`;

function numberPart(schema: z.ZodType, values: readonly unknown[] | undefined): ScalarPart {
  const { type, ...limits } = fromZod(schema);
  const keywords = Object.fromEntries(Object.entries(limits).filter(([, limit]) => isLimit(limit)));
  const types = [type as JsonType, "string" as const];
  return { types, keywords: values ? {} : keywords, ...(values && { values }), patterns: [spelledNumber] };
}

/** The largest number that is safe is no limit that anyone has set. */
function isLimit(limit: unknown): boolean {
  return typeof limit === "number" && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
}

function fromZod(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input", target: "draft-7", unrepresentable: "any" });
}

/** JSON Schema's patterns know no flags. */
function anyCase(words: readonly string[]): string {
  const letter = (each: string) => (/[a-z]/i.test(each) ? `[${each.toLowerCase()}${each.toUpperCase()}]` : each);
  return `^(${words.map((word) => [...word].map(letter).join("")).join("|")})$`;
}
