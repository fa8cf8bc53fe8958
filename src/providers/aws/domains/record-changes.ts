import type { Change, ResourceRecordSet } from "@aws-sdk/client-route-53";
import { plainName } from "../../../plan/domain-names.ts";

/** A record that is to be. */
export type WantedRecord = {
  name: string;
  /** The name that it serves, whose zone it belongs into; absent: its own. */
  serves?: string;
} & (
  | { type: "A"; target: { dnsName: string; hostedZoneId: string } }
  | { type: "CNAME" | "NS"; values: readonly string[] }
);

export type RecordDecision = { do: "keep" } | { do: "write"; change: Change } | { do: "leave"; leadsTo: string };

/** Copilot's, so that its own functions find the records that they would have written. */
const timeToLive = 60;

/** What is to be done for a record, given all records at its name. One that leads elsewhere is left, unless it leads to something
 *  of ours, or has a policy of its own.
 *  @param ours what records of ours may lead to beside the one that is wanted */
export function decide(
  wanted: WantedRecord,
  present: readonly ResourceRecordSet[],
  ours: readonly string[] = [],
): RecordDecision {
  const here = present.filter((each) => recordName(each) === plainName(wanted.name));
  const rival = here.find((each) => excludes(each, wanted) && !isReplaceable(each, wanted, ours));
  if (rival !== undefined) return { do: "leave", leadsTo: leadsTo(rival).join(", ") };
  const rivals = here.filter((each) => excludes(each, wanted));
  if (rivals.some((each) => isSame(each, wanted))) return { do: "keep" };
  return { do: "write", change: { Action: "UPSERT", ResourceRecordSet: asRecordSet(wanted) } };
}

/** The removal of each record at a name that is of a type and leads to something of ours; those with a policy of their own stay. */
export function removals(
  { name, type }: { name: string; type: string },
  present: readonly ResourceRecordSet[],
  ours: readonly string[],
): Change[] {
  const leads = new Set(ours.map(plainTarget));
  return present
    .filter((each) => recordName(each) === plainName(name) && each.Type === type && each.SetIdentifier === undefined)
    .filter((each) => leadsTo(each).every((value) => leads.has(value)))
    .map((each) => ({ Action: "DELETE", ResourceRecordSet: each }));
}

/** The removal of the records among all of a zone that validate certificates of ACM. */
export function validationsIn(all: readonly ResourceRecordSet[]): Change[] {
  return all
    .filter((each) => each.Type === "CNAME" && leadsTo(each).every((value) => value.endsWith(".acm-validations.aws")))
    .map((each) => ({ Action: "DELETE", ResourceRecordSet: each }));
}

/** The name as it is written: Route 53 tells some characters by their numbers (`\052` is `*`). */
export function recordName({ Name = "" }: Pick<ResourceRecordSet, "Name">): string {
  return plainName(Name.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))));
}

/** What a record leads to, as it is compared. */
export function leadsTo({ AliasTarget, ResourceRecords = [] }: ResourceRecordSet): string[] {
  if (AliasTarget?.DNSName !== undefined) return [plainTarget(AliasTarget.DNSName)];
  return ResourceRecords.map(({ Value = "" }) => plainTarget(Value)).toSorted();
}

/** The console of Route 53 puts `dualstack.` before the name of a load balancer. */
function plainTarget(name: string): string {
  return plainName(name).replace(/^dualstack\./, "");
}

/** Only one of them can be at the name. */
function excludes({ Type }: ResourceRecordSet, wanted: WantedRecord): boolean {
  return (
    Type === wanted.type || (Type !== "NS" && wanted.type === "CNAME") || (Type === "CNAME" && wanted.type === "A")
  );
}

function isReplaceable(present: ResourceRecordSet, wanted: WantedRecord, ours: readonly string[]): boolean {
  if (present.SetIdentifier !== undefined || present.Type !== wanted.type) return false;
  const known = new Set([targets(wanted), ours].flat().map(plainTarget));
  return leadsTo(present).every((value) => known.has(value));
}

function isSame(present: ResourceRecordSet, wanted: WantedRecord): boolean {
  const wantedTargets = targets(wanted).map(plainTarget).toSorted();
  return present.Type === wanted.type && leadsTo(present).join(" ") === wantedTargets.join(" ");
}

export function targets(wanted: WantedRecord): readonly string[] {
  return wanted.type === "A" ? [wanted.target.dnsName] : wanted.values;
}

function asRecordSet(wanted: WantedRecord): ResourceRecordSet {
  const { name: Name, type: Type } = wanted;
  if (wanted.type === "A") {
    const { dnsName: DNSName, hostedZoneId: HostedZoneId } = wanted.target;
    return { Name, Type, AliasTarget: { DNSName, HostedZoneId, EvaluateTargetHealth: true } };
  }
  return { Name, Type, TTL: timeToLive, ResourceRecords: wanted.values.map((Value) => ({ Value })) };
}
