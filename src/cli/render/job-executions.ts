import type { JobExecution } from "../../providers/account/jobs.ts";
import type { WorkloadRef } from "../../providers/provider.ts";
import { clean } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { renderTable } from "./table.ts";
import { ageText, durationText, shortTask } from "./words.ts";

/** The runs of a job, newest first, with why the newest one ended badly. */
export function renderExecutions(
  { app, env, name }: WorkloadRef,
  executions: readonly JobExecution[],
  now: number,
  colors: Paint,
): string[] {
  const title = `${name} of ${app} in ${env}`;
  const [newest] = executions;
  if (newest === undefined)
    return [`${title}: its logs tell of no run`, `  run it: pilotfish job run -a ${app} -n ${name} -e ${env}`];
  const rows = executions.map(({ id, status, startedAt, stoppedAt, tasks }) => [
    clean(id),
    status,
    `${ageText(now - Date.parse(startedAt))} ago`,
    durationText((stoppedAt === undefined ? now : Date.parse(stoppedAt)) - Date.parse(startedAt)),
    tasks.map(shortTask).join(", ") || "-",
  ]);
  const why = [newest.error, newest.cause].filter((each) => each !== undefined).map(clean);
  return [
    colors.bold(title),
    ...renderTable([["RUN", "STATUS", "STARTED", "TOOK", "TASKS"], ...rows]),
    ...(why.length === 0 ? [] : ["", `the last one ended with ${why.join(": ")}`]),
  ];
}
