import * as z from "zod";
import type { SupportedWorkloadType } from "../workload-types.ts";
import { mapOf, text, whole, withFacts } from "./fields.ts";
import { partialForm } from "./partial-form.ts";

/** What a workload is, and so the same in every environment. */
const fixed = <T extends SupportedWorkloadType>(type: T) => ({
  name: withFacts(text(), { whenMissing: "give the name of the folder: `name: api`" }),
  type: z.literal(type),
});

/** What every type that runs on ECS has. */
const task = {
  cpu: whole({ min: 1 }).optional(),
  memory: whole({ min: 1 }).optional(),
  count: whole({ min: 0 }).optional(),
  variables: mapOf(text()).optional(),
};

/** The two forms of a workload's schema: `checked` is what a manifest is once its overlay has been applied, `written`
 *  what stands in the file, where `environments` holds partial forms of the same fields. */
export function workloadSchema<T extends SupportedWorkloadType, S extends z.ZodRawShape>(type: T, own: S) {
  const settings = { ...task, ...own };
  const overlay = partialForm(z.object(settings));
  const checked = z.object({ ...fixed(type), ...settings });
  return { checked, written: checked.extend({ environments: mapOf(overlay).optional() }) };
}
