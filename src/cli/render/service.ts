import type { Endpoint, ShownService } from "../../actions/show-service.ts";
import { isDeployedType } from "../../actions/undeployable.ts";
import { clean } from "./clean.ts";
import { driftText } from "./hotswap-text.ts";
import type { Paint } from "./paint.ts";
import { renderTable } from "./table.ts";

/** A service over its environments. */
export function renderService(service: ShownService, paint: Paint): string[] {
  const { application, type, configurations, routes, variables, secrets, resources, drift = [] } = service;
  return [
    `${paint.bold(clean(service.service))} of ${clean(application)}: ${clean(type) || "of no known type"}`,
    ...(configurations.length === 0 ? ["", notDeployed(service)] : []),
    ...drift.map(({ environment, ...each }) => `  ${clean(environment)}: ${driftText(each)}`),
    ...section(
      "Configurations",
      ["ENVIRONMENT", "TASKS", "CPU (vCPU)", "MEMORY (MiB)", "PLATFORM", "PORT"],
      configurations.map((each) => [
        each.environment,
        each.tasks,
        String(Number(each.cpu) / 1024),
        each.memory,
        each.platform,
        each.port,
      ]),
    ),
    ...section(
      "Routes",
      ["ENVIRONMENT", "URL"],
      routes.map(({ environment, url }) => [environment, url]),
    ),
    ...section(
      "Internal endpoints",
      ["ENDPOINT", "ENVIRONMENT", "TYPE"],
      [
        ...endpointRows(service.serviceConnect, "Service Connect"),
        ...endpointRows(service.serviceDiscovery, "Service Discovery"),
      ],
    ),
    ...section(
      "Variables",
      ["NAME", "CONTAINER", "ENVIRONMENT", "VALUE"],
      variables.map(({ name, container, environment, value }) => [name, container, environment, value]),
    ),
    ...section(
      "Secrets",
      ["NAME", "CONTAINER", "ENVIRONMENT", "VALUE FROM"],
      secrets.map(({ name, container, environment, valueFrom }) => [
        name,
        container,
        environment,
        valueFrom.startsWith("arn:") ? valueFrom : `parameter/${valueFrom.replace(/^\//, "")}`,
      ]),
    ),
    ...section(
      "Resources",
      ["ENVIRONMENT", "TYPE", "ID"],
      Object.entries(resources ?? {}).flatMap(([environment, all]) =>
        all.map((each) => [environment, each.type, each.physicalID]),
      ),
    ),
  ];

  function section(title: string, head: string[], rows: string[][]): string[] {
    if (rows.length === 0) return [];
    const table = renderTable([head, ...rows].map((row) => row.map(clean)));
    return ["", paint.bold(title), ...table.map((line) => `  ${line}`)];
  }
}

function notDeployed({ service, type }: ShownService): string {
  return isDeployedType(type)
    ? `not deployed; deploy it: pilotfish svc deploy -n ${clean(service)} -e local`
    : `not deployed: deploying a ${type} to this machine is not in this version`;
}

function endpointRows(endpoints: readonly Endpoint[], type: string): string[][] {
  return endpoints.map(({ endpoint, environment }) => [endpoint, environment.join(", "), type]);
}
