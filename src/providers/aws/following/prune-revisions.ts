import {
  DeregisterTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  paginateListTaskDefinitions,
  paginateListTasks,
} from "@aws-sdk/client-ecs";
import { stackName } from "../../../plan/names.ts";
import type { WorkloadRef } from "../../provider.ts";
import { familyAndRevision, revisionIn } from "../services/arns.ts";
import { EcsService } from "../services/ecs-service.ts";
import { type FoundWorkload, findWorkload, type ReadingTools } from "../services/find-workload.ts";
import { stackBusy } from "../stacks/stack-errors.ts";
import { isBusy } from "../stacks/stack-status.ts";
import { withEitherRight } from "./either-right.ts";

/** Tasks are described so many at once. */
const mostTasks = 100;

/** Deregisters old revisions of a workload's task definition. What is old is asked for first and what is in use after that,
 *  once more before each: so nothing that comes into use between the two questions is missed, and what is registered after
 *  the first one is too new to be touched. */
export async function pruneRevisions(
  ref: WorkloadRef,
  { keep, inUse }: { keep: number; inUse: readonly number[] },
  tools: ReadingTools,
): Promise<string[]> {
  const workload = await findWorkload(ref, tools);
  const family = familyOf(workload) ?? stackName(ref.app, ref.env, ref.name);
  const ask = <T>(question: (ecs: ECSClient) => Promise<T>) =>
    withEitherRight(workload.session, tools.session, (session) => question(session.client(ECSClient)));
  const newestFirst = (await ask((ecs) => revisionsOf(family, ecs))).toSorted((a, b) => revisionIn(b) - revisionIn(a));
  const old = newestFirst.slice(keep).filter((arn) => !inUse.includes(revisionIn(arn)));
  const gone: string[] = [];
  for (const arn of old) {
    if ((await usedRevisions(workload, family, tools)).has(familyAndRevision(arn))) continue;
    await ask((ecs) => ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn })));
    gone.push(familyAndRevision(arn));
  }
  return gone;
}

async function revisionsOf(family: string, client: ECSClient): Promise<string[]> {
  const asked = { familyPrefix: family, status: "ACTIVE", sort: "DESC" } as const;
  const arns: string[] = [];
  for await (const { taskDefinitionArns = [] } of paginateListTaskDefinitions({ client }, asked))
    // A prefix is also that of other families.
    arns.push(...taskDefinitionArns.filter((arn) => familyAndRevision(arn) === `${family}:${revisionIn(arn)}`));
  return arns;
}

/** The family that the stack itself names. */
function familyOf({ resources }: FoundWorkload): string | undefined {
  const definition = Object.values(resources).find(({ type }) => type === "AWS::ECS::TaskDefinition");
  return definition && familyAndRevision(definition.physicalId).split(":")[0];
}

/** What runs, what is to run and what CloudFormation may go back to.
 *  @throws UserError stack/busy: while a stack changes, a revision that nothing names may be gone back to */
async function usedRevisions(found: FoundWorkload, family: string, tools: ReadingTools): Promise<Set<string>> {
  const { stack: name, where, session } = found;
  const ecs = session.client(ECSClient);
  const [stack, { resources }] = await Promise.all([tools.stacks.describe(name, where), findWorkload(found, tools)]);
  if (stack !== undefined && (isBusy(stack.status) || stack.status === "UPDATE_ROLLBACK_FAILED"))
    throw stackBusy(stack, stack.updatedAt ?? stack.createdAt);
  const of = (type: string) => Object.values(resources).filter((each) => each.type === type);
  const used = of("AWS::ECS::TaskDefinition").map(({ physicalId }) => physicalId);
  const [first] = of("AWS::ECS::Service");
  const service = first && new EcsService(session, { service: first.physicalId });
  const described = await service?.describe();
  const { taskDefinition, deployments = [], taskSets = [] } = described ?? {};
  used.push(...[taskDefinition, ...[...deployments, ...taskSets].map((each) => each.taskDefinition)].flatMap(given));
  // Tasks of the service, and those that somebody has started by hand, also of jobs.
  const cluster = service?.cluster ?? (await clusterOf(found, tools));
  for (const desiredStatus of ["RUNNING", "STOPPED"] as const) {
    const request = { family, desiredStatus, ...(cluster !== undefined && { cluster }) };
    const arns: string[] = [];
    for await (const { taskArns = [] } of paginateListTasks({ client: ecs }, request)) arns.push(...taskArns);
    for (let at = 0; at < arns.length; at += mostTasks) {
      const some = { tasks: arns.slice(at, at + mostTasks), ...(cluster !== undefined && { cluster }) };
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand(some));
      // One that has stopped needs its definition no more; one that is stopping does.
      const alive = tasks.filter(({ lastStatus }) => lastStatus !== "STOPPED");
      used.push(...alive.flatMap((task) => given(task.taskDefinitionArn)));
    }
  }
  return new Set(used.map(familyAndRevision));
}

/** The cluster of the environment, for what is no service. */
async function clusterOf({ app, env, where }: FoundWorkload, { stacks }: ReadingTools): Promise<string | undefined> {
  return (await stacks.describe(`${app}-${env}`, where))?.outputs["ClusterId"];
}

function given<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
