import type { ListenerRulePlan } from "../../plan/workload-plan.ts";
import { targetGroupId } from "../engine/names.ts";
import type { Deployment, Service, Task } from "../engine/state.ts";

/** The listener rules of a service, while one version takes over from another too: a rule that has gone stays until the
 *  deployment has completed, as CloudFormation removes last; one with a target group of its own waits for the first
 *  healthy target in it, and its requests go where they went before.
 *  @param tasks the service's */
export function rulesInForce(service: Service, tasks: readonly Task[]): ListenerRulePlan<never>[] {
  const primary = service.deployments.find(({ status }) => status === "PRIMARY");
  const rules = primary?.spec.plan.listenerRules ?? [];
  const former = primary?.rolloutState === "IN_PROGRESS" ? servingBeside(service, primary) : undefined;
  if (former === undefined) return rules;
  const { listenerRules, targetGroups } = former.spec.plan;
  const isReady = ({ targetGroup }: ListenerRulePlan<never>) =>
    targetGroups.some(({ key }) => key === targetGroup) ||
    hasHealthyTarget(tasks, targetGroupId(service.id, targetGroup));
  const gone = listenerRules.filter(({ key }) => !rules.some((rule) => rule.key === key));
  return [...rules.filter(isReady), ...gone];
}

/** The version that the same load balancer has been sending requests to. */
function servingBeside(service: Service, { spec: { plan } }: Deployment): Deployment | undefined {
  return service.deployments.find(
    ({ status, completedAt, spec: { plan: other } }) =>
      status === "ACTIVE" &&
      completedAt !== undefined &&
      other.loadBalancer === plan.loadBalancer &&
      other.importedLoadBalancer === plan.importedLoadBalancer,
  );
}

function hasHealthyTarget(tasks: readonly Task[], id: string): boolean {
  return tasks.some(({ targets }) =>
    targets.some(({ targetGroup, state }) => targetGroup === id && state === "healthy"),
  );
}
