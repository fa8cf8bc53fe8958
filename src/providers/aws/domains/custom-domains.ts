import {
  AppRunnerClient,
  AssociateCustomDomainCommand,
  type CustomDomain,
  DescribeCustomDomainsCommand,
  type DescribeCustomDomainsCommandOutput,
  DisassociateCustomDomainCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-apprunner";
import { UserError } from "../../../errors.ts";
import { plainName } from "../../../plan/domain-names.ts";
import type { CustomDomainRequest, DomainEvent } from "../../account/domains.ts";
import type { DomainTools } from "./tools.ts";
import { poll, withNewRights } from "./poll.ts";
import type { WantedRecord } from "./record-changes.ts";
import { removeRecords, writeRecords } from "./write-records.ts";
import { environmentSession, Zones } from "./zones.ts";

interface KnownDomain {
  domain: CustomDomain;
  /** Where the name has to lead. */
  target: string;
}

/** As the contract says. */
export async function* associate(
  request: CustomDomainRequest,
  { session, paces }: DomainTools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const { place, serviceArn: ServiceArn, name } = request;
  const client = environmentSession(session, place).client(AppRunnerClient);
  const known = await withNewRights(() => find(client, request), paces.rights);
  const status = known?.domain.Status?.toLowerCase();
  if (status === "active") return;
  // A name that came to nothing, or is still going, can be given again once it is gone.
  const isOver = status === "create_failed" || status === "deleting";
  if (isOver) yield* disassociate(request, { session, paces }, signal);
  if (known === undefined || isOver) {
    const command = new AssociateCustomDomainCommand({ ServiceArn, DomainName: name, EnableWWWSubdomain: false });
    await client.send(command);
    yield event("associated", name, "creating");
  }
  // App Runner says a little later which records its certificate asks for.
  const ready = await poll(
    async () => {
      const now = await find(client, request);
      const needsNoMore = now?.domain.Status?.toLowerCase() !== "creating";
      return now !== undefined && (needsNoMore || recordsOf(now).length > 1) ? now : undefined;
    },
    paces.customDomain,
    signal,
  );
  const zones = new Zones(session, place, paces.rights);
  yield* writeRecords(ready === undefined ? [] : recordsOf(ready), { zones, pace: paces.records, signal });
  const settled = await poll(
    async () => {
      const now = (await find(client, request))?.domain.Status?.toLowerCase();
      return now === "active" || now === "create_failed" ? now : undefined;
    },
    paces.customDomain,
    signal,
  );
  if (settled === "create_failed")
    throw new UserError("custom-domain/failed", `App Runner does not take the name ${name}`, {
      hint: `aws apprunner describe-custom-domains --service-arn ${ServiceArn}`,
    });
  yield settled === undefined ? event("waiting", name, "pending") : event("associated", name, settled);
}

/** As the contract says. */
export async function* disassociate(
  request: CustomDomainRequest,
  { session, paces }: DomainTools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const { place, serviceArn: ServiceArn, name } = request;
  const client = environmentSession(session, place).client(AppRunnerClient);
  const known = await find(client, request);
  if (known === undefined) return;
  const records = recordsOf(known).map((each) => ({ ...each, ours: each.values }));
  if (known.domain.Status?.toLowerCase() !== "deleting")
    await client.send(new DisassociateCustomDomainCommand({ ServiceArn, DomainName: name }));
  const zones = new Zones(session, place, paces.rights);
  yield* removeRecords(records, { zones, pace: paces.records, signal });
  const isGone = await poll(
    async () => ((await find(client, request)) === undefined ? true : undefined),
    paces.customDomain,
    signal,
  );
  yield event(isGone === true ? "disassociated" : "waiting", name, isGone === true ? "" : "deleting");
}

/** As the contract says. */
export async function associated(
  { place, serviceArn: ServiceArn }: Omit<CustomDomainRequest, "name">,
  { session }: DomainTools,
): Promise<string[]> {
  const client = environmentSession(session, place).client(AppRunnerClient);
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await describe(client, { ServiceArn, ...(NextToken !== undefined && { NextToken }) });
    names.push(...(page?.CustomDomains ?? []).map(({ DomainName = "" }) => DomainName));
    NextToken = page?.NextToken;
  } while (NextToken !== undefined);
  return names;
}

/** Undefined: the service does not have the name, or is not there. */
async function find(
  client: AppRunnerClient,
  { serviceArn: ServiceArn, name }: CustomDomainRequest,
): Promise<KnownDomain | undefined> {
  let NextToken: string | undefined;
  do {
    const page = await describe(client, { ServiceArn, ...(NextToken !== undefined && { NextToken }) });
    const domain = page?.CustomDomains?.find(({ DomainName = "" }) => plainName(DomainName) === plainName(name));
    if (domain !== undefined) return { domain, target: page?.DNSTarget ?? "" };
    NextToken = page?.NextToken;
  } while (NextToken !== undefined);
  return undefined;
}

async function describe(
  client: AppRunnerClient,
  input: { ServiceArn: string; NextToken?: string },
): Promise<DescribeCustomDomainsCommandOutput | undefined> {
  try {
    return await client.send(new DescribeCustomDomainsCommand(input));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** The name itself, and what validates its certificate. */
function recordsOf({ domain, target }: KnownDomain): (WantedRecord & { type: "CNAME"; values: readonly string[] })[] {
  const { DomainName = "", CertificateValidationRecords = [] } = domain;
  const name = plainName(DomainName);
  const validations = CertificateValidationRecords.flatMap(({ Name, Value }) =>
    Name === undefined || Value === undefined ? [] : [{ name: plainName(Name), value: Value }],
  );
  return [{ name, value: target }, ...validations].map((each) => ({
    name: each.name,
    serves: name,
    type: "CNAME" as const,
    values: [each.value],
  }));
}

function event(action: "associated" | "disassociated" | "waiting", name: string, status: string): DomainEvent {
  return { type: "custom-domain", action, name, status, at: new Date().toISOString() };
}
