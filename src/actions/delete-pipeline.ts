import type { Account } from "../providers/account.ts";
import type { DeployedPipeline } from "../providers/account/pipelines.ts";
import type { StackEvent } from "../providers/account/stacks.ts";

/** The secret of Secrets Manager from which a pipeline has the token for its source; undefined: it needs none. */
export async function sourceSecret(
  { stack }: DeployedPipeline,
  { account }: { account: Account },
): Promise<string | undefined> {
  const text = await account.stacks.template(stack, {});
  return /\{\{resolve:secretsmanager:([^:}]+)/.exec(text)?.[1];
}

/** Deletes a pipeline's stack, and with it what the stack has made: roles, build projects, a connection.
 *  @throws UserError stack/delete-failed, aws/* */
export async function* deletePipeline(
  { stack }: DeployedPipeline,
  { account }: { account: Account },
  signal: AbortSignal,
): AsyncGenerator<StackEvent, void, void> {
  yield* account.stacks.delete({ name: stack, where: {} }, signal);
}
