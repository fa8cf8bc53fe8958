import { UserError } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import { deployRegional, deployRoles, type InfrastructureEvent } from "./application-infrastructure.ts";

export interface NewApplication {
  app: string;
  /** A domain whose hosted zone is in the same account. */
  domain?: string | undefined;
  /** The name of a policy that bounds every role. */
  permissionsBoundary?: string | undefined;
  tags?: Readonly<Record<string, string>> | undefined;
}

/** Makes an application on AWS: its roles, its stack set, its record. What is there already is brought to what it should be,
 *  so that one that was interrupted is finished by the next run.
 *  @returns whether its record was new @throws UserError application/exists, domain/zone-not-found, stack/*, stack-set/*, aws/* */
export async function* createApplication(
  { app, domain, permissionsBoundary, tags }: NewApplication,
  { account }: { account: Account },
  signal: AbortSignal,
): AsyncGenerator<InfrastructureEvent, "created" | "there", void> {
  const { account: id, region, partition } = await account.identity();
  const known = await account.facts.ofApplication(app);
  refuseOther("--domain", domain, known?.domain, app, known !== undefined);
  refuseOther("--permissions-boundary", permissionsBoundary, known?.permissionsBoundary, app, known !== undefined);
  if (known !== undefined && known.account !== id)
    throw new UserError(
      "application/exists",
      `the application ${app} belongs to the account ${known.account}, not to ${id}`,
      {
        hint: "choose the profile of that account, or another name",
      },
    );
  const zone = domain === undefined ? known?.domainHostedZoneId : await zoneOf(domain, account);
  const facts = {
    account: id,
    region,
    partition,
    ...(domain !== undefined && { domain }),
    ...(zone !== undefined && { domainHostedZoneId: zone }),
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
    ...known,
    tags: { ...known?.tags, ...tags },
  };
  yield* deployRoles({ app, facts }, { account }, signal);
  yield* deployRegional({ app, facts }, { account }, signal);
  if (signal.aborted) throw interrupted(app);
  await account.records.putApplication(
    {
      name: app,
      account: id,
      ...(facts.permissionsBoundary !== undefined && { permissionsBoundary: facts.permissionsBoundary }),
      ...(facts.domain !== undefined && { domain: facts.domain, domainHostedZoneID: zone ?? "" }),
      version: "1.0",
      ...(Object.keys(facts.tags).length > 0 && { tags: facts.tags }),
    },
    { overwrite: true },
  );
  return known === undefined ? "created" : "there";
}

async function zoneOf(domain: string, account: Account): Promise<string> {
  const zone = await account.domains.hostedZone(domain);
  if (zone !== undefined) return zone;
  throw new UserError("domain/zone-not-found", `this account has no public hosted zone ${domain} in Route 53`, {
    hint: `aws route53 create-hosted-zone --name ${domain} --caller-reference pilotfish-${domain}`,
  });
}

/** What an application was made with, it keeps. */
function refuseOther(
  flag: string,
  given: string | undefined,
  known: string | undefined,
  app: string,
  exists: boolean,
): void {
  if (!exists || given === undefined || given === known) return;
  const has = known === undefined ? "has none" : `has ${known}`;
  throw new UserError("application/exists", `${flag} ${given}: the application ${app} is there already, and ${has}`, {
    hint: `pilotfish app show --name ${app}`,
  });
}

function interrupted(app: string): UserError {
  return new UserError("interrupted", `interrupted: the application ${app} is not complete yet`, {
    hint: `pilotfish app init ${app}`,
    exitCode: 130,
  });
}
