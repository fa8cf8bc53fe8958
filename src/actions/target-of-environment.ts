import type { Account } from "../providers/account.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { ProviderTarget } from "../providers/provider.ts";

/** Where a change is made: in the environment's account and region, which may be others than those of the credentials. While
 *  they are not known, as when there is no such environment, those are told.
 *  @param facts on their way */
export async function targetOfEnvironment(
  facts: Promise<Pick<GatheredFacts, "environment"> | undefined>,
  { identity }: Pick<Account, "identity">,
): Promise<ProviderTarget> {
  const [{ account, region }, environment] = await Promise.all([
    identity(),
    facts.then(
      (gathered) => gathered?.environment,
      () => undefined,
    ),
  ]);
  return { provider: "aws", label: `account ${environment?.accountID ?? account}, ${environment?.region ?? region}` };
}
