import { UserError } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import { deployRegional, deployRoles, type InfrastructureEvent } from "./application-infrastructure.ts";

/** Brings the stacks of an application to the templates of this version; what is in them stays.
 *  @throws UserError application/not-found, stack/*, stack-set/*, interrupted */
export async function* upgradeApplication(
  app: string,
  { account }: { account: Account },
  signal: AbortSignal,
): AsyncGenerator<InfrastructureEvent, void, void> {
  const facts = await account.facts.ofApplication(app);
  if (facts === undefined)
    throw new UserError("application/not-found", `there is no application ${app} on AWS`, {
      hint: `pilotfish app init ${app}`,
    });
  yield* deployRoles({ app, facts }, { account }, signal);
  yield* deployRegional({ app, facts }, { account }, signal);
  if (signal.aborted)
    throw new UserError("interrupted", `interrupted: the application ${app} is not upgraded completely yet`, {
      hint: `pilotfish app upgrade --name ${app}`,
      exitCode: 130,
    });
}
