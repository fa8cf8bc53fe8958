import type { WorkloadToMakeFor } from "./make-for-workloads.ts";
import type { Account } from "../providers/account.ts";
import { deployRegional, type InfrastructureEvent } from "./application-infrastructure.ts";
import { UserError } from "../errors.ts";

/** Makes workloads known to their application on AWS, unless they are: an image repository for each in the application's
 *  stack set, then a record. @throws UserError application/not-found, stack-set/*, aws/* */
export async function* registerWorkloads(
  workloads: readonly WorkloadToMakeFor[],
  { app, account }: { app: string; account: Account },
  signal: AbortSignal,
): AsyncGenerator<InfrastructureEvent, void, void> {
  const missing = workloads
    .filter(({ gathered }) => gathered.workload === undefined)
    .map(({ checked: { manifest } }) => ({ name: manifest.name, type: manifest.type }));
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
