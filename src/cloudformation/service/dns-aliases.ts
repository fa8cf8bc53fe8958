import type { WorkloadPlan } from "../../plan/workload-plan.ts";
import type { StackFacts } from "../facts.ts";
import { importEnvironment, join, ref, sub } from "../intrinsics.ts";
import type { Resource, Resources, Value } from "../template.ts";
import { knownLoadBalancer } from "./imported-load-balancer.ts";

/** The names of the service that lead to its load balancer. */
export function dnsAliases(plan: WorkloadPlan, facts: StackFacts): Resources {
  const { loadBalancer, importedLoadBalancer } = plan;
  if (loadBalancer === undefined) return {};
  const leadsTo = importedLoadBalancer === undefined ? target(loadBalancer) : imported(importedLoadBalancer, facts);
  const zones = Object.entries(plan.aliasRecords ?? {}).map(([zone, names]): [string, Resource | undefined] => [
    `LoadBalancerDNSAlias${zone}`,
    leadsTo === undefined ? undefined : inZone(leadsTo, zone, names),
  ]);
  // The environment's names are for the environment's load balancers.
  return { ...Object.fromEntries(zones), ...(importedLoadBalancer === undefined && namesOfTheEnvironment(plan)) };
}

/** The name that a service has by itself; a public one has it as long as no rule gives it another. */
function namesOfTheEnvironment(plan: WorkloadPlan): Resources {
  const https = plan.listenerRules[0]?.http !== undefined;
  const hosts = plan.listenerRules.flatMap(({ conditions }) =>
    conditions.flatMap(({ HostHeaderConfig }) => HostHeaderConfig?.Values ?? []),
  );
  const hasAlias = hosts.some((host) => typeof host === "string");
  const hasName = hosts.length > 0 && !hasAlias;
  return {
    ...(plan.loadBalancer === "internal" && !https && { LoadBalancerInternalDNSAlias: internalName(plan) }),
    ...(plan.loadBalancer === "public" && https && hasName && { LoadBalancerDNSAlias: defaultName() }),
  };
}

function target(loadBalancer: "public" | "internal"): Value {
  return loadBalancer === "public"
    ? { HostedZoneId: importEnvironment("CanonicalHostedZoneID"), DNSName: importEnvironment("PublicLoadBalancerDNS") }
    : {
        HostedZoneId: importEnvironment("InternalLoadBalancerCanonicalHostedZoneID"),
        DNSName: importEnvironment("InternalLoadBalancerDNS"),
      };
}

function imported(name: string, facts: StackFacts): Value | undefined {
  const known = knownLoadBalancer(name, facts);
  return known && { HostedZoneId: known.hostedZoneId, DNSName: known.dnsName };
}

function inZone(leadsTo: Value, zone: string, names: readonly string[]): Resource {
  return {
    Metadata: {
      "aws:copilot:description": `Alias records for the application load balancer in hosted zone ${zone}`,
    },
    Type: "AWS::Route53::RecordSetGroup",
    Properties: {
      HostedZoneId: zone,
      Comment: sub(`LoadBalancer aliases for service \${WorkloadName} in hosted zone ${zone}`),
      RecordSets: names.map((name) => ({ Name: name, Type: "A", AliasTarget: leadsTo })),
    },
  };
}

function internalName({ name, env, app }: WorkloadPlan): Resource {
  return {
    Metadata: {
      "aws:copilot:description": `Alias for ${name}.${env}.${app}.internal to the internal load balancer`,
    },
    Type: "AWS::Route53::RecordSetGroup",
    Properties: {
      Comment: sub("Load balancer alias for service ${WorkloadName}"),
      HostedZoneId: importEnvironment("InternalWorkloadsHostedZoneID"),
      RecordSets: [
        {
          Type: "A",
          AliasTarget: target("internal"),
          Name: join(".", [ref("WorkloadName"), importEnvironment("InternalWorkloadsHostedZoneName")]),
        },
      ],
    },
  };
}

function defaultName(): Resource {
  return {
    Metadata: { "aws:copilot:description": "The default alias record for the application load balancer" },
    Type: "AWS::Route53::RecordSetGroup",
    Properties: {
      HostedZoneId: importEnvironment("HostedZone"),
      Comment: sub("Default LoadBalancer alias for service ${WorkloadName}"),
      RecordSets: [
        {
          Name: join(".", [ref("WorkloadName"), importEnvironment("SubDomain"), ""]),
          Type: "A",
          AliasTarget: target("public"),
        },
      ],
    },
  };
}
