import type { CertificateSummary } from "@aws-sdk/client-acm";
import { plainName, zoneOf } from "../../../plan/domain-names.ts";
import type { CertificateRemoval, DomainEvent, DomainPlace, OwnerRequest } from "../../account/domains.ts";
import type { AwsSession } from "../session.ts";
import { Certificates, namesOf, type OwnCertificate } from "./certificates.ts";
import { certificateEvent, validationRecords } from "./ensure-certificate.ts";
import { type Paces, poll } from "./poll.ts";
import { environmentSession } from "./zones.ts";

interface Tools {
  session: AwsSession;
  paces: Paces;
}

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
  { session, paces }: Tools,
): Promise<PlacedCertificate[]> {
  const { app, env } = place;
  const perRegion = await Promise.all(
    regionsOf(place).map(async (region) => {
      const certificates = new Certificates(environmentSession(session, place, region), paces.rights);
      const all = await certificates.all();
      const below = (names: readonly string[]) => names.some((name) => zoneOf(name, place) === "environment");
      const own = await certificates.ofOwner({ app, env, service }, below, all);
      const isOwn = (arn: string | undefined) => own.some((each) => each.arn === arn);
      const more = all.filter(({ CertificateArn: arn = "" }) => held.includes(arn) && !isOwn(arn));
      return { region, certificates, all, own: [...own, ...more.map(fromSummary)] };
    }),
  );
  const ownArns = new Set(perRegion.flatMap(({ own }) => own.map(({ arn }) => arn)));
  const others = perRegion.flatMap(({ all }) => all.filter(({ CertificateArn: arn = "" }) => !ownArns.has(arn)));
  const stillServed = new Set(others.flatMap((each) => namesOf(each).map(bareName)));
  const found = perRegion.flatMap(({ region, certificates, own }) =>
    own.map(async (each): Promise<PlacedCertificate> => {
      const detail = await certificates.describe(each.arn);
      const records = validationRecords(detail?.DomainValidationOptions ?? [])
        .map(({ name, serves = name, values }) => ({ name, serves, values }))
        .filter(({ serves }) => !stillServed.has(bareName(serves)));
      return { ...each, region, records };
    }),
  );
  return Promise.all(found);
}

function fromSummary(summary: CertificateSummary): OwnCertificate {
  return { arn: summary.CertificateArn ?? "", names: namesOf(summary), status: summary.Status ?? "" };
}

/** A name and its wildcard are validated by one record. */
function bareName(name: string): string {
  return plainName(name).replace(/^\*\./, "");
}

/** As the contract says. */
export async function* deleteCertificates(
  request: CertificateRemoval,
  { session, paces }: Tools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const all = await certificatesOf(request, { session, paces });
  const going = all.filter(({ arn }) => !(request.keep ?? []).includes(arn));
  const results = await Promise.all(
    going.map(async ({ arn, names, region }) => {
      const certificates = new Certificates(environmentSession(session, request.place, region), paces.rights);
      const isGone = await poll(
        async () => ((await certificates.delete(arn)) ? true : undefined),
        paces.unused,
        signal,
      );
      return certificateEvent(isGone === true ? "deleted" : "in-use", arn, names);
    }),
  );
  yield* results;
}
