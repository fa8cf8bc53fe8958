import type { DomainOf } from "../../plan/domain-names.ts";
import type { StackPlace } from "./stacks.ts";

/** Names below an application's domain: what no stack holds. Nothing is kept anywhere of what was made: it is found again by its
 *  tags and names. A record that leads to something that is not ours is never written over nor removed. */
export interface Domains {
  /** The id of the public hosted zone of a domain, among those of the credentials' own account. */
  hostedZone(domain: string): Promise<string | undefined>;
  /** A certificate that is issued and serves all of the names: the one that is there, or a new one, validated by records in the
   *  zones of the names. One that somebody began to validate is gone on with.
   *  @returns its ARN @throws UserError certificate/failed, certificate/pending, domain/zone-not-found, interrupted */
  ensureCertificate(request: CertificateRequest, signal: AbortSignal): AsyncGenerator<DomainEvent, string, void>;
  /** Writes the name servers of the environment's zone into the application's. @throws UserError domain/zone-not-found */
  delegate(place: DomainPlace, signal: AbortSignal): AsyncGenerator<DomainEvent, void, void>;
  /** Writes alias records; one that leads elsewhere is told and left. */
  writeAliases(request: AliasRequest, signal: AbortSignal): AsyncGenerator<DomainEvent, void, void>;
  /** What a load balancer of the environment's account is called; undefined when it is not there. */
  loadBalancer(arn: string, place: DomainPlace): Promise<AliasTarget | undefined>;
  /** Removes the alias records that lead to one of ours; of the others says nothing. */
  removeAliases(request: AliasRemoval, signal: AbortSignal): AsyncGenerator<DomainEvent, void, void>;
  /** Lets a service of App Runner answer to a name: the association, the records it asks for, until App Runner says that the
   *  name is active. One that takes too long is told, and goes on by itself.
   *  @throws UserError domain/zone-not-found, custom-domain/failed, interrupted */
  associate(request: CustomDomainRequest, signal: AbortSignal): AsyncGenerator<DomainEvent, void, void>;
  /** The reverse, with the records; a name that the service does not have is no error. */
  disassociate(request: CustomDomainRequest, signal: AbortSignal): AsyncGenerator<DomainEvent, void, void>;
  /** The names that a service of App Runner has been given; none when it is not there. */
  associated(service: Omit<CustomDomainRequest, "name">): Promise<string[]>;
  /** What has to go before the stack that it belongs to: the records that validate certificates and, of an environment, the
   *  delegation. */
  removeRecords(request: OwnerRequest, signal: AbortSignal): AsyncGenerator<DomainEvent, void, void>;
  /** Deletes certificates, which nothing may use any more: those that were requested for the owner but for what is kept, and, where
   *  it is said what is kept, the records that validated the others alone. One that stays in use is told and left. */
  deleteCertificates(request: CertificateRemoval, signal: AbortSignal): AsyncGenerator<DomainEvent, void, void>;
  /** What was made outside of the stacks. */
  list(request: OwnerRequest & { targets: readonly string[] }): Promise<MadeOutside[]>;
}

/** Whose names, and with whose rights. */
export interface DomainPlace extends DomainOf {
  /** Where the environment is: its zone and certificates belong to its account. */
  environment: StackPlace & { region: string };
  /** The role that may write into the environment's zone and request certificates, which its manager takes on. */
  domainRoleArn: string;
  /** The role that may write into the zones of the application and the domain: `APP-DNSDelegationRole`. */
  dnsRoleArn: string;
}

/** What a certificate is for; in its tag `pilotfish-purpose`. */
export type CertificatePurpose = "load-balancer" | "cdn" | "network-load-balancer" | "site";

export interface CertificateRequest {
  place: DomainPlace;
  /** The first is the certificate's own. */
  names: readonly string[];
  /** Where it is needed; CloudFront takes those of us-east-1 alone. */
  region: string;
  purpose: CertificatePurpose;
  /** The service that it is for; absent: the environment. */
  service?: string;
  /** The application's. */
  tags?: Readonly<Record<string, string>>;
  /** The ARN that the stack holds, or Copilot's function had made for it: it stays while it serves all names. */
  existing?: string;
}

/** A load balancer or a distribution. */
export interface AliasTarget {
  dnsName: string;
  /** The hosted zone that AWS keeps its name in. */
  hostedZoneId: string;
}

export interface AliasRequest {
  place: DomainPlace;
  names: readonly string[];
  target: AliasTarget;
  /** DNS names of what is ours beside it: records that lead there are turned to the target. */
  ours?: readonly string[];
}

export interface AliasRemoval {
  place: DomainPlace;
  names: readonly string[];
  /** DNS names of what is ours. */
  ours: readonly string[];
}

export interface CustomDomainRequest {
  place: DomainPlace;
  serviceArn: string;
  name: string;
}

/** An environment, or one service of it. */
export interface OwnerRequest {
  place: DomainPlace;
  service?: string;
  /** Names of its aliases. */
  aliases?: readonly string[];
  /** ARNs of certificates that its stack holds, beside those that are found by their tags. */
  certificates?: readonly string[];
}

export interface CertificateRemoval extends OwnerRequest {
  /** ARNs of those that stay. */
  keep?: readonly string[];
}

export interface MadeOutside {
  /** CloudFormation's: `AWS::CertificateManager::Certificate`, `AWS::Route53::RecordSet`. */
  type: string;
  /** The ARN, or name and type: `api.example.com A`. */
  physicalId: string;
}

export type DomainEvent =
  | { type: "certificate"; action: CertificateAction; arn: string; names: string[]; at: string }
  | DomainRecordEvent
  | {
      type: "custom-domain";
      action: "associated" | "disassociated" | "waiting";
      name: string;
      status: string;
      at: string;
    };

/** `waiting`: its records are written. `in-use`: it was to be deleted and cannot be. */
export type CertificateAction = "requested" | "waiting" | "issued" | "deleted" | "in-use";

/** `elsewhere`: it leads to something that is not ours, and stays. `no-zone`: the name is not below the domain, so its record is
 *  the user's to write. */
export interface DomainRecordEvent {
  type: "domain-record";
  action: "written" | "removed" | "elsewhere" | "no-zone";
  name: string;
  recordType: string;
  /** What it leads to. */
  value: string;
  at: string;
}
