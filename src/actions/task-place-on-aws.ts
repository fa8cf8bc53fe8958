import type { Account } from "../providers/account.ts";
import type { StackPlace } from "../providers/account/stacks.ts";
import type { TaskPlace } from "../providers/task-groups.ts";
import { placeOf } from "./environment-ready.ts";
import { environmentNotOnAws } from "./manifest-in-account.ts";

/** Where the stacks of task groups of a place are, and what holds for the roles in them.
 *  @throws UserError environment/not-found */
export async function taskPlaceOnAws(
  { app, env }: TaskPlace,
  { records }: Pick<Account, "records">,
): Promise<{ where: StackPlace; executionRoleArn?: string; permissionsBoundary?: string }> {
  if (app === undefined) return { where: {} };
  const { application, environment } = await records.named({ app, env });
  if (environment === undefined) throw environmentNotOnAws(app, env);
  const { permissionsBoundary } = application ?? {};
  return { ...placeOf({ environment }), ...(permissionsBoundary !== undefined && { permissionsBoundary }) };
}
