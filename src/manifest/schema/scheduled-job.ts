import * as z from "zod";
import { readSchedule } from "../schedule/read-schedule.ts";
import { checkedText, duration, either, whole, withFacts } from "./fields.ts";
import { imageWithoutPort } from "./image.ts";
import { groups, placement } from "./network.ts";
import { task, workloadSchema } from "./workload.ts";

const schedule = () =>
  checkedText((value) => {
    const read = readSchedule(value);
    return "problem" in read ? { message: read.problem, ...(read.hint && { hint: read.hint }) } : undefined;
  }, "a schedule");

const whenMissing = 'say when the job runs: `on: { schedule: "@daily" }`, or `none` for a job that is run by hand';

/** What runs to its end, at set times. */
export const scheduledJob = () =>
  workloadSchema("Scheduled Job", {
    ...task(),
    image: imageWithoutPort(),
    on: withFacts(z.object({ schedule: withFacts(schedule(), { whenMissing }) }), { whenMissing }),
    // The state machine of the schedule counts its tries with 99999999 at most.
    retries: whole({ min: 0, max: 99_999_999 }).optional(),
    // As large as its `TimeoutSeconds` can be.
    timeout: duration({ min: 1, max: 99_999_999, wholeSeconds: true }).optional(),
    count: withFacts(whole({ min: 0 }), { whenMissing: "a job runs one task at a time: leave `count` out" }).optional(),
    network: z
      .object({
        vpc: z
          .object({
            placement: placement().optional(),
            security_groups: either(groups(), z.object({ groups: groups().optional() })).optional(),
          })
          .optional(),
      })
      .optional(),
  });
