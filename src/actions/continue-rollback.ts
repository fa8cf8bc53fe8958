import { UserError } from "../errors.ts";
import { stackName } from "../plan/names.ts";
import type { Account } from "../providers/account.ts";
import type { Provider } from "../providers/provider.ts";
import type { DeployStory } from "./deploy-workload.ts";

export interface RollbackToContinue {
  app: string;
  env: string;
  /** Of a workload; absent: the environment's own stack. */
  name?: string;
  skip: readonly string[];
}

/** Goes on with the rollback of the stack of a workload or an environment.
 *  @throws UserError environment/not-found, stack/not-found, stack/refused, stack/rollback-failed */
export async function* continueRollback(
  { app, env, name: workload, skip }: RollbackToContinue,
  { account, provider }: { account: Account; provider: Provider },
  signal: AbortSignal,
): AsyncGenerator<DeployStory, { outcome: "rolled-back" | "interrupted"; stack: string }, void> {
  const target = await provider.target({ app, env });
  yield { type: "target", app, env, ...(workload !== undefined && { name: workload }), target };
  const environment = await account.records.environment(app, env);
  if (environment === undefined)
    throw new UserError("environment/not-found", `the application ${app} has no environment ${env} on AWS`, {
      hint: `pilotfish env ls -a ${app}`,
    });
  const { region, managerRoleARN, executionRoleARN: executionRoleArn } = environment;
  const stack = workload === undefined ? `${app}-${env}` : stackName(app, env, workload);
  const where = { region, managerRoleArn: managerRoleARN };
  const { outcome } = yield* account.stacks.continueRollback({ name: stack, where, executionRoleArn, skip }, signal);
  return { outcome, stack };
}
