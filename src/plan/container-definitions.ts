import type { ContainerDefinition, HealthCheck, LogConfiguration, PortMapping } from "@aws-sdk/client-ecs";
import { logRouter, routesLogs, traceCollector } from "../manifest/containers.ts";
import type { TaskManifest } from "../manifest/load.ts";
import { shellWords } from "../manifest/shell-words.ts";
import type { NamedOutput } from "./addon-outputs.ts";
import { environment, secrets } from "./environment.ts";
import type { Later, Pending } from "./later.ts";
import { sortedEntries } from "./names.ts";
import { seconds } from "./seconds.ts";
import type { PlanInput } from "./service-plan-input.ts";
import { mountPoints } from "./volumes.ts";

type Container = Pending<ContainerDefinition, Later>;
type Sidecar = NonNullable<TaskManifest["sidecars"]>[string];
type ContainerHealthCheck = NonNullable<TaskManifest["image"]["healthcheck"]>;

/** The containers of a task as Copilot renders them, in its order: the main one, those that it adds, the sidecars by
 *  name. A container is essential unless it says otherwise. */
export function containerDefinitions(input: PlanInput): Container[] {
  const { manifest } = input;
  return [
    mainContainer(input),
    ...(routesLogs(manifest) ? [logRouterContainer(input)] : []),
    ...(manifest.observability?.tracing === "awsxray" ? [collectorContainer()] : []),
    ...sortedEntries(manifest.sidecars).map(([name, sidecar]) => sidecarContainer(input, name, sidecar)),
  ];
}

function mainContainer(input: PlanInput): Container {
  const { manifest } = input;
  const { name, image, storage } = manifest;
  const mounts = mountPoints(manifest);
  const paths = Object.fromEntries(
    mounts.map(({ sourceVolume = "", containerPath = "" }) => [sourceVolume, containerPath]),
  );
  return {
    name,
    image: { image: name },
    ...secretsMember(manifest.secrets, input.addons?.secrets),
    environment: environment(input, manifest.variables, paths),
    ...envFileMember(name, manifest.env_file),
    logConfiguration: routesLogs(manifest) ? routedLogs(manifest) : awsLogs,
    ...commandMembers(manifest),
    ...(mounts.length > 0 && { mountPoints: mounts }),
    ...(image.labels && { dockerLabels: image.labels }),
    ...dependsOnMember(image.depends_on),
    ...portMember(input, name),
    ...healthCheckMember(image.healthcheck),
    ...(storage?.readonly_fs !== undefined && { readonlyRootFilesystem: storage.readonly_fs }),
    ...credentialsMember(image.credentials),
  };
}

function sidecarContainer(input: PlanInput, name: string, sidecar: Sidecar): Container {
  const mounts = (sidecar.mount_points ?? []).map(({ source_volume, path, read_only = true }) => ({
    sourceVolume: source_volume,
    readOnly: read_only,
    containerPath: path,
  }));
  const paths = Object.fromEntries(mounts.map(({ sourceVolume, containerPath }) => [sourceVolume, containerPath]));
  return {
    name,
    image: { image: name },
    ...(sidecar.essential !== undefined && { essential: sidecar.essential }),
    ...commandMembers(sidecar),
    ...portMember(input, name),
    ...healthCheckMember(sidecar.healthcheck),
    environment: environment(input, sidecar.variables, paths),
    ...envFileMember(name, sidecar.env_file),
    ...secretsMember(sidecar.secrets),
    logConfiguration: awsLogs,
    ...credentialsMember(sidecar.credentialsParameter),
    ...(mounts.length > 0 && { mountPoints: mounts }),
    ...(sidecar.labels && { dockerLabels: sidecar.labels }),
    ...dependsOnMember(sidecar.depends_on),
  };
}

/** The names of those that Copilot adds. */
export const addedContainers = [logRouter, traceCollector] as const;

const routerImage = "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable";
const collectorImage = "public.ecr.aws/aws-observability/aws-otel-collector:v0.17.0";

