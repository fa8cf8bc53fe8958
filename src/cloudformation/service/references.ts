import type { TaskPlan } from "../../plan/workload-plan.ts";
import type { StackFacts } from "../facts.ts";
import type { References } from "../from-plan.ts";
import { ref } from "../intrinsics.ts";
import { subnetsByTags } from "../placement-subnets.ts";
import { containersWithEnvFile } from "./containers.ts";
import { knownLoadBalancer } from "./imported-load-balancer.ts";
import { topicId } from "./topics.ts";

/** How the references of a plan stand in its template.
 *  @param images the images of sidecars, which no parameter holds; what is not built yet is absent */
export function serviceReferences(
  plan: TaskPlan,
  facts: StackFacts,
  images: Readonly<Record<string, string>>,
): References {
  const files = new Map(containersWithEnvFile(plan).map(({ container, parameter }) => [container, parameter]));
  const others = new Map(Object.entries(images));
  return {
    image: (container) => (container === plan.name ? ref("ContainerImage") : (others.get(container) ?? "")),
    envFile: (container) => ref(files.get(container) ?? ""),
    topic: (name) => ref(topicId(name)),
    queue: (key) => ref(key),
    loadBalancerDnsName: (name) => knownLoadBalancer(name, facts)?.dnsName ?? name,
    subnets: subnetsByTags,
  };
}
