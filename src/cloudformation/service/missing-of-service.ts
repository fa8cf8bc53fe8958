import type { WorkloadPlan } from "../../plan/workload-plan.ts";
import type { MissingValue } from "../environment/missing-values.ts";
import type { StackFacts } from "../facts.ts";
import { missingSubnets } from "../placement-subnets.ts";
import { hasTls, nlbCertificateParameter } from "./network-load-balancer.ts";
import { knownLoadBalancer } from "./imported-load-balancer.ts";

/** What the stack of a service cannot do without, and nothing says. */
export function missingOfService(plan: WorkloadPlan, facts: StackFacts): MissingValue[] {
  return [
    ...missingLoadBalancer(plan, facts),
    ...missingCertificate(plan, facts),
    ...missingSubnets(plan.service.networkConfiguration?.awsvpcConfiguration?.subnets, facts),
  ];
}

function missingLoadBalancer({ importedLoadBalancer: name }: WorkloadPlan, facts: StackFacts): MissingValue[] {
  const known = knownLoadBalancer(name, facts);
  if (name === undefined || (known && known.listeners.length > 0)) return [];
  const path = ["http", "alb"];
  const needed = "so the service has no rules there";
  if (known)
    return [
      { path, message: `no listener of ${name} is known, ${needed}`, hint: "add them to `listeners` of its facts" },
    ];
  return [
    {
      path,
      message: `nothing is known of the load balancer ${name}, ${needed}`,
      hint: `describe it in the facts: "loadBalancers": { "${name}": … }`,
    },
  ];
}

function missingCertificate({ networkLoadBalancer: nlb }: WorkloadPlan, facts: StackFacts): MissingValue[] {
  const { certificates, workloadParameters } = facts;
  const isKnown = certificates?.networkLoadBalancer ?? workloadParameters?.[nlbCertificateParameter];
  if (!nlb || !hasTls(nlb) || isKnown) return [];
  return [
    {
      path: ["nlb"],
      message: "the certificate of the TLS listener is not known",
      hint: 'a deployment to AWS requests it; for a template alone, give its ARN in the facts: "certificates": { "networkLoadBalancer": "arn:aws:acm:…" }',
    },
  ];
}
