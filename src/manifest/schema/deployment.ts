import * as z from "zod";
import { either, filledText, list, word } from "./fields.ts";

const percentage = () => z.number().positive({ error: (issue) => `must be more than 0, not ${String(issue.input)}` });

export const deployment = () =>
  z.object({
    rolling: word(["default", "recreate"], { anyCase: true }).optional(),
    rollback_alarms: either(
      list(filledText()),
      z.object({ cpu_utilization: percentage().optional(), memory_utilization: percentage().optional() }),
    ).optional(),
  });
