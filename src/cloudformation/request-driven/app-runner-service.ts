import { fromPlan } from "../from-plan.ts";
import { getAtt, ifCondition, noValue, ref, sub } from "../intrinsics.ts";
import type { Resource, Value } from "../template.ts";
import { writtenOut } from "../written-out.ts";
import type { RequestDrivenInput } from "./request-driven-input.ts";
import { workloadTagList } from "./workload-tag-list.ts";

/** What a manifest may say of the health check, each with its parameter and the condition that it is there. */
export const healthCheckParameters = [
  { key: "path", property: "Path" },
  { key: "interval", property: "Interval" },
  { key: "timeout", property: "Timeout" },
  { key: "healthyThreshold", property: "HealthyThreshold" },
  { key: "unhealthyThreshold", property: "UnhealthyThreshold" },
].map(({ key, property }) => ({
  key: key as "path" | "interval" | "timeout" | "healthyThreshold" | "unhealthyThreshold",
  property,
  parameter: `HealthCheck${property}`,
  condition: `HasHealthCheck${property}`,
}));

/** The service itself. */
export function appRunnerService(input: RequestDrivenInput): Resource {
  const { plan, references } = input;
  const { service, egress, privateEndpoint } = plan;
  const secrets = service.secrets.map(({ name, valueFrom }) => ({
    Name: fromPlan(name, references),
    Value: fromPlan(valueFrom, references),
  }));
  return {
    Metadata: { "aws:copilot:description": "An App Runner service to run and manage your containers" },
    Type: "AWS::AppRunner::Service",
    Properties: {
      ServiceName: sub("${AppName}-${EnvName}-${WorkloadName}"),
      SourceConfiguration: {
        AuthenticationConfiguration: ifCondition("NeedsAccessRole", { AccessRoleArn: getAtt("AccessRole.Arn") }),
        AutoDeploymentsEnabled: false,
        ImageRepository: {
          ImageIdentifier: ref("ContainerImage"),
          ImageRepositoryType: ref("ImageRepositoryType"),
          ImageConfiguration: {
            Port: ref("ContainerPort"),
            ...(secrets.length > 0 && { RuntimeEnvironmentSecrets: secrets }),
            RuntimeEnvironmentVariables: variables(input),
            ...(service.startCommand !== undefined && { StartCommand: service.startCommand }),
          },
        },
      },
      InstanceConfiguration: {
        Cpu: ref("InstanceCPU"),
        Memory: ref("InstanceMemory"),
        InstanceRoleArn: getAtt("InstanceRole.Arn"),
      },
      ...(service.healthCheck && { HealthCheckConfiguration: healthCheck() }),
      NetworkConfiguration: {
        EgressConfiguration:
          egress === undefined
            ? { EgressType: "DEFAULT" }
            : { EgressType: "VPC", VpcConnectorArn: ref("VpcConnector") },
        ...(privateEndpoint !== undefined && { IngressConfiguration: { IsPubliclyAccessible: false } }),
      },
      ...(service.tracing && { ObservabilityConfiguration: tracing }),
      ...(service.autoScalingConfiguration !== undefined && {
        AutoScalingConfigurationArn: sub(
          `arn:\${AWS::Partition}:apprunner:\${AWS::Region}:\${AWS::AccountId}:autoscalingconfiguration/${service.autoScalingConfiguration}`,
        ),
      }),
      Tags: workloadTagList(plan),
    },
  };
}

/** What the stack's parameters say is said by them. */
const ownVariables = new Map([
  ["COPILOT_APPLICATION_NAME", ref("AppName")],
  ["COPILOT_ENVIRONMENT_NAME", ref("EnvName")],
  ["COPILOT_SERVICE_NAME", ref("WorkloadName")],
]);

function variables({ plan, facts, references }: RequestDrivenInput): Value {
  return plan.service.variables.map(({ name, value }) => ({
    Name: fromPlan(name, references),
    Value: ownVariables.get(String(name)) ?? fromPlan(writtenOut(value, facts), references),
  }));
}

function healthCheck(): Value {
  return {
    Protocol: "HTTP",
    ...Object.fromEntries(
      healthCheckParameters.map(({ property, parameter, condition }) => [
        property,
        ifCondition(condition, ref(parameter), noValue),
      ]),
    ),
  };
}

/** The configuration that every account has. */
const tracing: Value = {
  ObservabilityEnabled: true,
  ObservabilityConfigurationArn: sub(
    `arn:aws:apprunner:\${AWS::Region}:\${AWS::AccountId}:observabilityconfiguration/DefaultConfiguration/1/${"1".padStart(32, "0")}`,
  ),
};
