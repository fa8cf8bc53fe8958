import { fromPlan } from "../from-plan.ts";
import { ifCondition, importEnvironment, join, noValue, ref, split } from "../intrinsics.ts";
import type { Resource, Value } from "../template.ts";
import { serviceRegistries } from "./discovery.ts";
import { listenerRuleIds } from "./listener-rules.ts";
import type { ServiceInput } from "./service-input.ts";
import { targetGroupId } from "./target-groups.ts";

/** The service itself. */
export function ecsService(input: ServiceInput): Resource {
  const { plan, references } = input;
  const { desiredCount: _, healthCheckGracePeriodSeconds, ...rest } = plan.service;
  const { deploymentConfiguration, networkConfiguration, serviceConnectConfiguration, ...settings } = rest;
  const waitsFor = [
    ...listenerRuleIds(input),
    ...(plan.networkLoadBalancer?.listeners ?? []).map(({ key }) => nlbListenerId(key)),
  ];
  return {
    Metadata: {
      "aws:copilot:description": "An ECS service to run and maintain your tasks in the environment cluster",
    },
    Type: "AWS::ECS::Service",
    ...(waitsFor.length > 0 && { DependsOn: waitsFor }),
    Properties: {
      ...(fromPlan(settings, references) as Record<string, Value>),
      Cluster: importEnvironment("ClusterId"),
      TaskDefinition: ref("TaskDefinition"),
      // Behind a scaling target the running number is left alone, once there is one.
      DesiredCount: plan.scaling === undefined ? ref("TaskCount") : ifCondition("IsFirstDeployment", ref("TaskCount")),
      DeploymentConfiguration: deployment(deploymentConfiguration, references),
      ServiceConnectConfiguration: serviceConnect(serviceConnectConfiguration, references),
      NetworkConfiguration: network(networkConfiguration, references),
      ...(healthCheckGracePeriodSeconds !== undefined && {
        HealthCheckGracePeriodSeconds: healthCheckGracePeriodSeconds,
      }),
      ...(plan.targetGroups.length > 0 && {
        LoadBalancers: plan.targetGroups.map(({ key, container, containerPort }) => ({
          ContainerName: container,
          ContainerPort: containerPort,
          TargetGroupArn: ref(targetGroupId(plan, key)),
        })),
      }),
      ServiceRegistries: plan.discovery ? serviceRegistries(plan.type === "Backend Service") : noValue,
    } as Record<string, Value>,
  };
}

export function nlbListenerId(key: string): string {
  return `NLBListener${key.replace(/\D/g, "")}`;
}

type Service = ServiceInput["plan"]["service"];

function deployment(configuration: Service["deploymentConfiguration"], references: ServiceInput["references"]): Value {
  const { alarms, ...rest } = configuration;
  const given = fromPlan(alarms ?? { alarmNames: [], enable: false, rollback: true }, references);
  return {
    ...(fromPlan(rest, references) as Record<string, Value>),
    // GovCloud does not know the block.
    Alarms: alarms?.enable === true ? given : ifCondition("IsGovCloud", noValue, given),
  };
}

function serviceConnect(
  configuration: Service["serviceConnectConfiguration"],
  references: ServiceInput["references"],
): Value {
  if (configuration?.enabled !== true) return ifCondition("IsGovCloud", noValue, { Enabled: false });
  const { services, ...rest } = configuration;
  return {
    ...(fromPlan(rest, references) as Record<string, Value>),
    ...(services !== undefined && {
      Services: services.map(({ portName, clientAliases = [] }) => ({
        PortName: fromPlan(portName, references),
        DiscoveryName: join("-", [ref("WorkloadName"), "sc"]),
        ClientAliases: clientAliases.map(({ dnsName }) => ({
          Port: ref("TargetPort"),
          DnsName: fromPlan(dnsName, references),
        })),
      })),
    }),
  };
}

function network(configuration: Service["networkConfiguration"], references: ServiceInput["references"]): Value {
  const { subnets = [], ...rest } = configuration?.awsvpcConfiguration ?? {};
  const rendered = fromPlan(subnets, references) as Value[];
  const [first] = rendered;
  // An output of the environment is one text with commas.
  const isOneText = rendered.length === 1 && typeof first === "object";
  return {
    AwsvpcConfiguration: {
      ...(fromPlan(rest, references) as Record<string, Value>),
      Subnets: isOneText ? split(",", first as Value) : rendered,
    },
  };
}
