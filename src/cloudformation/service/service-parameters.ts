import type { StackFacts } from "../facts.ts";
import { subnetValues } from "../placement-subnets.ts";
import { containersWithEnvFile, type EnvFileContainer } from "./containers.ts";
import { knownLoadBalancer } from "./imported-load-balancer.ts";
import { priorityParameters } from "./listener-rules.ts";
import { hasTls, nlbCertificateParameter } from "./network-load-balancer.ts";
import type { ServiceInput, TaskInput } from "./service-input.ts";

/** What a workload without a port has in the place of one. */
const noPort = "-1";

export interface TaskParameterValues {
  /** The image of the main container; empty while none is pushed. */
  image?: string;
  addonsTemplateUrl?: string;
  /** Container → ARN of the object that its environment file is uploaded to. */
  envFiles?: Readonly<Record<string, string>>;
}

export interface ParameterValues extends TaskParameterValues {
  /** Whether names below the application's domain are the environment's to give. */
  dnsDelegated: boolean;
}

/** The parameters that go with the template of a service. */
export function serviceParameters(input: ServiceInput, values: ParameterValues): Record<string, string> {
  const { plan, facts } = input;
  const certificate = facts.certificates?.networkLoadBalancer ?? facts.workloadParameters?.[nlbCertificateParameter];
  const isPublic = plan.type === "Load Balanced Web Service";
  const isCalled = plan.type !== "Worker Service";
  const nlb = plan.networkLoadBalancer;
  const [rule] = plan.listenerRules;
  return {
    ...taskParameters({ plan, facts }, values),
    TaskCount: String(plan.service.desiredCount),
    ...(isCalled && {
      ContainerPort: String(plan.imagePort ?? noPort),
      TargetContainer: plan.main.container,
      TargetPort: String(plan.main.port ?? noPort),
    }),
    ...(isPublic && { DNSDelegated: String(values.dnsDelegated) }),
    ...(rule !== undefined && { HTTPSEnabled: String(isSecure(plan, facts)), RulePath: rule.path }),
    ...(nlb !== undefined && {
      NLBAliases: nlb.aliases.join(","),
      NLBPort: String(nlb.listeners[0]?.port ?? ""),
    }),
    ...(nlb !== undefined && hasTls(nlb) && certificate !== undefined && { [nlbCertificateParameter]: certificate }),
    ...priorities(input),
    ...subnetValues(plan.service.networkConfiguration?.awsvpcConfiguration?.subnets, facts),
    // Absent before the first deployment, which makes the number of tasks.
    ...(plan.scaling !== undefined && facts.workloadParameters !== undefined && { FirstDeployment: "false" }),
  };
}

/** A rule keeps the priority that it has. */
function priorities(input: ServiceInput): Record<string, string> {
  const { rulePriorities = {}, workloadParameters = {} } = input.facts;
  return Object.fromEntries(
    Object.keys(priorityParameters(input)).flatMap((name) => {
      const value = rulePriorities[name] ?? workloadParameters[name];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}

/** Those that everything has that runs as tasks of ECS. */
export function taskParameters(
  { plan, facts }: Pick<TaskInput, "plan" | "facts">,
  values: TaskParameterValues,
): Record<string, string> {
  const { cpu = "", memory = "" } = plan.taskDefinition;
  const deployed = facts.workloadParameters ?? {};
  const hasFile = new Set(plan.envFiles?.map(({ container }) => container));
  const envFile = ({ container, parameter }: EnvFileContainer) =>
    values.envFiles?.[container] ?? (hasFile.has(container) ? deployed[parameter] : undefined) ?? "";
  return {
    AppName: plan.app,
    EnvName: plan.env,
    WorkloadName: plan.name,
    // What is not built or uploaded yet stays what it is.
    ContainerImage: values.image ?? deployed["ContainerImage"] ?? "",
    TaskCPU: String(cpu),
    TaskMemory: String(memory),
    LogRetention: String(plan.logRetentionDays),
    AddonsTemplateURL: values.addonsTemplateUrl ?? "",
    ...Object.fromEntries(containersWithEnvFile(plan).map((each) => [each.parameter, envFile(each)])),
    ArtifactKeyARN: facts.artifacts.kmsKeyArn,
  };
}

function isSecure({ listenerRules, importedLoadBalancer: imported }: ServiceInput["plan"], facts: StackFacts): boolean {
  if (imported === undefined) return listenerRules[0]?.http !== undefined;
  return knownLoadBalancer(imported, facts)?.listeners.some(({ protocol }) => protocol === "HTTPS") ?? false;
}

/** The tags of a workload's stack. */
export function workloadTags({
  app,
  env,
  name,
}: Pick<TaskInput["plan"], "app" | "env" | "name">): Record<string, string> {
  return { "copilot-application": app, "copilot-environment": env, "copilot-service": name };
}
