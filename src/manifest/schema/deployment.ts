import * as z from "zod";
import { either, filledText, list, whole, word } from "./fields.ts";

const percentage = () => z.number().positive({ error: (issue) => `must be more than 0, not ${String(issue.input)}` });

const rolling = () =>
  word(["default", "recreate"], {
    anyCase: true,
    otherwise: "ECS's rolling deployment is all there is: no blue/green, no canary",
  });

const utilization = () => ({ cpu_utilization: percentage().optional(), memory_utilization: percentage().optional() });

export const deployment = () =>
  z.object({
    rolling: rolling().optional(),
    rollback_alarms: either(list(filledText()), z.object(utilization())).optional(),
  });

/** A Worker Service has a queue, too, whose messages can be watched. */
export const workerDeployment = () =>
  z.object({
    rolling: rolling().optional(),
    rollback_alarms: either(
      list(filledText()),
      z.object({ ...utilization(), messages_delayed: whole({ min: 1 }).optional() }),
    ).optional(),
  });
