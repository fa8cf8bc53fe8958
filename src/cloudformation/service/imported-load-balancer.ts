import type { WorkloadPlan } from "../../plan/workload-plan.ts";
import type { LoadBalancerFacts, StackFacts } from "../facts.ts";
import { importEnvironment } from "../intrinsics.ts";
import type { Resources } from "../template.ts";

/** What is known of a load balancer that a service brings along. @param name its name or ARN, as the manifest gives it */
export function knownLoadBalancer(
  name: string | undefined,
  { loadBalancers = {} }: StackFacts,
): LoadBalancerFacts | undefined {
  if (name === undefined) return undefined;
  const named = Object.hasOwn(loadBalancers, name) ? loadBalancers[name] : undefined;
  return named ?? Object.values(loadBalancers).find((each) => each.arn === name || each.name === name);
}

/** What lets that load balancer reach the tasks: one for each of its security groups. */
export function importedIngress({ importedLoadBalancer: name }: WorkloadPlan, facts: StackFacts): Resources {
  const groups = knownLoadBalancer(name, facts)?.securityGroups ?? [];
  return Object.fromEntries(
    groups.map((group, i) => [
      `EnvironmentSecurityGroupIngressFromImportedALB${i === 0 ? "" : i}`,
      {
        Type: "AWS::EC2::SecurityGroupIngress",
        Properties: {
          GroupId: importEnvironment("EnvironmentSecurityGroup"),
          Description: "Ingress from the imported ALB",
          SourceSecurityGroupId: group,
          IpProtocol: -1,
        },
      },
    ]),
  );
}

/** What CloudWatch calls a load balancer: the end of its ARN. Copilot gives the name alone, which finds no numbers. */
export function metricName({ arn, name }: Pick<LoadBalancerFacts, "arn" | "name">): string {
  return /:loadbalancer\/(.+)$/.exec(arn)?.[1] ?? name;
}
