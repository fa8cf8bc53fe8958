import { UserError } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import type { ArtifactPlace } from "../providers/account/artifacts.ts";
import type { Provider, WorkloadRef } from "../providers/provider.ts";
import { accountHistory, type KnownDeployment, localHistory } from "./past-deployments.ts";

export interface HistoryTools {
  provider: Provider;
  /** Asked for where the environment is on AWS. */
  account: () => Promise<Account>;
}

/** The deployments of a workload, newest first.
 *  @throws UserError service/not-found, environment/not-found, application/not-found, aws/* */
export async function workloadHistory(
  workload: WorkloadRef,
  { limit }: { limit?: number },
  { provider, account: open }: HistoryTools,
): Promise<KnownDeployment[]> {
  if (provider.kind === "local") return (await localHistory(workload, provider)).slice(0, limit);
  const account = await open();
  const where = await historyPlace(workload, account);
  const entries = await accountHistory(workload, { account, where, ...(limit !== undefined && { limit }) });
  if (entries.length > 0) return entries;
  const { app, env, name } = workload;
  throw new UserError("service/not-found", `${name} of the application ${app} has never been deployed to ${env}`, {
    hint: `pilotfish svc deploy -a ${app} -n ${name} -e ${env}`,
  });
}

/** Where the application keeps what it remembers of an environment.
 *  @throws UserError environment/not-found, application/not-found */
async function historyPlace({ app, env }: WorkloadRef, account: Account): Promise<ArtifactPlace> {
  const environment = await account.records.environment(app, env);
  if (environment === undefined)
    throw new UserError("environment/not-found", `the application ${app} has no environment ${env} on AWS`, {
      hint: `pilotfish env init -a ${app} -n ${env}`,
    });
  const { region } = environment;
  return { ...(await account.facts.artifacts(app, region)), region };
}
