import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { isService, loadWorkloadManifest } from "../../../src/manifest/load.ts";
import type { KnownLater } from "../../../src/plan/later.ts";
import { planWorkload } from "../../../src/plan/plan-workload.ts";
import { resolvePlan } from "../../../src/plan/resolve.ts";
import type { ResolvedWorkloadPlan, WorkloadPlan } from "../../../src/plan/workload-plan.ts";
import { evaluate, parseTemplate } from "../../support/cloudformation.ts";

/** What Copilot rendered for each reference manifest of a service. */

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
const all: Case[] = existsSync(folder) ? JSON.parse(read("cases.json")).cases : [];
const services = all.filter((each) => /^type: *(Load Balanced Web|Backend) Service/m.test(manifestText(each)));
if (all.length === 0) process.stderr.write("skipped: the reference cases are not at ../shared/copilot-cases\n");

function manifestText({ id, name }: Case): string {
  const path = `${id}/workspace/copilot/${name}/manifest.yml`;
  return existsSync(join(folder, path)) ? read(path) : "";
}

describe.skipIf(all.length === 0)("what Copilot rendered is what is planned", () => {
  test("there are cases", () => {
    expect(services.length).toBeGreaterThan(12);
  });

  test.for(services.map((each) => [each.id, each] as const))("%s", ([, each]) => {
    const plan = planOf(each);
    const { task, ...copilot } = rendered(each, plan);
    const { task: ourTask, ...our } = ours(plan);
    expect(ourTask).toEqual(task);
    expect(our).toEqual(copilot);
  });
});

function planOf(each: Case): WorkloadPlan {
  const { id, app, env, name, variables } = each;
  const source = { file: id, text: manifestText(each), folder: name };
  const { manifest, diagnostics } = loadWorkloadManifest(source, { app, env, variables });
  if (!manifest || !isService(manifest)) throw new Error(JSON.stringify(diagnostics, undefined, 2));
  return planWorkload({ manifest, app, env, https: parametersOf(each)["HTTPSEnabled"] === "true" });
}

function parametersOf({ params }: Case): Record<string, string> {
  return JSON.parse(read(params)).Parameters;
}

const built = "<built>";

/** Both sides in one shape: properties spelled as CloudFormation spells them, numbers and flags as texts. */
function ours(planned: WorkloadPlan) {
  const plan: ResolvedWorkloadPlan = resolvePlan(planned, (later: KnownLater) =>
    "image" in later ? (planned.images?.[later.image] ?? built) : `<${Object.entries(later).flat().join(" ")}>`,
  );
  const { desiredCount, healthCheckGracePeriodSeconds, ...request } = plan.service;
  return texts({
    task: capitalised(plan.taskDefinition),
    service: {
      ...capitalised(request),
      HealthCheckGracePeriodSeconds: healthCheckGracePeriodSeconds,
      LoadBalancers: plan.targetGroups.map(({ container, containerPort }) => [container, containerPort]),
      DiscoveryPort: plan.discovery?.port,
    },
    count: desiredCount,
    targetGroups: plan.targetGroups.map(({ request: { Matcher, ...group }, attributes }) => ({
      ...group,
      ...(Matcher && { Matcher: { HttpCode: Matcher.HttpCode ?? Matcher.GrpcCode } }),
      TargetGroupAttributes: attributes,
    })),
    rules: plan.listenerRules.map(({ conditions }) => byField(conditions as Any[])),
    redirects: plan.listenerRules.map(({ http }) => http === "redirect"),
    listeners: plan.networkLoadBalancer?.listeners.map(({ port, protocol, sslPolicy }) => [port, protocol, sslPolicy]),
    topics: plan.topics?.map(({ topicName, fifo, contentBasedDeduplication }) => [
      topicName,
      fifo,
      contentBasedDeduplication ?? false,
    ]),
    accessPoint: plan.accessPoint && [plan.accessPoint.uid, plan.accessPoint.gid, plan.accessPoint.path],
    scaling: plan.scaling && [plan.scaling.minCapacity, plan.scaling.maxCapacity],
    policies: plan.scaling?.policies.map(({ policyName, targetValue, scaleInCooldown, scaleOutCooldown, metric }) => [
      policyName,
      targetValue,
      scaleInCooldown,
      scaleOutCooldown,
      "predefined" in metric ? metric.predefined : "backlogOf" in metric ? metric.backlogOf : metric.metricName,
    ]),
    alarms: plan.alarms?.map(({ alarmName, threshold, metricName }) => [alarmName, threshold, metricName]),
    taskRole: plan.roles?.task.policies,
    executionRole: plan.roles?.execution.policies,
    managed: plan.roles?.execution.managedPolicies,
    logRetention: plan.logRetentionDays,
  }) as { task: unknown };
}

