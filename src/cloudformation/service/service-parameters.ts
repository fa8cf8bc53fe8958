import { containersWithEnvFile } from "./containers.ts";
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
export function serviceParameters({ plan, facts }: ServiceInput, values: ParameterValues): Record<string, string> {
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
    ...Object.fromEntries(Object.entries(facts.rulePriorities ?? {}).map(([name, value]) => [name, String(value)])),
  };
}

/** Those that everything has that runs as tasks of ECS. */
export function taskParameters(
  { plan, facts }: Pick<TaskInput, "plan" | "facts">,
  values: TaskParameterValues,
): Record<string, string> {
  const { cpu = "", memory = "" } = plan.taskDefinition;
  return {
    AppName: plan.app,
    EnvName: plan.env,
    WorkloadName: plan.name,
    ContainerImage: values.image ?? "",
    TaskCPU: String(cpu),
    TaskMemory: String(memory),
    LogRetention: String(plan.logRetentionDays),
    AddonsTemplateURL: values.addonsTemplateUrl ?? "",
    ...Object.fromEntries(
      containersWithEnvFile(plan).map(({ container, parameter }) => [parameter, values.envFiles?.[container] ?? ""]),
    ),
    ArtifactKeyARN: facts.artifacts.kmsKeyArn,
  };
}

function isSecure(
  { listenerRules, importedLoadBalancer }: ServiceInput["plan"],
  { loadBalancers }: ServiceInput["facts"],
) {
  if (importedLoadBalancer === undefined) return listenerRules[0]?.http !== undefined;
  return loadBalancers?.[importedLoadBalancer]?.listeners.some(({ protocol }) => protocol === "HTTPS") ?? false;
}

/** The tags of a workload's stack. */
export function workloadTags({
  app,
  env,
  name,
}: Pick<TaskInput["plan"], "app" | "env" | "name">): Record<string, string> {
  return { "copilot-application": app, "copilot-environment": env, "copilot-service": name };
}
