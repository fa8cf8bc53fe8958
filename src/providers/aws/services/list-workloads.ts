import { UserError } from "../../../errors.ts";
import type { StackDescription } from "../../account/stacks.ts";
import type { WorkloadStatus } from "../../provider.ts";
import { describeFound } from "./describe-workload.ts";
import { type OpenEnvironment, opened, type ReadingTools, resourcesOf } from "./find-workload.ts";

/** So many workloads are looked at side by side: AWS slows down those who ask for more. */
const atOnce = 6;

/** What is deployed in an environment, or in all of the application. */
export async function listWorkloads(
  { app, env }: { app: string; env?: string },
  tools: ReadingTools,
): Promise<WorkloadStatus[]> {
  const records =
    env === undefined ? await tools.records.listEnvironments(app) : [await tools.records.environment(app, env)];
  const found = await Promise.all(
    records.flatMap((record) => (record === undefined ? [] : [stacksIn(app, opened(record, tools.session), tools)])),
  );
  const waiting = found.flat();
  const statuses: (WorkloadStatus | undefined)[] = [];
  while (waiting.length > 0)
    statuses.push(...(await Promise.all(waiting.splice(0, atOnce).map((each) => statusOf(each, tools)))));
  return statuses.filter((each) => each !== undefined);
}

interface StackOfWorkload {
  app: string;
  name: string;
  stack: string;
  environment: OpenEnvironment;
  environmentStack: StackDescription | undefined;
}

/** The environment's own stack has no tag of a workload. */
async function stacksIn(
  app: string,
  environment: OpenEnvironment,
  { stacks }: ReadingTools,
): Promise<StackOfWorkload[]> {
  const tags = { "copilot-application": app, "copilot-environment": environment.record.name };
  const listed = await stacks.listByTags(tags, environment.where);
  const environmentStack = listed.find(({ name }) => name === `${app}-${environment.record.name}`);
  return listed.flatMap(({ name: stack, tags: own }) => {
    const name = own["copilot-service"];
    return name === undefined ? [] : [{ app, name, stack, environment, environmentStack }];
  });
}

/** Undefined for one that is only being made, or goes just now. */
async function statusOf(
  { app, name, stack, environment, environmentStack }: StackOfWorkload,
  tools: ReadingTools,
): Promise<WorkloadStatus | undefined> {
  const resources = await resourcesOf(stack, environment.where, tools.stacks);
  const workload = { app, env: environment.record.name, name, stack, resources, ...environment };
  return describeFound(workload, tools, { environmentStack }).catch((error: unknown) => {
    if (error instanceof UserError && error.code === "service/not-found") return undefined;
    throw error;
  });
}
