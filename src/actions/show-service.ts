import { shellWord, UserError } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import type { DeployedWorkload, Drift, Provider } from "../providers/provider.ts";
import type { Workspace } from "./open-workspace.ts";
import { writtenType } from "./written-type.ts";

/** A service over all environments that it is deployed in, in the shape of Copilot's `svc show --json`. Each list is
 *  sorted; numbers are texts there. */
export interface ShownService {
  service: string;
  type: string;
  application: string;
  configurations: {
    environment: string;
    /** `-` for one that does not listen. */
    port: string;
    cpu: string;
    memory: string;
    platform: string;
    tasks: string;
  }[];
  routes: { environment: string; url: string }[];
  serviceDiscovery: Endpoint[];
  serviceConnect: Endpoint[];
  variables: { environment: string; name: string; value: string; container: string }[];
  /** Never their values: the parameter or secret that they come from. */
  secrets: { environment: string; name: string; container: string; valueFrom: string }[];
  /** Of environments on AWS where it runs another revision than its stack has; absent where there is none. */
  drift?: ({ environment: string } & Drift)[];
  /** By environment; only where it was asked for. */
  resources?: Record<string, { type: string; physicalID: string }[]>;
}

/** `environment` has several names: an endpoint may be the same in all of them. */
export interface Endpoint {
  environment: string[];
  endpoint: string;
}

export interface ServiceToShow {
  app: string;
  name: string;
  resources: boolean;
}

/** What AWS has of a service. */
export interface ServiceOnAws {
  /** As its record says. */
  type?: string;
  deployed: DeployedWorkload[];
}

/** A service in all environments of an application on AWS; those that it is not deployed in have nothing to show. */
export async function serviceOnAws(
  { app, name }: Omit<ServiceToShow, "resources">,
  { account: { records }, provider }: { account: Pick<Account, "records">; provider: Provider },
): Promise<ServiceOnAws> {
  const [environments, workloads] = await Promise.all([records.listEnvironments(app), records.listWorkloads(app)]);
  const record = workloads.find((each) => each.name === name);
  const deployed = await Promise.all(
    environments.map(({ name: env }) =>
      provider.deployedWorkload({ app, env, name }).catch((error: unknown) => {
        if (error instanceof UserError && error.code === "service/not-found") return undefined;
        throw error;
      }),
    ),
  );
  return { ...(record && { type: record.type }), deployed: deployed.filter((each) => each !== undefined) };
}

/** @throws UserError service/not-found for one that is neither deployed nor in the workspace */
export async function showService(
  { app, name, resources }: ServiceToShow,
  {
    workspace,
    provider,
    onAws = { deployed: [] },
  }: { workspace: Workspace | undefined; provider: Provider; onAws?: ServiceOnAws | undefined },
): Promise<ShownService> {
  const found = (await provider.listWorkloads({ app })).filter((each) => each.name === name).map(({ env }) => env);
  const here = await Promise.all(found.toSorted().map((env) => provider.deployedWorkload({ app, env, name })));
  const deployed = [...here, ...onAws.deployed];
  const type = deployed[0]?.type || onAws.type || (await typeOf(app, name, workspace));
  const shown: ShownService = {
    service: name,
    type,
    application: app,
    configurations: deployed.map(configuration),
    routes: deployed.flatMap(({ env, urls }) => urls.map((url) => ({ environment: env, url }))),
    serviceDiscovery: endpoints(deployed, ({ discovery }) => (discovery ? [discovery] : [])),
    serviceConnect: endpoints(deployed, ({ serviceConnect }) => serviceConnect),
    variables: byName(deployed.flatMap(variables)),
    secrets: byName(deployed.flatMap(secrets)),
  };
  const drift = deployed.flatMap((each) => (each.drift ? [{ environment: each.env, ...each.drift }] : []));
  if (drift.length > 0) shown.drift = drift;
  if (!resources) return shown;
  const all = deployed.map((each) => [each.env, each.resources.map(resource)] as const);
  return { ...shown, resources: Object.fromEntries(all) };
}

/** The manifest that a service was deployed with. @throws UserError service/not-found */
export async function deployedManifest(
  workload: { app: string; env: string; name: string },
  { provider }: { provider: Provider },
): Promise<string> {
  const { manifest } = await provider.deployedWorkload(workload);
  if (manifest !== undefined) return manifest;
  const { name, env } = workload;
  throw new UserError("service/not-found", `the manifest that ${name} was deployed with to ${env} has not been kept`, {
    hint: `pilotfish svc deploy -n ${name} -e ${env}${env === "local" || provider.kind === "aws" ? "" : " --local"}    (keeps it)`,
  });
}

async function typeOf(app: string, name: string, workspace: Workspace | undefined): Promise<string> {
  if (workspace?.application === app) return writtenType(name, workspace);
  throw new UserError("service/not-found", `the application ${app} has no service ${name} here`, {
    hint: `pilotfish svc ls -a ${shellWord(app)}`,
  });
}

function configuration({ env, name, taskDefinition, desiredCount, discovery }: DeployedWorkload) {
  const { cpu = "", memory = "", containerDefinitions = [], runtimePlatform } = taskDefinition;
  const main = containerDefinitions.find((each) => each.name === name);
  const { operatingSystemFamily: system = "LINUX", cpuArchitecture: processor = "X86_64" } = runtimePlatform ?? {};
  return {
    environment: env,
    port: String(discovery?.port ?? main?.portMappings?.[0]?.containerPort ?? "-"),
    cpu,
    memory,
    platform: `${system}/${processor}`,
    tasks: String(desiredCount),
  };
}

function endpoints(
  deployed: readonly DeployedWorkload[],
  of: (workload: DeployedWorkload) => { host: string; port?: number }[],
): Endpoint[] {
  const environments = new Map<string, string[]>();
  for (const workload of deployed)
    for (const { host, port } of of(workload)) {
      const endpoint = port === undefined ? host : `${host}:${port}`;
      environments.set(endpoint, [...(environments.get(endpoint) ?? []), workload.env]);
    }
  return [...environments].map(([endpoint, environment]) => ({ environment, endpoint })).toSorted(byEndpoint);
}

function byEndpoint(a: Endpoint, b: Endpoint): number {
  return a.endpoint < b.endpoint ? -1 : 1;
}

function variables({ env, taskDefinition: { containerDefinitions = [] } }: DeployedWorkload) {
  return containerDefinitions.flatMap(({ name: container = "", environment = [] }) =>
    environment.map(({ name = "", value = "" }) => ({ environment: env, name, value, container })),
  );
}

function secrets({ env, taskDefinition: { containerDefinitions = [] } }: DeployedWorkload) {
  return containerDefinitions.flatMap(({ name: container = "", secrets: named = [] }) =>
    named.map(({ name = "", valueFrom = "" }) => ({ environment: env, name, container, valueFrom })),
  );
}

/** By name, then container, then environment. */
function byName<Named extends { name: string; container: string; environment: string }>(all: Named[]): Named[] {
  const key = ({ name, container, environment }: Named): string => `${name}\0${container}\0${environment}`;
  return all.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function resource({ type, physicalId }: DeployedWorkload["resources"][number]) {
  return { type, physicalID: physicalId };
}
