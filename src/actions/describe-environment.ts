import { UserError } from "../errors.ts";
import type { Environment, EnvironmentRef, Provider, WorkloadStatus } from "../providers/provider.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { workloadTypes } from "./workload-types.ts";

export interface EnvironmentDescription {
  environment: Environment;
  /** What is deployed in it. */
  services: DeployedService[];
  /** What stands for AWS's resources. */
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

/** An environment with what is deployed in it. */
export async function describeEnvironment(
  { app, env }: EnvironmentRef,
  { provider, workspace }: { provider: Provider; workspace: Workspace | undefined },
): Promise<EnvironmentDescription> {
  const found = (await provider.listEnvironments(app)).find(({ name }) => name === env);
  const types = workspace === undefined ? new Map<string, string>() : await workloadTypes(workspace);
  const statuses = (await provider.listWorkloads({ app, env })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
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
    resources: statuses.flatMap(resourcesOf),
  };
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
    hint: `pilotfish svc delete --app ${app} --name ${names[0]} --env ${env} --local`,
  });
}
