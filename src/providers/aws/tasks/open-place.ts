import { DescribeClustersCommand, ECSClient } from "@aws-sdk/client-ecs";
import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { UserError } from "../../../errors.ts";
import type { StackPlace } from "../../account/stacks.ts";
import type { TaskEnvironment, TaskNetwork, TaskPlace } from "../../task-groups.ts";
import { openEnvironment, type ReadingTools } from "../services/find-workload.ts";
import type { AwsSession } from "../session.ts";

/** A place with the right to run tasks in it. */
export interface OpenPlace {
  /** With the rights of the environment's manager role, or the user's own. */
  session: AwsSession;
  /** Where the stacks of its groups are. */
  where: StackPlace;
  /** Name or ARN. */
  cluster: string;
}

/** @throws UserError environment/not-found, environment/not-deployed */
export async function openPlace(place: TaskPlace, tools: ReadingTools): Promise<OpenPlace> {
  if (place.app === undefined) return { session: tools.session, where: {}, cluster: place.cluster ?? defaultCluster };
  const { session, where, cluster } = await openedEnvironment(place, tools);
  return { session, where, cluster };
}

export const defaultCluster = "default";

/** In ECS's words. */
export interface Network {
  subnets: string[];
  securityGroups: string[];
  assignPublicIp: "ENABLED" | "DISABLED";
}

export interface OpenNetwork extends OpenPlace {
  network: Network;
  /** Whether the cluster is there: the default one may have to be made. */
  hasCluster: boolean;
}

/** A place with the network that its tasks are in, of an environment the same that its services are in by default.
 *  @throws UserError environment/not-found, environment/not-deployed, task/no-network */
export async function openNetwork(place: TaskPlace, tools: ReadingTools): Promise<OpenNetwork> {
  if (place.app === undefined) return ownNetwork(place, tools);
  const { outputs, ...opened } = await openedEnvironment(place, tools);
  const open = listOf(outputs["PublicSubnets"]);
  const subnets = open.length > 0 ? open : listOf(outputs["PrivateSubnets"]);
  if (subnets.length === 0)
    throw new UserError("task/no-network", `the environment ${place.env} has no subnets to run a task in`, {
      hint: "give some: pilotfish task run --subnets SUBNET --security-groups GROUP --cluster CLUSTER",
    });
  const groups = [...listOf(outputs["EnvironmentSecurityGroup"]), ...(place.securityGroups ?? [])];
  const assignPublicIp = open.length > 0 ? "ENABLED" : "DISABLED";
  return { ...opened, hasCluster: true, network: { subnets, securityGroups: atMost(groups), assignPublicIp } };
}

async function openedEnvironment(
  { app, env }: TaskEnvironment,
  tools: ReadingTools,
): Promise<OpenPlace & { outputs: Record<string, string> }> {
  const { session, where } = await openEnvironment({ app, env }, tools);
  const { outputs = {} } = (await tools.stacks.describe(`${app}-${env}`, where)) ?? {};
  const cluster = outputs["ClusterId"];
  if (cluster !== undefined) return { session, where, cluster, outputs };
  throw new UserError("environment/not-deployed", `the environment ${env} of ${app} is not deployed yet`, {
    hint: `pilotfish env deploy --name ${env}`,
  });
}

async function ownNetwork(
  { cluster = defaultCluster, subnets, securityGroups = [] }: TaskNetwork,
  { session }: ReadingTools,
): Promise<OpenNetwork> {
  const [hasCluster, chosen] = await Promise.all([
    isThere(cluster, session),
    subnets === undefined ? defaultSubnets(session) : [...subnets],
  ]);
  if (!hasCluster && cluster !== defaultCluster)
    throw new UserError("task/no-network", `there is no cluster ${cluster} in ${session.region}`, {
      hint: "aws ecs list-clusters",
    });
  const network: Network = { subnets: chosen, securityGroups: atMost(securityGroups), assignPublicIp: "ENABLED" };
  return { session, where: {}, cluster, hasCluster, network };
}

async function isThere(cluster: string, session: AwsSession): Promise<boolean> {
  const { clusters = [] } = await session.client(ECSClient).send(new DescribeClustersCommand({ clusters: [cluster] }));
  return clusters.some(({ status }) => status === "ACTIVE");
}

async function defaultSubnets(session: AwsSession): Promise<string[]> {
  const ask = new DescribeSubnetsCommand({ Filters: [{ Name: "default-for-az", Values: ["true"] }] });
  const { Subnets = [] } = await session.client(EC2Client).send(ask);
  const ids = Subnets.flatMap(({ SubnetId }) => SubnetId ?? []);
  if (ids.length > 0) return ids;
  throw new UserError("task/no-network", `${session.region} has no default VPC with subnets`, {
    hint: "aws ec2 create-default-vpc    (or name subnets: pilotfish task run --subnets SUBNET)",
  });
}

/** Source: ECS API reference, AwsVpcConfiguration. */
const mostGroups = 5;

function atMost(groups: readonly string[]): string[] {
  const once = [...new Set(groups)];
  if (once.length <= mostGroups) return once;
  throw new UserError("task/no-network", `a task is in ${mostGroups} security groups at most, not in ${once.length}`, {
    details: once,
    hint: "leave some of --security-groups out",
  });
}

function listOf(output: string | undefined): string[] {
  return output === undefined || output === "" ? [] : output.split(",");
}
