import type { WorkloadManifest } from "../manifest/load.ts";
import type { Account } from "../providers/account.ts";
import { deployRegional, type InfrastructureEvent } from "./application-infrastructure.ts";
import { UserError } from "../errors.ts";

/** Makes workloads known to their application on AWS, unless they are: an image repository for each in the application's
 *  stack set, then a record. @throws UserError application/not-found, stack-set/*, aws/* */
export async function* registerWorkloads(
  workloads: readonly Pick<WorkloadManifest, "name" | "type">[],
  { app, account }: { app: string; account: Account },
  signal: AbortSignal,
): AsyncGenerator<InfrastructureEvent, void, void> {
  const known = new Set((await account.records.listWorkloads(app)).map(({ name }) => name));
  const missing = workloads.filter(({ name }) => !known.has(name)).map(({ name, type }) => ({ name, type }));
  if (missing.length === 0) return;
  const facts = await account.facts.ofApplication(app);
  if (facts === undefined)
    throw new UserError("application/not-found", `there is no application ${app} on AWS`, {
      hint: `pilotfish app init ${app}`,
    });
  yield* deployRegional({ app, facts, workloads: missing }, { account }, signal);
  if (signal.aborted) return;
  for (const { name, type } of missing) await account.records.putWorkload({ app, name, type });
}
