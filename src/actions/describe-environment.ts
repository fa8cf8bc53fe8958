import { UserError } from "../errors.ts";
import { aliasNames } from "../plan/environment-needs.ts";
import type { Account } from "../providers/account.ts";
import type { Environment, EnvironmentRef, Provider, WorkloadStatus } from "../providers/provider.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { environmentOwn, ownDomainPlaceOf } from "./domain-place.ts";
import { placeOf } from "./environment-ready.ts";
import { environmentNotOnAws } from "./manifest-in-account.ts";
import { workloadTypes } from "./workload-types.ts";

export interface EnvironmentDescription {
  environment: Environment;
  /** What is deployed in it. */
  services: DeployedService[];
  /** What its stack consists of, and what was made for its domain; of a simulated one, what stands for AWS's resources. */
  resources: Resource[];
}

export interface DeployedService {
  name: string;
  /** As the workspace's manifest has it; absent where there is no such manifest. */
  type?: string;
  status: WorkloadStatus["status"];
  desiredCount: number;
  runningCount: number;
  urls: string[];
}

export interface Resource {
  /** As CloudFormation calls it. */
  type: string;
  physicalId: string;
}

/** An environment with what is deployed in it.
 *  @param onAws for one of AWS's: the types of its workloads, and what it consists of, are asked there
 *  @throws UserError environment/not-found for one that AWS does not have */
export async function describeEnvironment(
  { app, env }: EnvironmentRef,
  { provider, workspace, onAws }: { provider: Provider; workspace: Workspace | undefined; onAws?: OnAws | undefined },
): Promise<EnvironmentDescription> {
  const found = (await provider.listEnvironments(app)).find(({ name }) => name === env);
  if (found === undefined && provider.kind === "aws") throw environmentNotOnAws(app, env);
  const [types, all, ofStack = []] = await Promise.all([
    typesOf(app, workspace, onAws),
    provider.listWorkloads({ app, env }),
    onAws?.withResources === true ? resourcesOnAws({ app, env }, onAws.account) : undefined,
  ]);
  const statuses = all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    environment: found ?? { app, name: env, provider: provider.kind },
    services: statuses.map(({ name, status, desiredCount, runningCount, urls }) => ({
      name,
      type: types.get(name),
      status,
      desiredCount,
      runningCount,
      urls,
    })),
    resources: provider.kind === "aws" ? ofStack : statuses.flatMap(resourcesOf),
  };
}

interface OnAws {
  account: Pick<Account, "records" | "stacks" | "facts" | "domains">;
  withResources: boolean;
}

async function typesOf(
  app: string,
  workspace: Workspace | undefined,
  onAws: OnAws | undefined,
): Promise<Map<string, string | undefined>> {
  const written = workspace === undefined ? [] : [...(await workloadTypes(workspace))];
  const recorded = onAws === undefined ? [] : await onAws.account.records.listWorkloads(app);
  return new Map([...recorded.map(({ name, type }) => [name, type] as const), ...written]);
}

/** What the stack of an environment on AWS consists of, then what was made for its domain outside of it. */
async function resourcesOnAws(
  { app, env }: EnvironmentRef,
  { facts, stacks, domains }: OnAws["account"],
): Promise<Resource[]> {
  const gathered = await facts.ofEnvironment({ app, env });
  const { environmentStack: stack } = gathered;
  const all = await stacks.resources(`${app}-${env}`, placeOf(gathered).where);
  const ofStack = Object.values(all).map(({ type, physicalId }) => ({ type, physicalId }));
  const place = ownDomainPlaceOf(gathered, all);
  if (place === undefined || stack === undefined) return ofStack;
  const { loadBalancer = [], cdn = [] } = gathered.facts.certificates ?? {};
  const outside = await domains.list({
    place,
    aliases: aliasNames(stack.parameters),
    targets: environmentOwn(stack.outputs),
    certificates: [loadBalancer, cdn].flat(),
  });
  return [...ofStack, ...outside];
}

function resourcesOf({ app, env, name, deployments, tasks, urls }: WorkloadStatus): Resource[] {
  const revisions = new Set(deployments.filter(({ status }) => status !== "INACTIVE").map(({ revision }) => revision));
  return [
    { type: "AWS::ECS::Service", physicalId: `${app}/${env}/${name}` },
    ...[...revisions].map((revision) => ({
      type: "AWS::ECS::TaskDefinition",
      physicalId: `${app}-${env}-${name}:${revision}`,
    })),
    ...tasks.map(({ id }) => ({ type: "AWS::ECS::Task", physicalId: id })),
    ...urls.map((url) => ({ type: "AWS::ElasticLoadBalancingV2::ListenerRule", physicalId: url })),
  ];
}

/** @throws UserError environment/in-use naming what is deployed */
export async function refuseInUse({ app, env }: EnvironmentRef, provider: Provider): Promise<void> {
  const names = (await provider.listWorkloads({ app, env })).map(({ name }) => name).toSorted();
  if (names.length === 0) return;
  throw new UserError("environment/in-use", `services of ${app} are deployed to ${env}: ${names.join(", ")}`, {
    hint: `pilotfish svc delete --app ${app} --name ${names[0]} --env ${env}${provider.kind === "aws" ? "" : " --local"}`,
  });
}
