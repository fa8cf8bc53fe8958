import {
  ACMClient,
  type CertificateDetail,
  type CertificateSummary,
  type DomainValidation,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  KeyAlgorithm,
  ListCertificatesCommand,
  ListTagsForCertificateCommand,
  RequestCertificateCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from "@aws-sdk/client-acm";
import { createHash } from "node:crypto";
import { covers, plainName } from "../../../plan/domain-names.ts";
import type { CertificatePurpose } from "../../account/domains.ts";
import type { AwsSession } from "../session.ts";
import { type Pace, withNewRights } from "./poll.ts";

/** Whose certificates. */
export interface CertificateOwner {
  app: string;
  env: string;
  service?: string | undefined;
}

/** A certificate that was requested for an environment or a service. */
export interface OwnCertificate {
  arn: string;
  names: string[];
  status: string;
  validations: DomainValidation[];
  /** Absent: Copilot's functions made it. */
  purpose?: string;
}

const purposeTag = "pilotfish-purpose";

/** The certificates of one region, in the environment's account. */
export class Certificates {
  readonly #acm: ACMClient;
  readonly #rights: Pace;

  constructor(session: AwsSession, rights: Pace) {
    this.#acm = session.client(ACMClient);
    this.#rights = rights;
  }

  /** Undefined: there is none. */
  async describe(arn: string): Promise<CertificateDetail | undefined> {
    try {
      const command = new DescribeCertificateCommand({ CertificateArn: arn });
      return (await withNewRights(() => this.#acm.send(command), this.#rights)).Certificate;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  /** All that ACM issued or is asked to. */
  async all(): Promise<CertificateSummary[]> {
    const found: CertificateSummary[] = [];
    let NextToken: string | undefined;
    do {
      const list = new ListCertificatesCommand({
        MaxItems: 1000,
        // Without being asked, ACM lists those of RSA alone.
        Includes: { keyTypes: Object.values(KeyAlgorithm) },
        ...(NextToken !== undefined && { NextToken }),
      });
      const page = await withNewRights(() => this.#acm.send(list), this.#rights);
      found.push(...(page.CertificateSummaryList ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return found;
  }

  /** Those that were requested for an owner, told by their tags. What a stack made belongs to it, though it has the same tags.
   *  @param isCandidate spares questions for those that cannot be meant; a list does not name all of a certificate's names */
  async ofOwner(
    owner: CertificateOwner,
    isCandidate: (someNames: readonly string[]) => boolean,
    known?: readonly CertificateSummary[],
  ): Promise<OwnCertificate[]> {
    const candidates = (known ?? (await this.all())).filter((each) => isCandidate(namesOf(each)));
    const found = candidates.map(async ({ CertificateArn: arn = "" }): Promise<OwnCertificate[]> => {
      const [tags, detail] = await Promise.all([this.#tags(arn), this.describe(arn)]);
      if (detail === undefined || !isOwn(tags, owner)) return [];
      return [{ ...ownCertificate(arn, detail), ...(tags[purposeTag] !== undefined && { purpose: tags[purposeTag] }) }];
    });
    return (await Promise.all(found)).flat();
  }

  async #tags(arn: string): Promise<Record<string, string>> {
    try {
      const { Tags = [] } = await this.#acm.send(new ListTagsForCertificateCommand({ CertificateArn: arn }));
      return Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return {};
      throw error;
    }
  }

  /** The ARN. Asked for the same twice within an hour, ACM answers with the same one.
   *  @param after ARNs of certificates that came to nothing: for them it is another question */
  async request(
    names: readonly string[],
    owner: CertificateOwner,
    { purpose, tags = {}, after }: RequestDetails,
  ): Promise<string> {
    // A certificate's own name takes no more than 64 characters.
    const name = names.find((each) => each.length <= 64) ?? names[0] ?? "";
    const others = names.filter((each) => each !== name);
    const token = createHash("sha256").update(JSON.stringify([owner, purpose, names.toSorted(), after.toSorted()]));
    const all: Record<string, string> = {
      ...tags,
      "copilot-application": owner.app,
      "copilot-environment": owner.env,
      ...(owner.service !== undefined && { "copilot-service": owner.service }),
      [purposeTag]: purpose,
    };
    const { CertificateArn = "" } = await this.#acm.send(
      new RequestCertificateCommand({
        DomainName: name,
        ...(others.length > 0 && { SubjectAlternativeNames: others }),
        ValidationMethod: "DNS",
        IdempotencyToken: token.digest("hex").slice(0, 32),
        Tags: Object.entries(all).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    return CertificateArn;
  }

  /** False: something uses it. One that is not there is no error. */
  async delete(arn: string): Promise<boolean> {
    try {
      await this.#acm.send(new DeleteCertificateCommand({ CertificateArn: arn }));
    } catch (error) {
      if (error instanceof ResourceInUseException) return false;
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
    return true;
  }
}

interface RequestDetails {
  purpose: CertificatePurpose;
  tags?: Readonly<Record<string, string>> | undefined;
  after: readonly string[];
}

function isOwn(tags: Readonly<Record<string, string>>, { app, env, service }: CertificateOwner): boolean {
  return (
    tags["copilot-application"] === app &&
    tags["copilot-environment"] === env &&
    tags["copilot-service"] === service &&
    !Object.keys(tags).some((key) => key.startsWith("aws:cloudformation:"))
  );
}

export function ownCertificate(arn: string, detail: CertificateDetail): OwnCertificate {
  return {
    arn,
    names: namesOf(detail),
    status: detail.Status ?? "",
    validations: detail.DomainValidationOptions ?? [],
  };
}

export function namesOf(certificate: {
  DomainName?: string | undefined;
  SubjectAlternativeNames?: string[] | undefined;
  SubjectAlternativeNameSummaries?: string[] | undefined;
}): string[] {
  const { DomainName = "", SubjectAlternativeNames = [], SubjectAlternativeNameSummaries = [] } = certificate;
  return [
    ...new Set([DomainName, ...SubjectAlternativeNames, ...SubjectAlternativeNameSummaries].map(plainName)),
  ].toSorted();
}

export function servesAll(certified: readonly string[], names: readonly string[]): boolean {
  return names.every((name) => covers(certified, name));
}

/** Whether a certificate can still come to something. */
export function isAlive(status: string | undefined): boolean {
  return status === "ISSUED" || status === "PENDING_VALIDATION";
}