function logRouterContainer(input: PlanInput): Container {
  const {
    image = routerImage,
    variables,
    env_file,
    enableMetadata = true,
    configFilePath,
    ...rest
  } = input.manifest.logging ?? {};
  return {
    name: logRouter,
    image,
    environment: environment(input, variables),
    ...envFileMember(logRouter, env_file),
    ...secretsMember(rest.secrets),
    firelensConfiguration: {
      type: "fluentbit",
      options: {
        "enable-ecs-log-metadata": String(enableMetadata),
        ...(configFilePath !== undefined && { "config-file-type": "file", "config-file-value": configFilePath }),
      },
    },
    logConfiguration: awsLogs,
  };
}

function collectorContainer(): Container {
  return {
    name: traceCollector,
    image: collectorImage,
    command: ["--config=/etc/ecs/ecs-xray.yaml"],
    logConfiguration: awsLogs,
  };
}

/** What a container that Copilot adds says about its logs, and every one that says nothing. */
export const awsLogs: Pending<LogConfiguration, Later> = {
  logDriver: "awslogs",
  options: {
    "awslogs-region": { ref: "region" },
    "awslogs-group": { ref: "log-group" },
    "awslogs-stream-prefix": "copilot",
  },
};

function routedLogs({ logging }: TaskManifest): Pending<LogConfiguration, Later> {
  return {
    logDriver: "awsfirelens",
    ...(logging?.destination && { options: Object.fromEntries(sortedEntries(logging.destination)) }),
    ...(logging?.secretOptions && { secretOptions: secrets(logging.secretOptions) }),
  };
}

function commandMembers({ entrypoint, command }: Pick<Sidecar, "entrypoint" | "command">): Partial<Container> {
  return {
    ...(entrypoint !== undefined && { entryPoint: words(entrypoint) }),
    ...(command !== undefined && { command: words(command) }),
  };
}

function words(given: string | string[]): string[] {
  return typeof given === "string" ? (shellWords(given) ?? []) : given;
}

/** The port that other services reach is always named, whether or not Service Connect is on. */
function portMember({ exposed, main }: PlanInput, container: string): Partial<Container> {
  const ports = exposed.filter((each) => each.container === container).toSorted((a, b) => a.port - b.port);
  if (ports.length === 0) return {};
  const isTarget = (port: number) => main.container === container && main.port === port;
  return {
    portMappings: ports.map(({ port, protocol }) => ({
      containerPort: port,
      protocol: protocol as PortMapping["protocol"],
      ...(isTarget(port) && { name: "target" }),
    })),
  };
}

const defaultCheck = ["CMD-SHELL", "curl -f http://localhost/ || exit 1"];

function healthCheckMember(check: ContainerHealthCheck | undefined): { healthCheck?: HealthCheck } {
  if (!check || Object.keys(check).length === 0) return {};
  return {
    healthCheck: {
      command: check.command ?? defaultCheck,
      interval: seconds(check.interval ?? "10s"),
      retries: check.retries ?? 2,
      startPeriod: seconds(check.start_period ?? "0s"),
      timeout: seconds(check.timeout ?? "5s"),
    },
  };
}

function dependsOnMember(dependsOn: Sidecar["depends_on"]): Partial<Container> {
  if (!dependsOn || Object.keys(dependsOn).length === 0) return {};
  return {
    dependsOn: sortedEntries(dependsOn).map(([containerName, condition]) => ({
      containerName,
      condition: condition.toUpperCase() as "START",
    })),
  };
}

function secretsMember(given: Sidecar["secrets"], ofAddons: readonly NamedOutput[] = []): Partial<Container> {
  const all = [...secrets(given), ...ofAddons.map(({ name, value }) => ({ name, valueFrom: value }))];
  return all.length > 0 ? { secrets: all } : {};
}

function envFileMember(container: string, path: string | undefined): Partial<Container> {
  return path === undefined ? {} : { environmentFiles: [{ type: "s3", value: { envFile: container } }] };
}

function credentialsMember(parameter: string | undefined): Partial<Container> {
  return parameter === undefined ? {} : { repositoryCredentials: { credentialsParameter: parameter } };
}
