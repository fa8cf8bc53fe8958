import * as z from "zod";
import type { WorkloadTypeName } from "../workload-types.ts";
import { commands } from "./container.ts";
import { count } from "./count.ts";
import { deployment } from "./deployment.ts";
import { environment } from "./environment.ts";
import { either, flag, lazily, mapOf, text, whole, withFacts, word } from "./fields.ts";
import { logging } from "./logging.ts";
import { network } from "./network.ts";
import { partialForm } from "./partial-form.ts";
import { platform } from "./platform.ts";
import { publish } from "./publish.ts";
import { sidecars } from "./sidecars.ts";
import { storage } from "./storage.ts";
import { taskDefinitionOverrides } from "./task-definition-overrides.ts";

/** What a workload is, and so the same in every environment. */
const fixed = <T extends WorkloadTypeName>(type: T) => ({
  name: withFacts(text(), { whenMissing: "give the name of the folder: `name: api`" }),
  type: z.literal(type),
});

/** The one vendor that Copilot traces requests with. */
export const observability = () => z.object({ tracing: word(["awsxray"]).optional() });

/** What everything that runs on ECS has. */
export const task = () => ({
  cpu: whole({ min: 1 }).optional(),
  memory: whole({ min: 1 }).optional(),
  platform: lazily(platform).optional(),
  ...commands(),
  ...environment(),
  sidecars: lazily(sidecars).optional(),
  storage: lazily(storage).optional(),
  logging: lazily(logging).optional(),
  publish: lazily(publish).optional(),
  taskdef_overrides: lazily(taskDefinitionOverrides).optional(),
});

/** What every service that runs on ECS has, but for how many of its tasks run and what rolls a deployment back. */
export const serviceTask = () => ({
  ...task(),
  exec: either(flag(), z.object({ enable: flag().optional() })).optional(),
  network: lazily(network).optional(),
  observability: observability().optional(),
});

/** What a service has that others can call. */
export const service = () => ({
  ...serviceTask(),
  count: lazily(count).optional(),
  deployment: lazily(deployment).optional(),
});

/** The two forms of a workload's schema: `checked` is what a manifest is once its overlay has been applied, `written`
 *  what stands in the file, where `environments` holds partial forms of the same fields. */
export function workloadSchema<T extends WorkloadTypeName, S extends z.ZodRawShape>(type: T, settings: S) {
  const overlays = lazily(() => mapOf(partialForm(z.object(settings))));
  const base = { ...fixed(type), ...settings };
  return { checked: z.object(base), written: z.object({ ...base, environments: overlays.optional() }) };
}
