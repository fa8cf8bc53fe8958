import type { ScheduledJobManifest } from "../manifest/load.ts";
import { platformOf } from "../manifest/platform.ts";
import { readSchedule } from "../manifest/schedule/read-schedule.ts";
import { exposedPorts, httpTarget } from "../manifest/targets.ts";
import type { AddonOutputs } from "./addon-outputs.ts";
import { awsvpcConfiguration } from "./network.ts";
import { discoveryNamespace } from "./names.ts";
import { PlanRefused } from "./plan-refused.ts";
import { planTask } from "./plan-task.ts";
import type { ScheduledJobPlan } from "./scheduled-job-plan.ts";
import { seconds } from "./seconds.ts";

/** As long as the name of a state machine may be. */
const longestName = 80;

/** Everything there is to do for a job in an environment, with Copilot's names and defaults.
 *  @throws PlanRefused as planWorkload does, and when the name of its state machine is too long for AWS */
export function planScheduledJob({
  manifest,
  app,
  env,
  namespace = discoveryNamespace(app, env),
  addons,
}: {
  /** Checked: it has no errors left. */
  manifest: ScheduledJobManifest;
  app: string;
  env: string;
  /** Where services of the environment find each other; that of a new environment when absent. */
  namespace?: string;
  addons?: AddonOutputs;
}): ScheduledJobPlan {
  const { name, retries = 0, timeout, count } = manifest;
  const schedule = readSchedule(manifest.on.schedule);
  if ("problem" in schedule) throw new Error(`not a schedule: ${manifest.on.schedule}`);
  checkName(`${app}-${env}-${name}`);
  const { exposed } = exposedPorts(manifest);
  const main = httpTarget(manifest, {}, exposed);
  const { expression, isEnabled } = schedule;
  return {
    ...planTask({
      manifest,
      app,
      env,
      namespace,
      loadBalancer: undefined,
      https: false,
      exposed,
      main,
      ...(addons && { addons }),
    }),
    type: manifest.type,
    ...(count !== undefined && { count }),
    schedule: { expression, isEnabled },
    stateMachine: {
      ...(timeout !== undefined && { timeoutSeconds: seconds(timeout) }),
      ...(retries > 0 && { retries: { maxAttempts: retries, intervalSeconds: 10, backoffRate: 1.5 } }),
      platformVersion: platformOf(manifest).isWindows ? "1.0.0" : "LATEST",
      network: awsvpcConfiguration(manifest, addons),
    },
  };
}

function checkName(name: string): void {
  if (name.length <= longestName) return;
  throw new PlanRefused(
    "job/name",
    ["name"],
    `the state machine would be named ${name}, and ${name.length} characters are more than the ${longestName} that AWS takes`,
    "give the job, the environment or the application a shorter name",
  );
}
