import type { Service, TaskDefinition } from "@aws-sdk/client-ecs";
import { manifestInTemplate } from "../../../cloudformation/manifest-in-template.ts";
import type { DeployedWorkload, WorkloadRef } from "../../provider.ts";
import { ecsServiceOf } from "./describe-workload.ts";
import { type FoundWorkload, findWorkload, notDeployed, type ReadingTools } from "./find-workload.ts";
import { loadBalancerUrls } from "./load-balancer-urls.ts";

/** What the stack of a workload holds. @throws UserError environment/not-found, service/not-found */
export async function deployedWorkload(workload: WorkloadRef, tools: ReadingTools): Promise<DeployedWorkload> {
  const { stacks, records } = tools;
  const [found, listed] = await Promise.all([findWorkload(workload, tools), records.listWorkloads(workload.app)]);
  const ecs = ecsServiceOf(found);
  const [service, template, urls] = await Promise.all([
    ecs.describe(),
    stacks.template(found.stack, found.where),
    loadBalancerUrls(found, stacks),
  ]);
  if (service?.taskDefinition === undefined) throw notDeployed(workload);
  const definition = (await ecs.definition(service.taskDefinition)) ?? {};
  const { app, env, name } = workload;
  const manifest = manifestInTemplate(template);
  return {
    app,
    env,
    name,
    type: listed.find((each) => each.name === name)?.type ?? "",
    taskDefinition: asRequested(definition),
    desiredCount: service.desiredCount ?? 0,
    ...discoveryOf(found, definition),
    serviceConnect: connectionsOf(service),
    urls,
    ...(manifest !== undefined && { manifest }),
    resources: Object.values(found.resources).map(({ type, physicalId }) => ({ type, physicalId })),
  };
}

/** Without what ECS adds to a task definition when it is registered. */
function asRequested(definition: TaskDefinition): DeployedWorkload["taskDefinition"] {
  const { taskDefinitionArn: _, revision: __, status: ___, requiresAttributes: ____, ...rest } = definition;
  const {
    compatibilities: _____,
    registeredAt: ______,
    deregisteredAt: _______,
    registeredBy: ________,
    ...asked
  } = rest;
  return asked as DeployedWorkload["taskDefinition"];
}

/** The namespace stands in a variable that every container is given. */
function discoveryOf(
  { resources, name }: FoundWorkload,
  { containerDefinitions = [] }: TaskDefinition,
): Pick<DeployedWorkload, "discovery"> {
  const main = containerDefinitions.find((each) => each.name === name);
  const namespace = main?.environment?.find((each) => each.name === "COPILOT_SERVICE_DISCOVERY_ENDPOINT")?.value;
  if (resources["DiscoveryService"] === undefined || namespace === undefined) return {};
  const port = main?.portMappings?.[0]?.containerPort;
  return { discovery: { host: `${name}.${namespace}`, ...(port !== undefined && { port }) } };
}

function connectionsOf({ deployments = [] }: Service): DeployedWorkload["serviceConnect"] {
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  return (primary?.serviceConnectConfiguration?.services ?? []).flatMap(({ clientAliases = [], portName = "" }) =>
    clientAliases.map(({ dnsName = portName, port = 0 }) => ({ host: dnsName, port })),
  );
}
