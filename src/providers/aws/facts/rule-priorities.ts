import { ElasticLoadBalancingV2Client, paginateDescribeRules } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { LoadBalancerFacts } from "../../../cloudformation/facts.ts";
import { priorityParameterOf } from "../../../cloudformation/service/listener-rules.ts";
import type { RulesToPlace } from "../../account/facts.ts";
import type { StackResourceDescription } from "../../account/stacks.ts";
import { describeRules } from "../services/describe-rules.ts";
import type { AwsSession } from "../session.ts";
import { newPriorities } from "./new-priorities.ts";

export interface PrioritiesToFind {
  rules: RulesToPlace;
  /** Of the application. */
  domain: string | undefined;
  /** The outputs of the environment's stack. */
  environment: Readonly<Record<string, string>>;
  loadBalancers: Readonly<Record<string, LoadBalancerFacts>>;
  /** The parameters of the workload's stack, and its resources where they have been asked for. */
  deployed: Readonly<Record<string, string>>;
  resources: Readonly<Record<string, StackResourceDescription>>;
}

/** The priorities of the workload's rules, by the parameter that holds them: running rules keep theirs.
 *  @param session of the environment */
export async function rulePriorities(wanted: PrioritiesToFind, session: AwsSession): Promise<Record<string, number>> {
  const running = await runningPriorities(wanted, session);
  const isKnown = (parameter: string) => parameter in running || wanted.deployed[parameter] !== undefined;
  const chosen = await Promise.all(
    listenersOf(wanted).map(async ({ parameter, listenerArn }) => {
      const names = wanted.rules.bands.map((band, i) => ({ band, name: numbered(parameter, i) }));
      const missing = names.filter(({ name }) => !isKnown(name));
      if (missing.length === 0) return [];
      const taken = listenerArn === undefined ? [] : await prioritiesOn(listenerArn, session);
      const priorities = newPriorities(
        missing.map(({ band }) => band),
        taken,
      );
      return missing.flatMap(({ name }, i) => {
        const priority = priorities[i];
        return priority === undefined ? [] : [[name, priority] as const];
      });
    }),
  );
  return { ...running, ...Object.fromEntries(chosen.flat()) };
}

/** What the rules of the workload's stack have, whoever made them. */
async function runningPriorities(
  { resources }: PrioritiesToFind,
  session: AwsSession,
): Promise<Record<string, number>> {
  const byArn = new Map(
    Object.entries(resources).flatMap(([id, { type, physicalId }]) => {
      const parameter = type === "AWS::ElasticLoadBalancingV2::ListenerRule" ? priorityParameterOf(id) : undefined;
      return parameter === undefined || physicalId === "" ? [] : [[physicalId, parameter] as const];
    }),
  );
  const found = await describeRules([...byArn.keys()], session);
  return Object.fromEntries(
    found.flatMap(({ RuleArn = "", Priority }) => {
      const parameter = byArn.get(RuleArn);
      return parameter === undefined ? [] : [[parameter, Number(Priority)]];
    }),
  );
}

/** The listeners that rules go to, each with the parameter of the first one's priority. One that is not there yet has no
 *  ARN. */
function listenersOf({ rules, domain, environment, loadBalancers }: PrioritiesToFind) {
  const { loadBalancer, certificates } = rules;
  if (typeof loadBalancer === "object") {
    const { listeners = [] } = loadBalancers[loadBalancer.name] ?? {};
    const arnOf = (protocol: string) => listeners.find((each) => each.protocol === protocol)?.arn;
    const [http, https] = [arnOf("HTTP"), arnOf("HTTPS")];
    if (https === undefined) return http === undefined ? [] : [{ parameter: "HTTPRulePriority", listenerArn: http }];
    const secure = { parameter: "HTTPSRulePriority", listenerArn: https };
    return http === undefined ? [secure] : [secure, { parameter: "HTTPRedirectRulePriority", listenerArn: http }];
  }
  const prefix = loadBalancer === "internal" ? "Internal" : "";
  const http = environment[`${prefix}HTTPListenerArn`];
  if (!certificates && (loadBalancer === "internal" || domain === undefined))
    return [{ parameter: "HTTPRulePriority", listenerArn: http }];
  return [
    { parameter: "HTTPRuleWithDomainPriority", listenerArn: http },
    { parameter: "HTTPSRulePriority", listenerArn: environment[`${prefix}HTTPSListenerArn`] },
  ];
}

/** The one that every listener has for all else has no number. */
async function prioritiesOn(listenerArn: string, session: AwsSession): Promise<number[]> {
  const client = session.client(ElasticLoadBalancingV2Client);
  const taken: number[] = [];
  for await (const { Rules = [] } of paginateDescribeRules({ client }, { ListenerArn: listenerArn }))
    taken.push(...Rules.map(({ Priority }) => Number(Priority)).filter(Number.isInteger));
  return taken;
}

function numbered(name: string, i: number): string {
  return i === 0 ? name : `${name}${i}`;
}
