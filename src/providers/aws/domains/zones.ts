import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { UserError } from "../../../errors.ts";
import { plainName, type ZoneKind, zoneNames, zoneOf } from "../../../plan/domain-names.ts";
import type { DomainPlace } from "../../account/domains.ts";
import type { AwsSession } from "../session.ts";
import { sessionAt } from "../stacks/place.ts";
import { type Pace, poll, withNewRights } from "./poll.ts";

/** One hosted zone, with the rights that it takes. */
export class Zone {
  readonly id: string;
  readonly name: string;
  readonly #client: Route53Client;

  constructor(client: Route53Client, { id, name }: { id: string; name: string }) {
    this.#client = client;
    this.id = id;
    this.name = name;
  }

  async nameServers(): Promise<string[]> {
    const { DelegationSet } = await this.#client.send(new GetHostedZoneCommand({ Id: this.id }));
    return DelegationSet?.NameServers ?? [];
  }

  /** All records at a name. */
  async recordsAt(name: string): Promise<ResourceRecordSet[]> {
    const { ResourceRecordSets = [] } = await this.#client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: this.id, StartRecordName: name, MaxItems: 20 }),
    );
    return ResourceRecordSets;
  }

  async allRecords(): Promise<ResourceRecordSet[]> {
    const found: ResourceRecordSet[] = [];
    let next: {
      StartRecordName?: string;
      StartRecordType?: ResourceRecordSet["Type"];
      StartRecordIdentifier?: string;
    } = {};
    for (;;) {
      const page = await this.#client.send(new ListResourceRecordSetsCommand({ HostedZoneId: this.id, ...next }));
      found.push(...(page.ResourceRecordSets ?? []));
      if (page.IsTruncated !== true || page.NextRecordName === undefined) return found;
      next = {
        StartRecordName: page.NextRecordName,
        ...(page.NextRecordType !== undefined && { StartRecordType: page.NextRecordType }),
        ...(page.NextRecordIdentifier !== undefined && { StartRecordIdentifier: page.NextRecordIdentifier }),
      };
    }
  }

  /** Makes all changes or none, and waits until every name server of Route 53 has them, or the time is over. */
  async change(changes: Change[], pace: Pace, signal: AbortSignal): Promise<void> {
    if (changes.length === 0) return;
    const { ChangeInfo } = await this.#client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: this.id, ChangeBatch: { Changes: changes } }),
    );
    if (ChangeInfo?.Status === "INSYNC" || ChangeInfo?.Id === undefined) return;
    const Id = ChangeInfo.Id;
    await poll(
      async () => {
        const now = await this.#client.send(new GetChangeCommand({ Id }));
        return now.ChangeInfo?.Status === "INSYNC" ? true : undefined;
      },
      pace,
      signal,
    );
  }
}

/** The zones that an environment's names belong into. Each is looked for once. */
export class Zones {
  readonly #clients: Record<ZoneKind, Route53Client>;
  readonly #place: DomainPlace;
  readonly #rights: Pace;
  readonly #found = new Map<ZoneKind, Promise<Zone | undefined>>();

  constructor(session: AwsSession, place: DomainPlace, rights: Pace) {
    const environment = environmentSession(session, place);
    const application = environment.as(place.dnsRoleArn).client(Route53Client);
    this.#clients = { environment: environment.client(Route53Client), application, domain: application };
    this.#place = place;
    this.#rights = rights;
  }

  /** Undefined: there is none. */
  find(kind: ZoneKind): Promise<Zone | undefined> {
    const found = this.#found.get(kind) ?? this.#look(kind);
    this.#found.set(kind, found);
    return found;
  }

  async #look(kind: ZoneKind): Promise<Zone | undefined> {
    const name = zoneNames(this.#place)[kind];
    const id = await withNewRights(() => publicZone(this.#clients[kind], name), this.#rights);
    return id === undefined ? undefined : new Zone(this.#clients[kind], { id, name });
  }

  /** @throws UserError domain/zone-not-found */
  async get(kind: ZoneKind): Promise<Zone> {
    const found = await this.find(kind);
    if (found !== undefined) return found;
    const { app, env, domain } = this.#place;
    const hints: Record<ZoneKind, string> = {
      environment: `pilotfish env deploy --app ${app} --name ${env}`,
      application: `pilotfish app upgrade --name ${app}`,
      domain: `aws route53 create-hosted-zone --name ${domain} --caller-reference ${domain}`,
    };
    const name = zoneNames(this.#place)[kind];
    throw new UserError("domain/zone-not-found", `there is no public hosted zone ${name}`, { hint: hints[kind] });
  }

  /** The zone that a name's records belong into; undefined for what is not below the domain.
   *  @throws UserError domain/zone-not-found */
  async of(name: string): Promise<Zone | undefined> {
    const kind = zoneOf(name, this.#place);
    return kind === undefined ? undefined : this.get(kind);
  }

  /** The same, undefined also when there is no such zone. */
  async foundFor(name: string): Promise<Zone | undefined> {
    const kind = zoneOf(name, this.#place);
    return kind === undefined ? undefined : this.find(kind);
  }
}

/** With the rights over what belongs to the environment: its manager's, and from those the role for names. */
export function environmentSession(session: AwsSession, place: DomainPlace, region?: string): AwsSession {
  const where = region ?? place.environment.region;
  return sessionAt(session, place.environment).as(place.domainRoleArn, where);
}

/** The id of a domain's public zone in the session's own account. */
export function ownZone(session: AwsSession, domain: string): Promise<string | undefined> {
  return publicZone(session.client(Route53Client), domain);
}

/** The id of the public zone with exactly this name. */
async function publicZone(client: Route53Client, name: string): Promise<string | undefined> {
  const { HostedZones = [] } = await client.send(new ListHostedZonesByNameCommand({ DNSName: name, MaxItems: 10 }));
  const found = HostedZones.find((each) => plainName(each.Name ?? "") === plainName(name) && !each.Config?.PrivateZone);
  return found?.Id?.split("/").at(-1);
}
