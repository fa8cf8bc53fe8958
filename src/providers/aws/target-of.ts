import type { Account } from "../account.ts";
import type { EnvironmentRef, ProviderTarget } from "../provider.ts";

/** Where a change is made: in the environment's account and region; in those of the credentials without one, and while there is
 *  none of that name. */
export async function targetOf(
  environment: EnvironmentRef | undefined,
  { identity, records }: Pick<Account, "identity" | "records">,
): Promise<ProviderTarget> {
  const [credentials, record] = await Promise.all([
    identity(),
    environment && records.environment(environment.app, environment.env),
  ]);
  const { accountID = credentials.account, region = credentials.region } = record ?? {};
  return { provider: "aws", label: `account ${accountID}, ${region}` };
}
