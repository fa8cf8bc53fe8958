import { isLater } from "../../plan/is-later.ts";
import type { ListenerRulePlan, WorkloadPlan } from "../../plan/workload-plan.ts";
import { fromPlan } from "../from-plan.ts";
import { importEnvironment, join, ref } from "../intrinsics.ts";
import { ownMember } from "../own-member.ts";
import type { Parameter, Resource, Resources, Value } from "../template.ts";
import { knownLoadBalancer } from "./imported-load-balancer.ts";
import type { ServiceInput } from "./service-input.ts";
import { targetGroupId } from "./target-groups.ts";

/** One listener of the load balancer, with what the service's rules on it are called. */
interface Listener {
  /** The logical ID of the first rule; further ones have a number behind it. */
  rule: string;
  /** The parameter with the first rule's priority. */
  priority: string;
  listenerArn: Value;
  protocol: "HTTP" | "HTTPS";
  action: "forward" | "redirect";
}

/** The service's rules on the listeners of its load balancer. */
export function listenerRules(input: ServiceInput): Resources {
  const { plan } = input;
  return Object.fromEntries(
    plan.listenerRules.flatMap((rule, i) =>
      listeners(input, rule).map((listener) => [
        numbered(listener.rule, i),
        ruleResource(input, rule, listener, numbered(listener.priority, i)),
      ]),
    ),
  );
}

export function listenerRuleIds(input: ServiceInput): string[] {
  return Object.keys(listenerRules(input));
}

/** A rule's priority is chosen when it is first deployed and then kept in its parameter. */
export function priorityParameters(input: ServiceInput): Record<string, Parameter> {
  const names = input.plan.listenerRules.flatMap((rule, i) =>
    listeners(input, rule).map(({ priority }) => numbered(priority, i)),
  );
  return Object.fromEntries(
    names.map((name) => [name, { Type: "Number" as const, Description: "Priority of a rule of the load balancer." }]),
  );
}

/** The parameter with the priority of the first rule, by that rule's logical ID; further ones have a number behind both. */
const parameterOf: Readonly<Record<string, string>> = {
  HTTPListenerRule: "HTTPRulePriority",
  HTTPListenerRuleWithDomain: "HTTPRuleWithDomainPriority",
  HTTPSListenerRule: "HTTPSRulePriority",
  HTTPListenerRuleForImportedALB: "HTTPRulePriority",
  HTTPSListenerRuleForImportedALB: "HTTPSRulePriority",
  HTTPListenerRedirectRuleForImportedALB: "HTTPRedirectRulePriority",
};

/** The parameter that holds the priority of a rule of ours. */
export function priorityParameterOf(logicalId: string): string | undefined {
  const [, name = "", number = ""] = /^(.*?)(\d*)$/.exec(logicalId) ?? [];
  const parameter = ownMember(parameterOf, name);
  return parameter === undefined ? undefined : `${parameter}${number}`;
}

function numbered(name: string, i: number): string {
  return i === 0 ? name : `${name}${i}`;
}

function listeners({ plan, facts }: ServiceInput, rule: ListenerRulePlan): Listener[] {
  if (plan.importedLoadBalancer !== undefined) return importedListeners(plan.importedLoadBalancer, facts);
  const prefix = plan.loadBalancer === "internal" ? "Internal" : "";
  const http = importEnvironment(`${prefix}HTTPListenerArn`);
  if (rule.http === undefined)
    return [
      {
        rule: "HTTPListenerRule",
        priority: "HTTPRulePriority",
        listenerArn: http,
        protocol: "HTTP",
        action: "forward",
      },
    ];
  return [
    {
      rule: "HTTPListenerRuleWithDomain",
      priority: "HTTPRuleWithDomainPriority",
      listenerArn: http,
      protocol: "HTTP",
      action: rule.http,
    },
    {
      rule: "HTTPSListenerRule",
      priority: "HTTPSRulePriority",
      listenerArn: importEnvironment(`${prefix}HTTPSListenerArn`),
      protocol: "HTTPS",
      action: "forward",
    },
  ];
}

function importedListeners(name: string, facts: ServiceInput["facts"]): Listener[] {
  const all = knownLoadBalancer(name, facts)?.listeners ?? [];
  const https = all.find(({ protocol }) => protocol === "HTTPS");
  const http = all.find(({ protocol }) => protocol === "HTTP");
  const forward = (listener: { arn: string; protocol: string }, rule: string, priority: string): Listener => ({
    rule,
    priority,
    listenerArn: listener.arn,
    protocol: listener.protocol as "HTTP" | "HTTPS",
    action: "forward",
  });
  if (https === undefined)
    return http === undefined ? [] : [forward(http, "HTTPListenerRuleForImportedALB", "HTTPRulePriority")];
  const secure = forward(https, "HTTPSListenerRuleForImportedALB", "HTTPSRulePriority");
  if (http === undefined) return [secure];
  const redirect = forward(http, "HTTPListenerRedirectRuleForImportedALB", "HTTPRedirectRulePriority");
  return [secure, { ...redirect, action: "redirect" }];
}

const toHttps: Value = {
  Type: "redirect",
  RedirectConfig: {
    Protocol: "HTTPS",
    Port: 443,
    Host: "#{host}",
    Path: "/#{path}",
    Query: "#{query}",
    StatusCode: "HTTP_301",
  },
};

function ruleResource(
  { plan, references }: ServiceInput,
  { key, conditions }: ListenerRulePlan,
  { listenerArn, protocol, action }: Listener,
  priority: string,
): Resource {
  const order = ["source-ip", "host-header", "path-pattern"];
  const sorted = conditions.toSorted((a, b) => order.indexOf(String(a.Field)) - order.indexOf(String(b.Field)));
  const does = action === "redirect" ? "redirects HTTP to HTTPS" : `forwards ${protocol} traffic to your tasks`;
  return {
    Metadata: {
      "aws:copilot:description": `An ${protocol} listener rule for path \`${pathOf(conditions)}\` that ${does}`,
    },
    Type: "AWS::ElasticLoadBalancingV2::ListenerRule",
    Properties: {
      Actions: [action === "redirect" ? toHttps : { TargetGroupArn: ref(targetGroupId(plan, key)), Type: "forward" }],
      Conditions: sorted.map((condition) => conditionOf(condition, plan, references)),
      ListenerArn: listenerArn,
      Priority: ref(priority),
    },
  };
}

function conditionOf(
  condition: ListenerRulePlan["conditions"][number],
  plan: WorkloadPlan,
  references: ServiceInput["references"],
): Value {
  const hosts = condition.HostHeaderConfig?.Values;
  if (hosts === undefined) return fromPlan(condition, references);
  const values = hosts.map((host) =>
    typeof host === "object" && isLater(host) && "join" in host
      ? hostBelow(plan, host.join.at(-1), references)
      : fromPlan(host, references),
  );
  return { Field: "host-header", HostHeaderConfig: { Values: values } };
}

/** The workload's name in a domain of the environment. */
function hostBelow(plan: WorkloadPlan, domain: unknown, references: ServiceInput["references"]): Value {
  return join(".", [ref("WorkloadName"), fromPlan(domain, references)]);
}

function pathOf(conditions: ListenerRulePlan["conditions"]): string {
  const first = conditions.find(({ PathPatternConfig }) => PathPatternConfig !== undefined)?.PathPatternConfig;
  const path = String(first?.Values?.[0] ?? "/");
  return path === "/*" ? "/" : path;
}
