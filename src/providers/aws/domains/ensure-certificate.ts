import type { CertificateDetail, DomainValidation } from "@aws-sdk/client-acm";
import { UserError } from "../../../errors.ts";
import { plainName, zoneNames } from "../../../plan/domain-names.ts";
import type { CertificateAction, CertificateRequest, DomainEvent, DomainPlace } from "../../account/domains.ts";
import { Certificates, isAlive, namesOf, servesAll } from "./certificates.ts";
import type { DomainTools } from "./tools.ts";
import { poll } from "./poll.ts";
import type { WantedRecord } from "./record-changes.ts";
import { writeRecords } from "./write-records.ts";
import { environmentSession, Zones } from "./zones.ts";

/** As the contract says. */
export async function* ensureCertificate(
  request: CertificateRequest,
  { session, paces }: DomainTools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, string, void> {
  const certificates = new Certificates(environmentSession(session, request.place, request.region), paces.rights);
  const { arn: found, dead } = await findCertificate(request, certificates);
  if (found?.status === "ISSUED") return found.arn;
  const arn = found?.arn ?? (await requestCertificate(request, certificates, dead));
  const tell = (action: CertificateAction) => certificateEvent(action, arn, [...request.names]);
  if (found === undefined) yield tell("requested");
  try {
    yield* validate(arn, request, { session, paces, certificates }, signal);
    yield tell("waiting");
    const settled = await poll(
      async () => {
        const now = await certificates.describe(arn);
        return now?.Status === "PENDING_VALIDATION" ? undefined : now;
      },
      paces.certificate,
      signal,
    );
    if (settled?.Status !== "ISSUED") throw notIssued(arn, request, settled ?? (await certificates.describe(arn)));
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new UserError("interrupted", `the certificate for ${request.names[0]} is still being validated`, {
      hint: "the next deployment goes on with it",
      exitCode: 130,
      cause: error,
    });
  }
  yield tell("issued");
  return arn;
}

export function certificateEvent(action: CertificateAction, arn: string, names: string[]): DomainEvent {
  return { type: "certificate", action, arn, names, at: new Date().toISOString() };
}

interface Found {
  arn?: { arn: string; status: string };
  /** ARNs of those that came to nothing. */
  dead: string[];
}

async function findCertificate(request: CertificateRequest, certificates: Certificates): Promise<Found> {
  const { existing, names, place, service, purpose } = request;
  const held = existing === undefined ? undefined : await certificates.describe(existing);
  if (existing !== undefined && held !== undefined && isAlive(held.Status) && servesAll(namesOf(held), names))
    return { arn: { arn: existing, status: held.Status ?? "" }, dead: [] };
  const wanted = new Set(names.map(plainName));
  const sameNames = (given: readonly string[]) =>
    given.length === wanted.size && given.every((each) => wanted.has(each));
  const mayBe = (given: readonly string[]) => given.every((each) => wanted.has(each));
  const all = await certificates.ofOwner({ app: place.app, env: place.env, service }, mayBe);
  const own = all.filter((each) => sameNames(each.names) && (each.purpose ?? purpose) === purpose);
  const alive = own.filter(({ status }) => isAlive(status));
  const best = alive.find(({ status }) => status === "ISSUED") ?? alive[0];
  return {
    ...(best !== undefined && { arn: best }),
    dead: own.filter(({ status }) => !isAlive(status)).map(({ arn }) => arn),
  };
}

function requestCertificate(
  { names, place: { app, env }, service, purpose, tags }: CertificateRequest,
  certificates: Certificates,
  dead: readonly string[],
): Promise<string> {
  return certificates.request(names.map(plainName), { app, env, service }, { purpose, tags, after: dead });
}

/** Writes the records that prove the names to be ours, as soon as ACM says which. */
async function* validate(
  arn: string,
  { place }: CertificateRequest,
  { session, paces, certificates }: DomainTools & { certificates: Certificates },
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const options = await poll(
    async () => {
      const now = await certificates.describe(arn);
      const all = now?.DomainValidationOptions ?? [];
      const isReady = all.length > 0 && all.every(({ ResourceRecord }) => ResourceRecord?.Name !== undefined);
      return isReady || now?.Status === "FAILED" ? all : undefined;
    },
    { ...paces.certificate, most: Math.min(paces.certificate.most, 2 * 60_000) },
    signal,
  );
  const zones = new Zones(session, place, paces.rights);
  yield* writeRecords(validationRecords(options ?? []), { zones, pace: paces.records, signal });
}

/** The records that validate a certificate, each once: a name and its wildcard share one. */
export function validationRecords(
  options: readonly DomainValidation[],
): (WantedRecord & { values: readonly string[] })[] {
  const byName = new Map(
    options.flatMap(({ DomainName = "", ResourceRecord }) => {
      const { Name, Value } = ResourceRecord ?? {};
      if (Name === undefined || Value === undefined) return [];
      const name = plainName(Name);
      return [[name, { name, serves: DomainName, type: "CNAME" as const, values: [Value] }] as const];
    }),
  );
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function notIssued(arn: string, { names, place }: CertificateRequest, now: CertificateDetail | undefined): UserError {
  const of = names[0] ?? arn;
  if (now === undefined)
    return new UserError("certificate/failed", `the certificate for ${of} is gone: ${arn}`, {
      hint: "deploy again: another one is requested",
    });
  if (now.Status !== "PENDING_VALIDATION") {
    const { FailureReason: reason = now.Status ?? "" } = now;
    const { says, hint } = whyNotIssued(reason, place, arn);
    return new UserError("certificate/failed", `the certificate for ${of} was not issued: ${reason}`, {
      hint,
      details: [
        ...says,
        "The next deployment requests another one, for these names:",
        ...names.map((name) => `- ${name}`),
      ],
    });
  }
  const open = (now.DomainValidationOptions ?? []).filter(({ ValidationStatus }) => ValidationStatus !== "SUCCESS");
  return new UserError("certificate/pending", `the certificate for ${of} is still not validated`, {
    hint: digServers(place),
    details: [
      `Amazon has not seen these records. ${areServersRight} The next deployment goes on.`,
      ...validationRecords(open).map(({ name, values }) => `- ${name} CNAME ${values.join(" ")}`),
    ],
  });
}

/** Source: ACM's API reference, CertificateDetail; user guide, "Troubleshoot certificate requests". */
function whyNotIssued(reason: string, place: DomainPlace, arn: string): { says: string[]; hint: string } {
  const hint = `aws acm describe-certificate --certificate-arn ${arn}`;
  switch (reason) {
    case "CAA_ERROR":
      return {
        says: ["A CAA record of one of its names, or of a domain above it, lets no one at Amazon issue certificates."],
        hint: `dig +short CAA ${place.domain}`,
      };
    case "DOMAIN_NOT_ALLOWED":
      return { says: ["Amazon holds one of its names to be unsafe: lists of malware or phishing have it."], hint };
    case "ADDITIONAL_VERIFICATION_REQUIRED":
      return { says: ["Amazon wants to know more before it issues one for such a name: AWS Support takes it."], hint };
    case "VALIDATION_TIMED_OUT":
      return { says: [`Amazon has not seen its records for three days. ${areServersRight}`], hint: digServers(place) };
    default:
      return { says: [], hint };
  }
}

const areServersRight = "Are the domain's name servers those of its hosted zone?";

function digServers(place: DomainPlace): string {
  return `dig +short NS ${zoneNames(place).environment}`;
}
