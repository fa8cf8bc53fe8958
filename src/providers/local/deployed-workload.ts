import type { ResolvedWorkloadPlan } from "../../plan/workload-plan.ts";
import type { SimulatorClient } from "../../simulator/client.ts";
import type { DeployedWorkload } from "../provider.ts";

/** What the simulator was asked to run last. */
export async function deployedWorkload(client: SimulatorClient, serviceId: string): Promise<DeployedWorkload> {
  const { plan, revision, desiredCount, urls } = await client.call("deployed-service", { serviceId });
  const { app, env, name, type, taskDefinition, discovery, service, manifest } = plan;
  return {
    app,
    env,
    name,
    type,
    taskDefinition,
    desiredCount,
    ...(discovery && { discovery: { host: `${discovery.name}.${discovery.namespace}`, port: discovery.port } }),
    serviceConnect: (service.serviceConnectConfiguration?.services ?? []).flatMap(({ clientAliases = [] }) =>
      clientAliases.map(({ dnsName = name, port = 0 }) => ({ host: dnsName, port })),
    ),
    urls,
    manifest,
    resources: resourcesOf(plan, revision),
  };
}

/** What the simulator has of a service, under CloudFormation's names of such things. */
function resourcesOf(plan: ResolvedWorkloadPlan, revision: number): DeployedWorkload["resources"] {
  const { app, env, name, taskDefinition, targetGroups, listenerRules } = plan;
  const id = `${app}/${env}/${name}`;
  return [
    { type: "AWS::ECS::Service", physicalId: id },
    { type: "AWS::ECS::TaskDefinition", physicalId: `${taskDefinition.family}:${revision}` },
    { type: "AWS::Logs::LogGroup", physicalId: `/copilot/${app}-${env}-${name}` },
    ...targetGroups.map(({ key }) => ({
      type: "AWS::ElasticLoadBalancingV2::TargetGroup",
      physicalId: `${id}/${key}`,
    })),
    ...listenerRules.map(({ key }) => ({
      type: "AWS::ElasticLoadBalancingV2::ListenerRule",
      physicalId: `${id}/${key}`,
    })),
  ];
}
