import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { StackDescription, Stacks } from "../../account/stacks.ts";
import { describeRules } from "./describe-rules.ts";
import type { FoundWorkload } from "./find-workload.ts";

/** What a service has of load balancers. */
interface Traffic {
  rules: Rule[];
  /** By ARN. */
  listeners: ReadonlyMap<string, Listening>;
}

/** A listener, and what is known of its load balancer. */
export interface Listening {
  /** `HTTP`, `TLS` … */
  protocol: string;
  port: number;
  /** The load balancer's own name. */
  dnsName: string;
  isPublic: boolean;
}

/** What leads to the environment's load balancer, or to the service's own. */
export interface Names {
  /** Of the environment's distribution of CloudFront. */
  distribution?: string;
  /** Of the network load balancer. */
  network: string[];
}

/** Where a service of ECS answers, best first: under its names by HTTPS, by HTTP, at its load balancer's own name, and at
 *  its network load balancer. Asks nothing for a service without a load balancer.
 *  @param known the environment's stack, where it has been described already */
export async function loadBalancerUrls(
  workload: FoundWorkload,
  stacks: Stacks,
  known?: StackDescription,
): Promise<string[]> {
  const ofType = (type: string) =>
    Object.values(workload.resources)
      .filter((each) => each.type === `AWS::ElasticLoadBalancingV2::${type}`)
      .map(({ physicalId }) => physicalId);
  const rules = ofType("ListenerRule");
  const own = ofType("Listener");
  if (rules.length + own.length === 0) return [];
  const { app, env, stack, where, session } = workload;
  const [described, environment, itself] = await Promise.all([
    describeRules(rules, session),
    known ?? stacks.describe(`${app}-${env}`, where),
    own.length === 0 ? undefined : stacks.describe(stack, where),
  ]);
  const used = [...new Set([...rules.map(listenerOfRule), ...own])];
  const shared = listenersOf(environment);
  const others = await describeListeners(
    used.filter((arn) => !shared.has(arn)),
    workload,
  );
  const listeners = used.flatMap((arn) => {
    const listening = shared.get(arn) ?? others.get(arn);
    return listening === undefined ? [] : [[arn, listening] as const];
  });
  return urlsOf({ rules: described, listeners: new Map(listeners) }, namesOf(workload, environment, itself));
}

/** The listeners that all services of an environment share: its stack says where they are, and its template that they are at
 *  the usual ports. */
function listenersOf(environment: StackDescription | undefined): Map<string, Listening> {
  const { outputs = {} } = environment ?? {};
  const shared = new Map<string, Listening>();
  const at = (arn: string | undefined, listening: Listening) => {
    if (arn !== undefined) shared.set(arn, listening);
  };
  for (const isPublic of [true, false]) {
    const prefix = isPublic ? "" : "Internal";
    const dnsName = outputs[`${isPublic ? "Public" : "Internal"}LoadBalancerDNSName`];
    if (dnsName === undefined) continue;
    at(outputs[`${prefix}HTTPListenerArn`], { protocol: "HTTP", port: 80, dnsName, isPublic });
    at(outputs[`${prefix}HTTPSListenerArn`], { protocol: "HTTPS", port: 443, dnsName, isPublic });
  }
  return shared;
}

/** Those of load balancers that are not the environment's. */
async function describeListeners(
  arns: readonly string[],
  { session }: FoundWorkload,
): Promise<ReadonlyMap<string, Listening>> {
  if (arns.length === 0) return new Map();
  const client = session.client(ElasticLoadBalancingV2Client);
  const [{ Listeners = [] }, { LoadBalancers = [] }] = await Promise.all([
    client.send(new DescribeListenersCommand({ ListenerArns: [...arns] })),
    client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [...new Set(arns.map(loadBalancerOf))] })),
  ]);
  const described = Listeners.map(({ ListenerArn: arn = "", Protocol: protocol = "HTTP", Port: port = 80 }) => {
    const balancer = LoadBalancers.find(({ LoadBalancerArn }) => LoadBalancerArn === loadBalancerOf(arn));
    const { DNSName: dnsName = "", Scheme } = balancer ?? {};
    return [arn, { protocol, port, dnsName, isPublic: Scheme !== "internal" }] as const;
  });
  return new Map(described);
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
function ruleAddresses({ rules, listeners }: Traffic): Address[] {
  return rules
    .filter(({ Actions = [] }) => Actions.some(({ Type }) => Type === "forward"))
    .flatMap(({ RuleArn = "", Conditions = [] }) => {
      const listener = listeners.get(listenerOfRule(RuleArn));
      if (listener === undefined) return [];
      const hosts = Conditions.flatMap(({ HostHeaderConfig }) => HostHeaderConfig?.Values ?? []);
      const paths = Conditions.flatMap(({ PathPatternConfig }) => PathPatternConfig?.Values ?? []);
      const path = (paths[0] ?? "/").replace(/[*?].*$/, "") || "/";
      const named = hosts.filter((host) => !/[*?]/.test(host));
      const { protocol, port, dnsName, isPublic } = listener;
      return (named.length > 0 ? named : [dnsName]).map((host) => ({
        protocol,
        host,
        isNamed: named.length > 0,
        isPublic,
        port,
        path,
      }));
    });
}

function networkUrls({ rules, listeners }: Traffic, names: readonly string[]): string[] {
  const shared = new Set(rules.map(({ RuleArn = "" }) => listenerOfRule(RuleArn)));
  return [...listeners]
    .filter(([arn]) => !shared.has(arn))
    .flatMap(([, { protocol, port, dnsName }]) =>
      (names.length > 0 ? names : [dnsName]).map((host) => `${scheme(protocol)}://${host}:${port}`),
    );
}

function scheme(protocol: string): string {
  return protocol === "TCP_UDP" ? "tcp" : protocol.toLowerCase();
}

function namesOf(
  { name, resources }: FoundWorkload,
  environment: StackDescription | undefined,
  itself: StackDescription | undefined,
): Names {
  const outputs = environment?.outputs ?? {};
  const aliases = itself?.parameters["NLBAliases"]?.split(",").filter(Boolean) ?? [];
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
