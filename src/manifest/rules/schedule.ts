import { readSchedule } from "../schedule/read-schedule.ts";
import { rule } from "./rule.ts";

/** A schedule that Copilot took for another one is told, since the job runs at other times from now on. */
export const jobSchedule = rule("job/schedule", ["on"], (manifest, report) => {
  const text = manifest.type === "Scheduled Job" ? manifest.on?.schedule : undefined;
  const schedule = text === undefined ? undefined : readSchedule(text);
  if (!schedule || "problem" in schedule || schedule.copilot === undefined) return;
  report("on.schedule", `Copilot made \`${schedule.copilot}\` of this, which are other times than these`, {
    hint: `it is deployed as \`${schedule.expression}\`; write that to have it said plainly`,
    severity: "warning",
  });
});
