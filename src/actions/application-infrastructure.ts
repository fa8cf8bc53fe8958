import { type Leaving, planApplication } from "../plan/application-plan.ts";
import { UserError } from "../errors.ts";
import type { ApplicationFacts } from "../cloudformation/facts.ts";
import type { Account } from "../providers/account.ts";
import type { StackSetEvent } from "../providers/account/stack-sets.ts";
import { applicationStacks } from "./application-stacks.ts";
import { updateStack, type StackUpdateEvent } from "./update-stack.ts";

export interface InfrastructureRequest {
  app: string;
  facts: ApplicationFacts;
  /** What is to be there beside what is: workloads with their types, accounts of environments. */
  workloads?: readonly { name: string; type: string }[];
  accounts?: readonly string[];
  /** What goes. */
  without?: Leaving;
}

export type InfrastructureEvent = StackUpdateEvent | StackSetEvent;

/** Brings the stack with an application's roles to what it should be. */
export async function* deployRoles(
  request: InfrastructureRequest,
  { account }: { account: Account },
  signal: AbortSignal,
): AsyncGenerator<InfrastructureEvent, void, void> {
  const { roles } = infrastructureOf(request);
  yield* updateStack({ stack: roles, where: {} }, { account }, signal);
}

/** Brings an application's stack set to what it should be. What is in it stays: workloads and environments may be those of
 *  another repository. When somebody else changes it at the same time, it is read anew. */
export async function* deployRegional(
  request: InfrastructureRequest,
  { account }: { account: Account },
  signal: AbortSignal,
): AsyncGenerator<InfrastructureEvent, void, void> {
  const { app } = request;
  for (let facts = request.facts, attempt = 1; ; attempt++) {
    const plan = planOf({ ...request, facts });
    const { regional } = applicationStacks(plan, facts);
    const { partition = "aws" } = facts;
    try {
      yield* account.stackSets.deploy(
        {
          ...regional,
          administrationRoleArn: `arn:${partition}:iam::${facts.applicationAccount ?? facts.account}:role/${app}-adminrole`,
          executionRoleName: `${app}-executionrole`,
          operationId: String(plan.version),
          ...(Buffer.byteLength(regional.text) > mostInline && { bucket: await someBucket(request, account) }),
        },
        signal,
      );
      return;
    } catch (error) {
      const changed = error instanceof UserError && error.code === "stack-set/changed";
      if (!changed || attempt === 5) throw error;
      facts = { ...facts, ...(await account.facts.ofApplication(app)) };
    }
  }
}

/** CloudFormation takes larger templates from a bucket alone. Source: CloudFormation's quotas. */
const mostInline = 51_200;

/** One of the application's buckets, that of its own region when there is one.
 *  @throws UserError application/not-found: an application without an environment has none */
async function someBucket(
  { app }: InfrastructureRequest,
  { facts, identity, records }: Pick<Account, "facts" | "identity" | "records">,
): Promise<{ name: string; region: string }> {
  const { region: own } = await identity();
  const environments = await records.listEnvironments(app);
  const regions = environments.map(({ region }) => region).toSorted((a, b) => Number(b === own) - Number(a === own));
  const [region = own] = regions;
  const { bucket } = await facts.artifacts(app, region);
  return { name: bucket, region };
}

/** What they are to be. */
export function infrastructureOf(request: InfrastructureRequest): ReturnType<typeof applicationStacks> {
  return applicationStacks(planOf(request), request.facts);
}

function planOf({ app, facts, workloads = [], accounts = [], without }: InfrastructureRequest) {
  const { account: ofFacts, applicationAccount: own = ofFacts } = facts;
  const { applicationParameters: deployed = {}, environments = {} } = facts;
  const { domain = deployed["AppDomainName"] || undefined } = facts;
  const { domainHostedZoneId = deployed["AppDomainHostedZoneID"] ?? "" } = facts;
  return planApplication({
    app,
    account: own,
    ...(domain !== undefined && { domain: { name: domain, hostedZoneId: domainHostedZoneId } }),
    accounts: [...Object.values(environments).map(({ account }) => account), ...accounts],
    workloads,
    ...(facts.stackSet && { deployed: facts.stackSet }),
    ...(without && { without }),
    delegated: deployed["AppDNSDelegatedAccounts"]?.match(/\d{12}/g) ?? [],
  });
}
