import { plainName, zoneOf } from "../../../plan/domain-names.ts";
import type { CertificateRemoval, DomainEvent, DomainPlace, OwnerRequest } from "../../account/domains.ts";
import { Certificates, namesOf, ownCertificate, type OwnCertificate } from "./certificates.ts";
import { certificateEvent, validationRecords } from "./ensure-certificate.ts";
import type { DomainTools } from "./tools.ts";
import { poll } from "./poll.ts";
import { removeRecords } from "./write-records.ts";
import { environmentSession, Zones } from "./zones.ts";

/** A certificate with the region that it is in. */
export interface PlacedCertificate extends OwnCertificate {
  region: string;
  /** The records that validate it, but for those that another certificate of these regions stands on. */
  records: { name: string; serves: string; values: readonly string[] }[];
}

/** Where certificates of an environment may be: its region, and that of CloudFront's. */
function regionsOf({ environment }: DomainPlace): string[] {
  return [...new Set([environment.region, "us-east-1"])];
}

/** The certificates that were requested for an owner, and those that its stack holds. */
export async function certificatesOf(
  { place, service, certificates: held = [] }: OwnerRequest,
  { session, paces }: DomainTools,
): Promise<PlacedCertificate[]> {
  const { app, env } = place;
  const perRegion = await Promise.all(
    regionsOf(place).map(async (region) => {
      const certificates = new Certificates(environmentSession(session, place, region), paces.rights);
      const all = await certificates.all();
      const below = (names: readonly string[]) => names.some((name) => zoneOf(name, place) === "environment");
      const own = await certificates.ofOwner({ app, env, service }, below, all);
      const known = new Set(own.map(({ arn }) => arn));
      const more = held.filter((arn) => !known.has(arn) && all.some(({ CertificateArn }) => CertificateArn === arn));
      const details = more.map(async (arn) => {
        const detail = await certificates.describe(arn);
        return detail === undefined ? [] : [ownCertificate(arn, detail)];
      });
      return { region, all, own: [...own, ...(await Promise.all(details)).flat()] };
    }),
  );
  const ownArns = new Set(perRegion.flatMap(({ own }) => own.map(({ arn }) => arn)));
  const others = perRegion.flatMap(({ all }) => all.filter(({ CertificateArn: arn = "" }) => !ownArns.has(arn)));
  const stillServed = new Set(others.flatMap((each) => namesOf(each).map(bareName)));
  return perRegion.flatMap(({ region, own }) =>
    own.map((each) => {
      const records = validationRecords(each.validations)
        .map(({ name, serves = name, values }) => ({ name, serves, values }))
        .filter(({ serves }) => !stillServed.has(bareName(serves)));
      return { ...each, region, records };
    }),
  );
}

/** A name and its wildcard are validated by one record. */
function bareName(name: string): string {
  return plainName(name).replace(/^\*\./, "");
}

/** Removes the records that validate an owner's certificates and nothing else. */
export async function* removeValidations(
  request: OwnerRequest,
  { session, paces }: DomainTools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const certificates = await certificatesOf(request, { session, paces });
  const zones = new Zones(session, request.place, paces.rights);
  yield* removeRecords(recordsOf(certificates), { zones, pace: paces.records, signal });
}

/** As the contract says. */
export async function* deleteCertificates(
  request: CertificateRemoval,
  { session, paces }: DomainTools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const { keep = [] } = request;
  const all = await certificatesOf(request, { session, paces });
  const going = all.filter(({ arn }) => !keep.includes(arn));
  const results = await Promise.all(
    going.map(async ({ arn, region }) => {
      const certificates = new Certificates(environmentSession(session, request.place, region), paces.rights);
      const isGone = await poll(
        async () => ((await certificates.delete(arn)) ? true : undefined),
        paces.unused,
        signal,
      );
      return isGone === true;
    }),
  );
  yield* going.map(({ arn, names }, index) => certificateEvent(results[index] ? "deleted" : "in-use", arn, names));
  if (request.keep === undefined) return;
  const gone = going.filter((_, index) => results[index]);
  const stays = all.filter((each) => !gone.includes(each));
  const served = new Set(stays.flatMap(({ names }) => names.map(bareName)));
  const records = recordsOf(gone).filter(({ serves }) => !served.has(bareName(serves)));
  const zones = new Zones(session, request.place, paces.rights);
  yield* removeRecords(records, { zones, pace: paces.records, signal });
}

/** The records that validate certificates, each once. */
function recordsOf(certificates: readonly PlacedCertificate[]) {
  const records = certificates.flatMap((each) =>
    each.records.map(({ name, serves, values }) => ({ name, serves, type: "CNAME", ours: values })),
  );
  return [...new Map(records.map((record) => [record.name, record])).values()];
}
