import * as z from "zod";
import { factsOf, lazily, withFacts } from "./fields.ts";

/** The same schema with every key optional, all the way down: what an overlay has to keep. */
export function partialForm(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodLazy) return lazily(() => partialForm(schema.unwrap() as z.ZodType));
  const form = withoutRequired(schema);
  return form === schema ? form : withFacts(form, factsOf(schema));
}

function withoutRequired(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional) return partialForm(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape as Record<string, z.ZodType>);
    return z.object(Object.fromEntries(fields.map(([key, field]) => [key, partialField(field)])));
  }
  if (schema instanceof z.ZodRecord) return z.record(z.string(), partialForm(schema.valueType as z.ZodType));
  if (schema instanceof z.ZodArray) return schema;
  if (schema instanceof z.ZodUnion) {
    const forms = schema.options.map((form) => partialForm(form as z.ZodType));
    return z.union(forms as [z.ZodType, ...z.ZodType[]]);
  }
  return schema;
}

/** A field of a partial map. What an overlay does not touch is not made. */
function partialField(field: z.ZodType): z.ZodType {
  const inner = field instanceof z.ZodOptional ? (field.unwrap() as z.ZodType) : field;
  if (!isCompound(inner)) return inner === field ? field.optional() : field;
  return lazily(() => partialForm(inner)).optional();
}

function isCompound(schema: z.ZodType): boolean {
  return [z.ZodLazy, z.ZodObject, z.ZodRecord, z.ZodUnion].some((kind) => schema instanceof kind);
}