function rendered(each: Case, plan: WorkloadPlan) {
  const given = { ...parametersOf(each), ...envFileParameters(plan) };
  const image = plan.images?.[plan.name] ?? built;
  const parameters = { ...given, ContainerImage: image, ArtifactKeyARN: "<ref artifact-key>" };
  const { Resources } = parseTemplate(read(each.template));
  const properties = (name: string) =>
    evaluate(decided(Resources[name]?.Properties, given), parameters, reference) as Any | undefined;
  const numbered = (name: string) =>
    ["", "1", "2", "3"].flatMap((number) => (Resources[name + number] ? [properties(name + number)!] : []));
  const named = (suffix: string) => Object.keys(Resources).filter((name) => name.endsWith(suffix));
  const { ContainerDefinitions, ...task } = properties("TaskDefinition")!;
  const service = properties("Service")!;
  const groups = [...numbered("TargetGroup"), ...numbered("NetworkLoadBalancerTargetGroup")];
  const https = numbered("HTTPSListenerRule");
  const rules = (https.length > 0 ? https : numbered("HTTPListenerRule")).map(({ Conditions }) => byField(Conditions));
  const target = properties("AutoScalingTarget");
  const point = properties("AccessPoint");
  const network = service["NetworkConfiguration"].AwsvpcConfiguration;
  return texts({
    task: { ...task, ContainerDefinitions: ContainerDefinitions.map(containerOf) },
    service: {
      ...pick(service, ["LaunchType", "CapacityProviderStrategy", "PlatformVersion", "PropagateTags"]),
      ...pick(service, ["EnableExecuteCommand", "ServiceConnectConfiguration", "DeploymentConfiguration"]),
      HealthCheckGracePeriodSeconds: service["HealthCheckGracePeriodSeconds"],
      NetworkConfiguration: { AwsvpcConfiguration: network },
      LoadBalancers: (service["LoadBalancers"] ?? []).map((one: Any) => [one["ContainerName"], one["ContainerPort"]]),
      DiscoveryPort: service["ServiceRegistries"]?.[0].Port,
    },
    count: given["TaskCount"],
    // What Copilot leaves to Elastic Load Balancing's defaults is written out in the plan.
    targetGroups: groups.map(({ VpcId: _, ...group }, i) => ({ ...(ours(plan) as Any)["targetGroups"][i], ...group })),
    rules: rules.filter((_, i) => i < plan.listenerRules.length),
    redirects: plan.listenerRules.map((_, i) => Boolean(Resources[`HTTPListenerRuleWithDomain${i || ""}`])),
    listeners:
      plan.networkLoadBalancer &&
      numbered("NLBListener").map((one) => [one["Port"], one["Protocol"], one["SslPolicy"]]),
    topics: named("SNSTopic").map((name) => {
      const { TopicName, FifoTopic = false, ContentBasedDeduplication = false } = properties(name)!;
      return [TopicName, FifoTopic, ContentBasedDeduplication];
    }),
    accessPoint: point && [point["PosixUser"].Uid, point["PosixUser"].Gid, point["RootDirectory"].Path],
    scaling: target && [target["MinCapacity"], target["MaxCapacity"]],
    policies:
      target &&
      Object.keys(Resources)
        .filter((name) => name.startsWith("AutoScalingPolicy"))
        .map((name) => {
          const { PolicyName, TargetTrackingScalingPolicyConfiguration: one } = properties(name)!;
          const metric = one.PredefinedMetricSpecification?.PredefinedMetricType;
          return [
            PolicyName,
            one.TargetValue,
            one.ScaleInCooldown,
            one.ScaleOutCooldown,
            metric ?? one.CustomizedMetricSpecification.MetricName,
          ];
        }),
    alarms: ["CPURollbackAlarm", "MemoryRollbackAlarm"].flatMap((name) => {
      const alarm = properties(name);
      return alarm ? [[alarm["AlarmName"], alarm["Threshold"], alarm["MetricName"]]] : [];
    }),
    taskRole: properties("TaskRole")!["Policies"].map(policy),
    executionRole: properties("ExecutionRole")!["Policies"].map(policy),
    managed: properties("ExecutionRole")!["ManagedPolicyArns"],
    logRetention: given["LogRetention"],
  }) as { task: unknown };

  function reference(name: string): unknown {
    if (name === "ExecutionRole.Arn") return "<ref execution-role>";
    if (name === "TaskRole.Arn") return "<ref task-role>";
    if (name === "AccessPoint") return "<ref access-point>";
    if (name === "AccessPoint.Arn") return "<ref access-point-arn>";
    if (name === "LogGroup") return "<ref log-group>";
    if (name === "AWS::StackName") return `${each.app}-${each.env}-${each.name}`;
    if (name === "AWS::AccountId") return "<ref account>";
    if (name.startsWith("AWS::")) return `<ref ${name.slice(5).toLowerCase()}>`;
    if (name.startsWith("EnvControllerAction.")) return `<env ${name.slice("EnvControllerAction.".length)}>`;
    if (name.endsWith("SNSTopic")) return `<topic ${name.slice(0, -"SNSTopic".length)}>`;
    if (name === "DynamicDesiredCountAction.DesiredCount") return given["TaskCount"];
    return undefined;
  }
}

