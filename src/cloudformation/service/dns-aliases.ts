import type { WorkloadPlan } from "../../plan/workload-plan.ts";
import { importEnvironment, join, ref, sub } from "../intrinsics.ts";
import type { Resource, Resources, Value } from "../template.ts";

/** The names of the service that lead to the environment's load balancer. */
export function dnsAliases(plan: WorkloadPlan, env: string, app: string): Resources {
  if (plan.loadBalancer === undefined || plan.importedLoadBalancer !== undefined) return {};
  const zones = Object.entries(plan.aliasRecords ?? {}).map(([zone, names]): [string, Resource] => [
    `LoadBalancerDNSAlias${zone}`,
    inZone(plan.loadBalancer ?? "public", zone, names),
  ]);
  const [rule] = plan.listenerRules;
  const https = rule?.http !== undefined;
  const own = rule?.conditions.some(({ HostHeaderConfig }) =>
    HostHeaderConfig?.Values?.some((host) => typeof host === "object"),
  );
  return {
    ...Object.fromEntries(zones),
    ...(plan.loadBalancer === "internal" && !https && { LoadBalancerInternalDNSAlias: internalName(plan, env, app) }),
    ...(plan.loadBalancer === "public" && https && own === true && { LoadBalancerDNSAlias: defaultName() }),
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

function inZone(loadBalancer: "public" | "internal", zone: string, names: readonly string[]): Resource {
  return {
    Metadata: {
      "aws:copilot:description": `Alias records for the application load balancer in hosted zone ${zone}`,
    },
    Type: "AWS::Route53::RecordSetGroup",
    Properties: {
      HostedZoneId: zone,
      Comment: sub(`LoadBalancer aliases for service \${WorkloadName} in hosted zone ${zone}`),
      RecordSets: names.map((name) => ({ Name: name, Type: "A", AliasTarget: target(loadBalancer) })),
    },
  };
}

function internalName({ name }: WorkloadPlan, env: string, app: string): Resource {
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
