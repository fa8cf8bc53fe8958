import type { WorkloadManifest } from "../manifest/load.ts";
import type { Account } from "../providers/account.ts";
import { deployRegional, type InfrastructureEvent } from "./application-infrastructure.ts";
import { UserError } from "../errors.ts";

/** Makes a workload known to its application on AWS, unless it is: an image repository in the application's stack set, then its
 *  record. @throws UserError application/not-found, stack-set/*, aws/* */
export async function* registerWorkload(
  { name, type }: Pick<WorkloadManifest, "name" | "type">,
  { app, account }: { app: string; account: Account },
  signal: AbortSignal,
): AsyncGenerator<InfrastructureEvent, void, void> {
  const known = await account.records.listWorkloads(app);
  if (known.some((record) => record.name === name)) return;
  const facts = await account.facts.ofApplication(app);
  if (facts === undefined)
    throw new UserError("application/not-found", `there is no application ${app} on AWS`, {
      hint: `pilotfish app init ${app}`,
    });
  yield* deployRegional({ app, facts, workloads: [{ name, type }] }, { account }, signal);
  if (!signal.aborted) await account.records.putWorkload({ app, name, type });
}
