import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  LoadBalancerNotFoundException,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AliasRemoval, AliasRequest, AliasTarget, DomainEvent, DomainPlace } from "../../account/domains.ts";
import { sessionAt } from "../stacks/place.ts";
import type { DomainTools } from "./tools.ts";
import { removeRecords, writeRecords } from "./write-records.ts";
import { Zones } from "./zones.ts";

/** As the contract says. */
export async function* writeAliases(
  { place, names, target, ours = [] }: AliasRequest,
  { session, paces }: DomainTools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const wanted = names.map((name) => ({ name, type: "A" as const, target }));
  yield* writeRecords(wanted, { zones: new Zones(session, place, paces.rights), pace: paces.records, signal, ours });
}

/** As the contract says. */
export async function* removeAliases(
  { place, names, ours }: AliasRemoval,
  { session, paces }: DomainTools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const records = names.map((name) => ({ name, type: "A", ours }));
  yield* removeRecords(records, { zones: new Zones(session, place, paces.rights), pace: paces.records, signal });
}

/** As the contract says. */
export async function loadBalancerTarget(
  arn: string,
  { environment }: DomainPlace,
  { session }: DomainTools,
): Promise<AliasTarget | undefined> {
  const client = sessionAt(session, environment).client(ElasticLoadBalancingV2Client);
  try {
    const { LoadBalancers: [found] = [] } = await client.send(
      new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }),
    );
    const { DNSName: dnsName, CanonicalHostedZoneId: hostedZoneId } = found ?? {};
    return dnsName === undefined || hostedZoneId === undefined ? undefined : { dnsName, hostedZoneId };
  } catch (error) {
    if (error instanceof LoadBalancerNotFoundException) return undefined;
    throw error;
  }
}
