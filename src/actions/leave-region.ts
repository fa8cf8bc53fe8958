import { UserError } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import type { EnvironmentRecord } from "../providers/account/records.ts";
import { deployRegional, deployRoles } from "./application-infrastructure.ts";
import { stackSetName } from "./application-stacks.ts";
import type { DeployStory } from "./deploy-workload.ts";
import { pipelineStacks } from "./pipeline-stacks.ts";
import { emptyRepositories } from "./unregister-workload.ts";

/** Takes the region of an environment that goes out of the application's stack set, unless another environment is there or a
 *  pipeline keeps its files there; and its account, unless another environment is in it.
 *  @throws UserError bucket/not-emptied, repository/not-emptied, stack-set/* */
export async function* leaveRegion(
  { app, name, region, accountID }: EnvironmentRecord,
  { account }: { account: Account },
  signal: AbortSignal,
): AsyncGenerator<DeployStory, void, void> {
  const [environments, home] = await Promise.all([account.records.listEnvironments(app), account.identity()]);
  const others = environments.filter((each) => each.name !== name);
  const isHome = region === home.region;
  const keepsRegion =
    others.some((each) => each.region === region) || (isHome && (await pipelineStacks(app, account)).length > 0);
  if (!keepsRegion) {
    const set = stackSetName(app);
    const isThere = (await account.stackSets.listStacks(set)).some((each) => each.region === region);
    if (isThere) {
      yield* emptyRegion(app, region, account, signal);
      yield* account.stackSets.removeStack({ name: set, account: home.account, region }, signal);
    }
  }
  const keepsAccount = accountID === home.account || others.some((each) => each.accountID === accountID);
  if (keepsAccount || signal.aborted) return;
  const known = await account.facts.ofApplication(app);
  if (known === undefined) return;
  const environmentsLeft = Object.entries(known.environments ?? {}).filter(([each]) => each !== name);
  const facts = { ...known, environments: Object.fromEntries(environmentsLeft) };
  const request = { app, facts, without: { account: accountID } };
  yield* deployRoles(request, { account }, signal);
  yield* deployRegional(request, { account }, signal);
}

/** Empties what CloudFormation deletes only when it is empty: the bucket for files, and the image repositories. */
export async function* emptyRegion(
  app: string,
  region: string,
  account: Account,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, void, void> {
  const [bucket, facts] = await Promise.all([bucketIn(app, region, account), account.facts.ofApplication(app)]);
  if (bucket !== undefined) yield* account.sites.empty({ bucket, where: { region } }, signal);
  const names = facts?.stackSet?.workloads.filter(({ withECR }) => withECR).map(({ name }) => `${app}/${name}`) ?? [];
  yield* emptyRepositories(names, [region], account, signal);
}

/** Undefined for a stack of the set that never came to be. */
async function bucketIn(app: string, region: string, { facts }: Account): Promise<string | undefined> {
  try {
    return (await facts.artifacts(app, region)).bucket;
  } catch (error) {
    if (error instanceof UserError && ["artifacts/no-bucket", "application/not-found"].includes(error.code))
      return undefined;
    throw error;
  }
}
