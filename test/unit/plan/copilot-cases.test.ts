import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { loadWorkloadManifest } from "../../../src/manifest/load.ts";
import { planWorkload } from "../../../src/plan/plan-workload.ts";
import { printableTaskDefinition } from "../../../src/plan/resolve.ts";
import type { WorkloadPlan } from "../../../src/plan/workload-plan.ts";
import { evaluate, parseTemplate } from "../../support/cloudformation.ts";

/** What Copilot rendered for a manifest, so far as this version knows its fields. Of the other cases, a field that is
 *  not known yet changes the main container or its target group. */
const comparable = [
  "backend-simple",
  "backend-http-path",
  "backend-internal-http-internal-test",
  "backend-simple-more-store-test",
  "backend-simple-more-store-prod",
  "backend-windows-legacy-test",
  "lbws-nlb-and-http-chat-test",
  "lbws-staging",
];

/** Variables that `storage` and `publish` add. */
const ofUnknownFields = new Set(["COPILOT_MOUNT_POINTS", "COPILOT_SNS_TOPIC_ARNS"]);

interface Case {
  id: string;
  app: string;
  env: string;
  name: string;
  variables: Record<string, string>;
  template: string;
  params: string;
}

const folder = join(packageRoot(import.meta.url), "../shared/copilot-cases");
const read = (path: string) => readFileSync(join(folder, path), "utf8");
const cases: Case[] = existsSync(folder) ? JSON.parse(read("cases.json")).cases : [];

describe("what Copilot rendered is what is planned", () => {
  test.for(comparable)("%s", (id, context) => {
    const found = cases.find((each) => each.id === id);
    if (!found) return void context.skip("the reference cases are not at ../shared/copilot-cases");
    const plan = planOf(found);
    const copilot = rendered(found, plan);
    expect(ours(plan)).toEqual(copilot);
  });
});

function planOf({ id, app, env, name, variables }: Case): WorkloadPlan {
  const text = read(`${id}/workspace/copilot/${name}/manifest.yml`);
  const { manifest, diagnostics } = loadWorkloadManifest({ file: id, text, folder: name }, { app, env, variables });
  if (!manifest) throw new Error(JSON.stringify(diagnostics, undefined, 2));
  return planWorkload({ manifest, app, env });
}

/** Both sides in one shape: properties spelled as CloudFormation spells them, numbers and `false` as texts. */
function ours(plan: WorkloadPlan) {
  const { containerDefinitions, ...task } = printableTaskDefinition(plan);
  const [group] = plan.targetGroups;
  return texts({
    task: capitalised(task),
    container: capitalised(containerDefinitions?.[0]),
    service: {
      ...capitalised(plan.service.deploymentConfiguration),
      HealthCheckGracePeriodSeconds: plan.service.healthCheckGracePeriodSeconds,
    },
    targetGroup: group && {
      HealthCheckPath: group.request.HealthCheckPath,
      Port: group.request.Port,
      Protocol: group.request.Protocol,
      TargetType: group.request.TargetType,
      Matcher: group.request.Matcher,
      TargetGroupAttributes: group.attributes,
    },
    paths: plan.listenerRules[0]?.conditions[0]?.PathPatternConfig?.Values,
    logRetention: plan.logRetentionDays,
  });
}

function rendered({ template, params }: Case, plan: WorkloadPlan) {
  const { ContainerImage: _, ...parameters } = JSON.parse(read(params)).Parameters as Record<string, string>;
  const known: Record<string, string> = {
    ContainerImage: `<image of ${plan.name}>`,
    "ExecutionRole.Arn": "<execution role>",
    "TaskRole.Arn": "<task role>",
    LogGroup: "<log group>",
    "AWS::Region": "<region>",
    "EnvControllerAction.PublicLoadBalancerDNSName": "<DNS name of the public load balancer>",
    "EnvControllerAction.InternalLoadBalancerDNSName": "<DNS name of the internal load balancer>",
  };
  const { Resources } = parseTemplate(read(template));
  const properties = (name: string) =>
    evaluate(Resources[name]?.Properties, parameters, (reference) => known[reference]) as Any | undefined;
  const { ContainerDefinitions, ...task } = properties("TaskDefinition") ?? {};
  const container: Any = ContainerDefinitions[0];
  const service = properties("Service");
  const group = properties("TargetGroup");
  const rule = properties("HTTPSListenerRule") ?? properties("HTTPListenerRule");
  return texts({
    task: pick(task, [
      "Family",
      "NetworkMode",
      "RequiresCompatibilities",
      "Cpu",
      "Memory",
      "ExecutionRoleArn",
      "TaskRoleArn",
    ]),
    container: {
      ...pick(container, ["Name", "Image", "LogConfiguration"]),
      Environment: container.Environment.filter(({ Name }: Any) => !ofUnknownFields.has(Name)),
      PortMappings: container.PortMappings?.slice(0, 1),
    },
    service: {
      ...pick(service?.DeploymentConfiguration, [
        "DeploymentCircuitBreaker",
        "MinimumHealthyPercent",
        "MaximumPercent",
      ]),
      HealthCheckGracePeriodSeconds: service?.HealthCheckGracePeriodSeconds,
    },
    targetGroup: group && {
      Matcher: { HttpCode: "200" },
      ...pick(group, ["HealthCheckPath", "Port", "Protocol", "TargetType", "Matcher", "TargetGroupAttributes"]),
    },
    paths: rule?.Conditions.find(({ Field }: Any) => Field === "path-pattern").PathPatternConfig.Values,
    logRetention: parameters.LogRetention,
  });
}

// oxlint-disable-next-line typescript/no-explicit-any -- a template's properties, read as the cases have them
type Any = Record<string, any>;

function pick(value: Any | undefined, keys: string[]): Any {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => keys.includes(key)));
}

function texts(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each) => (typeof each === "number" || each === false ? String(each) : each)),
  );
}

/** The API's `portMappings` is CloudFormation's `PortMappings`; the names of log options stay as they are. */
function capitalised(value: unknown): Any {
  if (Array.isArray(value)) return value.map((each) => (typeof each === "object" ? capitalised(each) : each));
  return Object.fromEntries(
    Object.entries(value as Any).map(([key, each]) => [
      key.startsWith("awslogs-") ? key : key.charAt(0).toUpperCase() + key.slice(1),
      typeof each === "object" ? capitalised(each) : each,
    ]),
  );
}
