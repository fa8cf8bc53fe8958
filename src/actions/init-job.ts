import { readFile, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { UserError } from "../errors.ts";
import { durationSeconds } from "../manifest/duration.ts";
import { readSchedule } from "../manifest/schedule/read-schedule.ts";
import { nameProblem, nearestName } from "../workspace/names.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { fillTemplate, yamlScalar } from "./fill-template.ts";
import type { WrittenFile } from "./init-service.ts";

export interface JobToInit {
  name: string;
  /** As a manifest has it. */
  schedule: string;
  /** A duration as Go writes it. */
  timeout?: string | undefined;
  retries?: number | undefined;
  /** Where the image comes from: one of the two. The Dockerfile's path starts at the workspace's root. */
  dockerfile?: string | undefined;
  image?: string | undefined;
}

/** Writes the first manifest of a job, as {@link initService} does that of a service.
 *  @throws UserError usage/invalid-flag, usage/missing-input, workspace/workload-exists, workspace/write-failed */
export async function initJob(
  job: JobToInit,
  { workspace, packageRoot }: { workspace: Workspace; packageRoot: string },
): Promise<WrittenFile[]> {
  await check(job, workspace.root);
  const { name, schedule, timeout, retries, dockerfile, image = "" } = job;
  const scalar = (text: string) => yamlScalar(text.replaceAll("${", "\\${"));
  const values = {
    name,
    schedule: scalar(schedule),
    timeout: timeout === undefined ? "# timeout: 1h" : `timeout: ${timeout}`,
    retries: retries === undefined ? "# retries: 3" : `retries: ${retries}`,
    image: dockerfile === undefined ? `location: ${scalar(image)}` : `build: ${scalar(posix.normalize(dockerfile))}`,
  };
  const text = await fillTemplate("scheduled-job.yml", values, packageRoot);
  const { file, creation } = await workspace.createWorkload(name, text);
  if (creation === "different")
    throw new UserError(
      "workspace/workload-exists",
      "this manifest exists and says something else; it was left as it is",
      { place: { file }, hint: `change the file, or choose another name than ${name}` },
    );
  const schema = await readFile(join(packageRoot, "manifests/schema/scheduled-job.json"), "utf8");
  return [{ file, creation }, await workspace.writeSchema("scheduled-job.json", schema)];
}

/** What is wrong with a schedule, as `job init` takes it: Copilot's takes no job without one. */
export function scheduleProblem(schedule: string): string | undefined {
  if (schedule.trim() === "none") return "none is for an environment's overlay: a job begins with a schedule";
  const read = readSchedule(schedule);
  return "problem" in read ? [read.problem, ...(read.hint === undefined ? [] : [read.hint])].join("; ") : undefined;
}

async function check({ name, schedule, timeout, dockerfile, image }: JobToInit, root: string): Promise<void> {
  const problem = nameProblem(name);
  if (problem)
    throw refuse(`--name ${problem}: ${JSON.stringify(name)}`, `for instance --name ${nearestName(name) ?? "my-job"}`);
  const wrong = scheduleProblem(schedule);
  if (wrong !== undefined) throw refuse(`--schedule ${schedule}: ${wrong}`, "for instance --schedule @daily");
  const seconds = timeout === undefined ? 1 : durationSeconds(timeout);
  if (seconds === undefined || seconds < 1 || !Number.isInteger(seconds))
    throw refuse(`--timeout must be whole seconds, such as 90s or 1h30m, not ${timeout}`);
  if (dockerfile !== undefined && image !== undefined)
    throw refuse("--dockerfile and --image do not go together", "build an image, or take a finished one");
  if (dockerfile === undefined && image === undefined)
    throw new UserError("usage/missing-input", "either --dockerfile or --image is needed");
  if (dockerfile === undefined) return;
  const found = await stat(join(root, dockerfile)).catch(() => undefined);
  if (!found?.isFile())
    throw refuse(`--dockerfile: there is no file ${dockerfile}`, "its path starts at the workspace's root");
}

function refuse(message: string, hint?: string): UserError {
  return new UserError("usage/invalid-flag", message, { hint });
}
