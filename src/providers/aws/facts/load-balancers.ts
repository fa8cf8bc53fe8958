import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  LoadBalancerNotFoundException,
  type LoadBalancer,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { LoadBalancerFacts } from "../../../cloudformation/facts.ts";
import type { AwsSession } from "../session.ts";

/** The load balancers that manifests name, by the name or ARN that they give. One that is not there is left out.
 *  @param session of the environment */
export async function loadBalancersNamed(
  names: readonly string[],
  session: AwsSession,
): Promise<Record<string, LoadBalancerFacts>> {
  const found = await Promise.all(
    [...new Set(names)].map(async (name) => {
      const known = await loadBalancerNamed(name, session);
      return known === undefined ? [] : [[name, known] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

async function loadBalancerNamed(name: string, session: AwsSession): Promise<LoadBalancerFacts | undefined> {
  const client = session.client(ElasticLoadBalancingV2Client);
  const found = await describe(name, client);
  if (found?.LoadBalancerArn === undefined) return undefined;
  const { Listeners = [] } = await client.send(
    new DescribeListenersCommand({ LoadBalancerArn: found.LoadBalancerArn }),
  );
  return {
    arn: found.LoadBalancerArn,
    name: found.LoadBalancerName ?? "",
    dnsName: found.DNSName ?? "",
    hostedZoneId: found.CanonicalHostedZoneId ?? "",
    securityGroups: found.SecurityGroups ?? [],
    listeners: Listeners.map(({ ListenerArn = "", Port = 0, Protocol = "" }) => ({
      arn: ListenerArn,
      port: Port,
      protocol: Protocol,
    })).toSorted((a, b) => a.port - b.port),
  };
}

async function describe(name: string, client: ElasticLoadBalancingV2Client): Promise<LoadBalancer | undefined> {
  const named = name.startsWith("arn:") ? { LoadBalancerArns: [name] } : { Names: [name] };
  try {
    return (await client.send(new DescribeLoadBalancersCommand(named))).LoadBalancers?.[0];
  } catch (error) {
    if (error instanceof LoadBalancerNotFoundException) return undefined;
    throw error;
  }
}
