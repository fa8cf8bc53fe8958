import type { Service, TaskDefinition } from "@aws-sdk/client-ecs";
import { manifestInTemplate } from "../../../cloudformation/manifest-in-template.ts";
import type { DeployedWorkload, WorkloadRef } from "../../provider.ts";
import { asTaskDefinition, describeAppRunner } from "./app-runner.ts";
import { ecsServiceOf, siteUrls } from "./describe-workload.ts";
import { driftOf } from "./drift.ts";
import { describeTaskDefinition } from "./ecs-service.ts";
import { type FoundWorkload, findWorkload, notDeployed, type ReadingTools } from "./find-workload.ts";
import { runningResource } from "./kind-of-workload.ts";
import { loadBalancerUrls } from "./load-balancer-urls.ts";

/** What the stack of a workload holds. @throws UserError environment/not-found, service/not-found */
export async function deployedWorkload(workload: WorkloadRef, tools: ReadingTools): Promise<DeployedWorkload> {
  const { stacks, records } = tools;
  const [found, listed] = await Promise.all([findWorkload(workload, tools), records.listWorkloads(workload.app)]);
  const [running, template] = await Promise.all([whatRuns(found, tools), stacks.template(found.stack, found.where)]);
  const { app, env, name } = workload;
  const manifest = manifestInTemplate(template);
  return {
    app,
    env,
    name,
    type: listed.find((each) => each.name === name)?.type ?? "",
    ...running,
    ...(manifest !== undefined && { manifest }),
    resources: Object.values(found.resources).map(({ type, physicalId }) => ({ type, physicalId })),
  };
}

type Running = Pick<
  DeployedWorkload,
  "taskDefinition" | "desiredCount" | "discovery" | "serviceConnect" | "urls" | "drift"
>;

async function whatRuns(found: FoundWorkload, tools: ReadingTools): Promise<Running> {
  const running = runningResource(found.resources);
  const nothing = { desiredCount: 0, serviceConnect: [] };
  switch (running?.kind) {
    case "ecs":
      return serviceThatRuns(found, tools);
    case "app-runner": {
      const described = await describeAppRunner(found, running.service);
      if (described === undefined) throw notDeployed(found);
      const { service, urls } = described;
      return { ...nothing, taskDefinition: asTaskDefinition(found.name, service), urls };
    }
    case "job": {
      const definition = found.resources["TaskDefinition"];
      const described = definition && (await describeTaskDefinition(found.session, definition.physicalId));
      return { ...nothing, taskDefinition: asRequested(described ?? {}), urls: [] };
    }
    case "static-site":
      return { ...nothing, taskDefinition: asRequested({}), urls: await siteUrls(found, tools) };
    case undefined:
      throw notDeployed(found);
  }
}

async function serviceThatRuns(found: FoundWorkload, { stacks }: ReadingTools): Promise<Running> {
  const ecs = ecsServiceOf(found);
  const [service, urls] = await Promise.all([ecs.describe(), loadBalancerUrls(found, stacks)]);
  if (service?.taskDefinition === undefined) throw notDeployed(found);
  const definition = (await ecs.definition(service.taskDefinition)) ?? {};
  const drift = driftOf(found, service);
  return {
    taskDefinition: asRequested(definition),
    desiredCount: service.desiredCount ?? 0,
    ...discoveryOf(found, definition),
    serviceConnect: connectionsOf(service),
    urls,
    ...(drift && { drift }),
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
