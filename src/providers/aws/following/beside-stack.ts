import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { UserError } from "../../../errors.ts";
import type { DefinitionToRegister, KnownSurroundings, ServiceBesideStack } from "../../account/services.ts";
import type { WorkloadRef } from "../../provider.ts";
import { ecsServiceOf } from "../services/describe-workload.ts";
import { stackDefinitionOf } from "../services/drift.ts";
import { findWorkload, notDeployed, openEnvironment, type ReadingTools } from "../services/find-workload.ts";
import type { AwsSession } from "../session.ts";
import { isDenied } from "./either-right.ts";

/** The tag of revisions that were registered beside their stack. */
const markTag = "pilotfish-hotswap";

export async function besideStack(ref: WorkloadRef, tools: ReadingTools): Promise<ServiceBesideStack | undefined> {
  const workload = await findWorkload(ref, tools);
  const ofStack = stackDefinitionOf(workload);
  if (ofStack === undefined || !Object.values(workload.resources).some(isService)) return undefined;
  const ecs = ecsServiceOf(workload);
  const [service, definition] = await Promise.all([ecs.describe(), ecs.definition(ofStack)]);
  if (service?.taskDefinition === undefined || service.status !== "ACTIVE") return undefined;
  const { taskDefinition: runs } = service;
  const mark = runs === ofStack ? undefined : await markOf(runs, workload.session);
  return {
    runs,
    ofStack,
    definition,
    ...(mark !== undefined && { mark }),
    resources: workload.resources,
  };
}

function isService({ type }: { type: string }): boolean {
  return type === "AWS::ECS::Service";
}

/** Who may not read tags registers the same revision once more, which does no harm. */
async function markOf(taskDefinition: string, session: AwsSession): Promise<string | undefined> {
  const ask = new DescribeTaskDefinitionCommand({ taskDefinition, include: ["TAGS"] });
  try {
    const { tags = [] } = await session.client(ECSClient).send(ask);
    return tags.find(({ key }) => key === markTag)?.value;
  } catch (error) {
    if (isDenied(error)) return undefined;
    throw error;
  }
}

/** The manager role that Copilot gives an environment may not register: whoever is of the same account does it with their own
 *  rights. Where those do not reach so far either, it is they who are told. */
export async function registerDefinition(
  ref: WorkloadRef,
  { request, tags, mark }: DefinitionToRegister,
  tools: ReadingTools,
): Promise<string> {
  const [{ session, record }, { account }] = await Promise.all([openEnvironment(ref, tools), tools.session.identity()]);
  const own = (request["tags"] ?? []) as { key: string; value: string }[];
  const all = { ...tags, ...Object.fromEntries(own.map(({ key, value }) => [key, value])), [markTag]: mark };
  const register = async (as: AwsSession) =>
    as.client(ECSClient).send(
      new RegisterTaskDefinitionCommand({
        ...(request as unknown as RegisterTaskDefinitionCommandInput),
        tags: Object.entries(all).map(([key, value]) => ({ key, value })),
      }),
    );
  const isOwn = account === record.accountID;
  const { taskDefinition } = await (isOwn ? register(tools.session.inRegion(record.region)) : register(session)).catch(
    async (error: unknown) => {
      if (!isOwn || !isDenied(error)) throw error;
      return register(session).catch(() => {
        throw error;
      });
    },
  );
  return taskDefinition?.taskDefinitionArn ?? "";
}

export async function moveTo(
  ref: WorkloadRef,
  { definition, resources }: { definition?: string | undefined } & KnownSurroundings,
  tools: ReadingTools,
): Promise<{ deploymentId: string }> {
  const workload = await findWorkload(ref, tools, { resources });
  const { arn, cluster } = ecsServiceOf(workload);
  const taskDefinition = definition ?? stackDefinitionOf(workload);
  if (taskDefinition === undefined)
    throw new UserError("service/not-found", `the stack ${workload.stack} has no task definition`, {
      hint: `pilotfish svc deploy -a ${ref.app} -n ${ref.name} -e ${ref.env}`,
    });
  const update = new UpdateServiceCommand({ service: arn, cluster, taskDefinition });
  const { service } = await workload.session.client(ECSClient).send(update);
  const begun = service?.deployments?.find(({ status }) => status === "PRIMARY");
  if (begun?.id === undefined) throw notDeployed(ref);
  return { deploymentId: begun.id };
}
