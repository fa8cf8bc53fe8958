import type { KeyValuePair, Secret } from "@aws-sdk/client-ecs";
import type { TaskManifest } from "../manifest/load.ts";
import { secretText } from "../manifest/secret-text.ts";
import type { Later, Pending } from "./later.ts";
import { sortedEntries } from "./names.ts";
import type { PlanInput } from "./service-plan-input.ts";
import { queueVariables } from "./queues.ts";
import { topicArns } from "./topics.ts";

type Variables = NonNullable<TaskManifest["variables"]>;
type Secrets = NonNullable<TaskManifest["secrets"]>;
type EnvironmentVariable = Pending<KeyValuePair, Later>;

/** A container's environment in Copilot's order: its own variables, the user's, and where volumes appear. */
export function environment(
  input: PlanInput,
  variables: Variables | undefined,
  mountPaths: Record<string, string> = {},
): EnvironmentVariable[] {
  const { manifest, app, env, namespace } = input;
  const topics = topicArns(input);
  const loadBalancer = loadBalancerName(input);
  return [
    { name: "COPILOT_APPLICATION_NAME", value: app },
    { name: "COPILOT_SERVICE_DISCOVERY_ENDPOINT", value: namespace },
    { name: "COPILOT_ENVIRONMENT_NAME", value: env },
    { name: "COPILOT_SERVICE_NAME", value: manifest.name },
    ...(input.addons?.variables ?? []),
    ...(topics ? [{ name: "COPILOT_SNS_TOPIC_ARNS", value: topics }] : []),
    ...(input.subscribe ? queueVariables(input.subscribe) : []),
    ...(loadBalancer ? [{ name: "COPILOT_LB_DNS", value: loadBalancer }] : []),
    ...sortedEntries(variables).map(([name, value]) => ({ name, value: textOrImport(value) })),
    ...(Object.keys(mountPaths).length > 0
      ? [{ name: "COPILOT_MOUNT_POINTS", value: JSON.stringify(Object.fromEntries(sortedEntries(mountPaths))) }]
      : []),
  ];
}

export function textOrImport(value: string | { from_cfn: string }): string | Later {
  return typeof value === "string" ? value : { import: value.from_cfn };
}

/** Where ECS finds secrets: an ARN, or the name of a parameter of the same region. */
export function secrets(given: Secrets | undefined): Pending<Secret, Later>[] {
  return sortedEntries(given).map(([name, value]) => ({ name, valueFrom: secretSource(value) }));
}

function secretSource(value: Secrets[string]): string | Later {
  if (typeof value === "string") return secretText(value);
  if (value.from_cfn !== undefined) return { import: value.from_cfn };
  const arn = ["arn:", { ref: "partition" }, ":secretsmanager:", { ref: "region" }, ":", { ref: "account" }] as const;
  return { join: [...arn, `:secret:${value.secretsmanager}`] };
}

function loadBalancerName({ manifest, loadBalancer }: PlanInput): Later | undefined {
  if (loadBalancer === undefined) return undefined;
  if (loadBalancer === "internal") return { env: "InternalLoadBalancerDNSName" };
  const imported = importedLoadBalancer(manifest);
  return imported === undefined ? { env: "PublicLoadBalancerDNSName" } : { loadBalancer: imported };
}

/** The load balancer that a service brings along. */
export function importedLoadBalancer(manifest: TaskManifest): string | undefined {
  return manifest.type === "Load Balanced Web Service" && manifest.http ? manifest.http.alb : undefined;
}
