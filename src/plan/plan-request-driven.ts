import type { RequestDrivenManifest } from "../manifest/load.ts";
import { appRunnerRepository } from "../manifest/rules/app-runner.ts";
import { type AddonOutputs, noAddons } from "./addon-outputs.ts";
import { secrets, textOrImport } from "./environment.ts";
import { imageBuilds } from "./image-builds.ts";
import type { Later } from "./later.ts";
import { discoveryNamespace, sortedEntries } from "./names.ts";
import type { AppRunnerServicePlan, RequestDrivenPlan } from "./request-driven-plan.ts";
import { publishes, readsSecrets } from "./roles.ts";
import { seconds } from "./seconds.ts";
import { subnetsOf } from "./subnets.ts";
import { topicArns, topics } from "./topics.ts";

interface RequestDrivenToPlan {
  /** Checked: it has no errors left. */
  manifest: RequestDrivenManifest;
  app: string;
  env: string;
  /** Where services of the environment find each other; that of a new environment when absent. */
  namespace?: string;
  /** What its addons give it. */
  addons?: AddonOutputs;
}

/** Everything there is to do for a Request-Driven Web Service in an environment, with Copilot's names and defaults. */
export function planRequestDriven(input: RequestDrivenToPlan): RequestDrivenPlan {
  const { manifest, app, env } = input;
  const { name, image, http } = manifest;
  const placement = manifest.network?.vpc?.placement;
  const managed = input.addons?.policies ?? [];
  const endpoint = privateEndpoint(http?.private);
  const repository = image.location === undefined ? undefined : appRunnerRepository(image.location);
  return {
    app,
    env,
    name,
    type: manifest.type,
    builds: imageBuilds(manifest),
    ...(image.location !== undefined && repository && { image: { name: image.location, repository } }),
    service: service(input),
    instancePolicies: instancePolicies(input),
    ...(managed.length > 0 && { instanceManagedPolicies: managed }),
    ...(placement !== undefined && {
      egress: {
        subnets: typeof placement === "string" ? [{ env: "PrivateSubnets" as const }] : subnetsOf(placement.subnets),
      },
    }),
    ...(endpoint !== undefined && { privateEndpoint: endpoint }),
    ...(http?.alias !== undefined && { alias: http.alias }),
    topics: topics(input),
  };
}

const defaults = { cpu: 1024, memory: 2048 };

function service(input: RequestDrivenToPlan): AppRunnerServicePlan {
  const { manifest, app, env } = input;
  const { name, image, http, command, count, cpu = defaults.cpu, memory = defaults.memory } = manifest;
  const healthCheck = checkOf(http?.healthcheck);
  const ofAddons = input.addons?.secrets ?? [];
  return {
    serviceName: `${app}-${env}-${name}`,
    port: image.port,
    ...(command !== undefined && { startCommand: command }),
    variables: variables(input),
    secrets: [
      ...secrets(manifest.secrets).map(({ name: variable = "", valueFrom = "" }) => ({ name: variable, valueFrom })),
      ...ofAddons.map(({ name: variable, value }) => ({ name: variable, valueFrom: value })),
    ],
    cpu,
    memory,
    ...(healthCheck && { healthCheck }),
    ...(count !== undefined && { autoScalingConfiguration: count }),
    tracing: manifest.observability?.tracing === "awsxray",
    tags: sortedEntries(manifest.tags).map(([key, value]) => ({ key, value })),
  };
}

/** In Copilot's order: its own variables, the user's, and those of addons, where a secret's ARN is one, too. Services are found by name through a connector only. */
function variables(given: RequestDrivenToPlan): AppRunnerServicePlan["variables"] {
  const { manifest, app, env, namespace = discoveryNamespace(app, env), addons = noAddons } = given;
  const topicNames = topicArns({ manifest, app, env });
  return [
    { name: "COPILOT_APPLICATION_NAME", value: app },
    { name: "COPILOT_ENVIRONMENT_NAME", value: env },
    { name: "COPILOT_SERVICE_NAME", value: manifest.name },
    ...(manifest.network?.vpc?.placement === undefined
      ? []
      : [{ name: "COPILOT_SERVICE_DISCOVERY_ENDPOINT", value: namespace }]),
    ...(topicNames ? [{ name: "COPILOT_SNS_TOPIC_ARNS", value: topicNames }] : []),
    ...sortedEntries(manifest.variables).map(([name, value]) => ({ name, value: textOrImport(value) })),
    ...addons.variables,
    ...addons.secrets.map(({ name, value }) => ({ name: `${name}_ARN`, value })),
  ];
}

type HealthCheck = NonNullable<RequestDrivenManifest["http"]>["healthcheck"];

function checkOf(given: HealthCheck): AppRunnerServicePlan["healthCheck"] {
  if (given === undefined) return undefined;
  if (typeof given === "string") return { path: given };
  const { path, interval, timeout, healthy_threshold: healthy, unhealthy_threshold: unhealthy } = given;
  const check = {
    ...(path !== undefined && { path }),
    ...(interval !== undefined && { interval: seconds(interval) }),
    ...(timeout !== undefined && { timeout: seconds(timeout) }),
    ...(healthy !== undefined && { healthyThreshold: healthy }),
    ...(unhealthy !== undefined && { unhealthyThreshold: unhealthy }),
  };
  return Object.keys(check).length === 0 ? undefined : check;
}

function privateEndpoint(given: NonNullable<RequestDrivenManifest["http"]>["private"]): string | Later | undefined {
  if (given === undefined || given === false) return undefined;
  return given === true ? { env: "AppRunnerVpcEndpointId" } : given.endpoint;
}

/** What the program may do: nothing about IAM, and what the manifest asks for. */
function instancePolicies({
  manifest,
  app,
  env,
  addons = noAddons,
}: RequestDrivenToPlan): RequestDrivenPlan["instancePolicies"] {
  return [
    { PolicyName: "DenyIAM", Statement: [{ Effect: "Deny", Action: ["iam:*"], Resource: ["*"] }] },
    ...(Object.keys(manifest.secrets ?? {}).length + addons.secrets.length === 0
      ? []
      : [{ PolicyName: "AccessCopilotTaggedSecrets", Statement: readsSecrets({ app, env }) }]),
    ...publishes({ manifest, app, env }),
    ...(manifest.observability?.tracing === undefined ? [] : [sendsTraces]),
  ];
}

const sendsTraces: RequestDrivenPlan["instancePolicies"][number] = {
  PolicyName: "EnableAWSXRayTracing",
  Statement: [
    {
      Effect: "Allow",
      Action: [
        ...["PutTraceSegments", "PutTelemetryRecords"].map((action) => `xray:${action}`),
        ...["GetSamplingRules", "GetSamplingTargets", "GetSamplingStatisticSummaries"].map(
          (action) => `xray:${action}`,
        ),
        "ssm:GetParameters",
      ],
      Resource: ["*"],
    },
  ],
};
