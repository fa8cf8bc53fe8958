import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  type Listener,
  type LoadBalancer,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Stacks } from "../../account/stacks.ts";
import type { FoundWorkload } from "./find-workload.ts";

/** What a service has of load balancers. */
interface Traffic {
  rules: Rule[];
  /** By ARN. */
  listeners: Map<string, Listener>;
  /** By ARN. */
  loadBalancers: Map<string, LoadBalancer>;
}

/** What leads to the environment's load balancer, or to the service's own. */
export interface Names {
  /** Of the environment's distribution of CloudFront. */
  distribution?: string;
  /** Of the network load balancer. */
  network: string[];
}

/** Where a service of ECS answers, best first: under its names by HTTPS, by HTTP, at its load balancer's own name, and at
 *  its network load balancer. Asks nothing for a service without a load balancer. */
export async function loadBalancerUrls(workload: FoundWorkload, stacks: Stacks): Promise<string[]> {
  const ofType = (type: string) =>
    Object.values(workload.resources)
      .filter((each) => each.type === `AWS::ElasticLoadBalancingV2::${type}`)
      .map(({ physicalId }) => physicalId);
  const rules = ofType("ListenerRule");
  const own = ofType("Listener");
  if (rules.length + own.length === 0) return [];
  const client = workload.session.client(ElasticLoadBalancingV2Client);
  const listenerArns = [...new Set([...rules.map(listenerOfRule), ...own])];
  const loadBalancerArns = [...new Set(listenerArns.map(loadBalancerOf))];
  const [ruled, listening, balancing] = await Promise.all([
    rules.length === 0 ? { Rules: [] } : client.send(new DescribeRulesCommand({ RuleArns: rules })),
    client.send(new DescribeListenersCommand({ ListenerArns: listenerArns })),
    client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: loadBalancerArns })),
  ]);
  const traffic = {
    rules: ruled.Rules ?? [],
    listeners: new Map((listening.Listeners ?? []).map((each) => [each.ListenerArn ?? "", each])),
    loadBalancers: new Map((balancing.LoadBalancers ?? []).map((each) => [each.LoadBalancerArn ?? "", each])),
  };
  const secure = ruleAddresses(traffic).some(({ protocol }) => protocol === "HTTPS");
  const asksEnvironment = (rules.length > 0 && !secure) || own.length > 0;
  return urlsOf(traffic, asksEnvironment ? await namesOf(workload, own.length > 0, stacks) : { network: [] });
}

/** Pure. */
export function urlsOf(traffic: Traffic, { distribution, network }: Names): string[] {
  const addresses = ruleAddresses(traffic);
  const secured = new Set(addresses.filter(({ protocol }) => protocol === "HTTPS").map(({ host }) => host));
  const urls = addresses
    .filter(({ protocol, host }) => protocol === "HTTPS" || !secured.has(host))
    .map(({ protocol, host, isNamed, isPublic, port, path }) => {
      // A distribution stands before the public load balancer, and speaks HTTPS under all its names.
      if (distribution !== undefined && isPublic)
        return { rank: 0, url: `https://${isNamed ? host : distribution}${path}` };
      const isUsual = port === (protocol === "HTTPS" ? 443 : 80);
      const rank = (protocol === "HTTPS" ? 0 : 2) + (isNamed ? 0 : 1);
      return { rank, url: `${protocol.toLowerCase()}://${host}${isUsual ? "" : `:${port}`}${path}` };
    })
    .toSorted((a, b) => a.rank - b.rank);
  return [...new Set([...urls.map(({ url }) => url), ...networkUrls(traffic, network)])];
}

interface Address {
  protocol: string;
  host: string;
  /** The name is the service's, not the load balancer's own. */
  isNamed: boolean;
  isPublic: boolean;
  port: number;
  path: string;
}

/** A rule that only leads to another address is none. */
function ruleAddresses({ rules, listeners, loadBalancers }: Traffic): Address[] {
  return rules
    .filter(({ Actions = [] }) => Actions.some(({ Type }) => Type === "forward"))
    .flatMap(({ RuleArn = "", Conditions = [] }) => {
      const listener = listeners.get(listenerOfRule(RuleArn));
      const { DNSName = "", Scheme } = loadBalancers.get(loadBalancerOf(listenerOfRule(RuleArn))) ?? {};
      const hosts = Conditions.flatMap(({ HostHeaderConfig }) => HostHeaderConfig?.Values ?? []);
      const paths = Conditions.flatMap(({ PathPatternConfig }) => PathPatternConfig?.Values ?? []);
      const path = (paths[0] ?? "/").replace(/[*?].*$/, "") || "/";
      const { Protocol: protocol = "HTTP", Port: port = 80 } = listener ?? {};
      const named = hosts.filter((host) => !/[*?]/.test(host));
      return (named.length > 0 ? named : [DNSName]).map((host) => ({
        protocol,
        host,
        isNamed: named.length > 0,
        isPublic: Scheme !== "internal",
        port,
        path,
      }));
    });
}

function networkUrls({ rules, listeners, loadBalancers }: Traffic, names: readonly string[]): string[] {
  const shared = new Set(rules.map(({ RuleArn = "" }) => listenerOfRule(RuleArn)));
  return [...listeners]
    .filter(([arn]) => !shared.has(arn))
    .flatMap(([arn, { Protocol = "TCP", Port }]) => {
      const own = loadBalancers.get(loadBalancerOf(arn))?.DNSName ?? "";
      return (names.length > 0 ? names : [own]).map((host) => `${scheme(Protocol)}://${host}:${Port}`);
    });
}

function scheme(protocol: string): string {
  return protocol === "TCP_UDP" ? "tcp" : protocol.toLowerCase();
}

async function namesOf(workload: FoundWorkload, hasNetwork: boolean, stacks: Stacks): Promise<Names> {
  const { app, env, name, where, stack, resources } = workload;
  const [environment, own] = await Promise.all([
    stacks.describe(`${app}-${env}`, where),
    hasNetwork ? stacks.describe(stack, where) : undefined,
  ]);
  const outputs = environment?.outputs ?? {};
  const aliases = own?.parameters["NLBAliases"]?.split(",").filter(Boolean) ?? [];
  const subdomain = outputs["EnvironmentSubdomain"];
  const byItself =
    resources["NLBDNSAlias"] !== undefined && subdomain !== undefined ? [`${name}-nlb.${subdomain}`] : [];
  return {
    ...(outputs["CloudFrontDomainName"] !== undefined && { distribution: outputs["CloudFrontDomainName"] }),
    network: aliases.length > 0 ? aliases : byItself,
  };
}

/** `…:listener-rule/app/NAME/LB/LISTENER/RULE` is a rule of `…:listener/app/NAME/LB/LISTENER`. */
function listenerOfRule(rule: string): string {
  return rule.replace(":listener-rule/", ":listener/").replace(/\/[^/]*$/, "");
}

/** `…:listener/app/NAME/LB/LISTENER` belongs to `…:loadbalancer/app/NAME/LB`. */
function loadBalancerOf(listener: string): string {
  return listener.replace(":listener/", ":loadbalancer/").replace(/\/[^/]*$/, "");
}