/** Where the files lie after their upload, which the cases do without. */
function envFileParameters({ name, envFiles = [] }: WorkloadPlan): Record<string, string> {
  return Object.fromEntries(
    envFiles.map(({ container: of }) => [of === name ? "EnvFileARN" : `EnvFileARNFor${of}`, `<envFile ${of}>`]),
  );
}

/** Without an image of its own, a container's is built. */
function containerOf({ Image = built, EnvironmentFiles = [], ...rest }: Any): Any {
  return { ...rest, Image: Image ?? built, ...(EnvironmentFiles.length > 0 && { EnvironmentFiles }) };
}

function policy({ PolicyName, PolicyDocument }: Any): Any {
  const statements = PolicyDocument.Statement.map(({ Action, Resource, ...rest }: Any) => ({
    ...rest,
    Action: [Action].flat(),
    Resource: [Resource].flat(),
  }));
  return { PolicyName, Statement: statements };
}

/** The template with its conditions decided and what other stacks export marked. */
function decided(value: unknown, parameters: Record<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => decided(item, parameters));
  if (typeof value !== "object" || value === null) return value;
  const [[key, argument] = ["", undefined]] = Object.entries(value) as [string, Any][];
  if (key === "Fn::If") {
    const [condition, yes, no] = argument as unknown as [string, unknown, unknown];
    const parameter = condition.replace(/^Has(Logging)?EnvFile/, "$1EnvFileARN");
    return decided(condition === "ExposePort" || parameters[parameter] ? yes : no, parameters);
  }
  if (key === "Fn::ImportValue") {
    const name = typeof argument === "string" ? argument : (argument as Any)["Fn::Sub"];
    const own = /^\$\{AppName\}-\$\{EnvName\}-(.*)$/.exec(name)?.[1];
    return own === undefined ? `<import ${name}>` : `<env ${own}>`;
  }
  // The bucket is cut out of the file's ARN.
  if (key === "Fn::Select") return "<ref artifact-bucket>";
  if (key === "Fn::Split") return [decided((argument as unknown as unknown[])[1], parameters)];
  if (key === "Fn::Sub" && Array.isArray(argument)) {
    const [text, names] = argument as [string, Any];
    const parts = text.split(/(\$\{\w+\})/).map((part) => (part.startsWith("${") ? names[part.slice(2, -1)] : part));
    return { "Fn::Join": ["", parts] };
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, decided(item, parameters)]));
}

function byField(conditions: Any[]): Any[] {
  return conditions.toSorted((a, b) => String(a["Field"]).localeCompare(String(b["Field"])));
}

// oxlint-disable-next-line typescript/no-explicit-any -- a template's properties, read as the cases have them
type Any = Record<string, any>;

function pick(value: Any | undefined, keys: string[]): Any {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => keys.includes(key)));
}

/** Copilot writes account and region into the topics' ARNs. */
function texts(value: unknown): unknown {
  const plain = JSON.stringify(value, (_, each) =>
    typeof each === "number" || typeof each === "boolean" ? String(each) : each,
  );
  return JSON.parse(
    plain
      .replaceAll(/arn:aws:sns:us-west-2:\d+:/g, "arn:<ref partition>:sns:<ref region>:<ref account>:")
      .replaceAll(/<topic ([a-z]+)\.fifo>/g, "<topic $1fifo>"),
  );
}

const spelled: Record<string, string> = {
  efsVolumeConfiguration: "EFSVolumeConfiguration",
  fileSystemId: "FilesystemId",
  iam: "IAM",
};

/** The API's `portMappings` is CloudFormation's `PortMappings`; keys that the user chose stay as they are. */
function capitalised(value: unknown): Any {
  if (Array.isArray(value)) return value.map((each) => (typeof each === "object" ? capitalised(each) : each));
  return Object.fromEntries(
    Object.entries(value as Any).map(([key, each]) => {
      const isOwn = key === "options" || key === "dockerLabels" || typeof each !== "object";
      return [spelled[key] ?? key.charAt(0).toUpperCase() + key.slice(1), isOwn ? each : capitalised(each)];
    }),
  );
}
