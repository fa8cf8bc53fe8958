import { getAtt, ifCondition, importEnvironment, ref, sub } from "../intrinsics.ts";
import type { Output, Resource, Value } from "../template.ts";

/** The name under which other services of the environment find this one. */
export function discoveryService(): Resource {
  return {
    Metadata: { "aws:copilot:description": "Service discovery for your services to communicate within the VPC" },
    Type: "AWS::ServiceDiscovery::Service",
    Properties: {
      Description: "Discovery Service for the Copilot services",
      DnsConfig: {
        RoutingPolicy: "MULTIVALUE",
        DnsRecords: [
          { TTL: 10, Type: "A" },
          { TTL: 10, Type: "SRV" },
        ],
      },
      HealthCheckCustomConfig: { FailureThreshold: 1 },
      Name: ref("WorkloadName"),
      NamespaceId: importEnvironment("ServiceDiscoveryNamespaceID"),
    },
  };
}

const registry: Value = [{ RegistryArn: getAtt("DiscoveryService.Arn"), Port: ref("TargetPort") }];

/** @param mayBeClosed whether the service may do without a port */
export function serviceRegistries(mayBeClosed: boolean): Value {
  return mayBeClosed ? ifCondition("ExposePort", registry) : registry;
}

export function discoveryOutputs(): Record<string, Output> {
  return {
    DiscoveryServiceARN: {
      Description: "ARN of the Discovery Service.",
      Value: getAtt("DiscoveryService.Arn"),
      Export: { Name: sub("${AWS::StackName}-DiscoveryServiceARN") },
    },
  };
}
