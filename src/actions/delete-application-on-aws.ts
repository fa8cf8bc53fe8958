import type { Account } from "../providers/account.ts";
import type { StackDescription } from "../providers/account/stacks.ts";
import { type ApplicationInAccount, applicationInAccount } from "./application-in-account.ts";
import { rolesStackName, stackSetName } from "./application-stacks.ts";
import { deleteEnvironment, environmentToDelete } from "./delete-environment.ts";
import { deleteFromEnvironment, refuseInterrupted } from "./delete-from-environment.ts";
import type { DeployStory } from "./deploy-workload.ts";
import type { LockTools } from "./deployment-lock.ts";
import { emptyRegion } from "./leave-region.ts";
import { pipelineStacks } from "./pipeline-stacks.ts";

/** What an account has of an application, all of which goes. */
export interface ApplicationOnAws extends ApplicationInAccount {
  app: string;
  pipelines: StackDescription[];
}

/** Undefined when the account has no such application. */
export async function applicationOnAws(
  app: string,
  { account }: { account: Account },
): Promise<ApplicationOnAws | undefined> {
  const found = await applicationInAccount(app, account);
  return found && { app, ...found, pipelines: await pipelineStacks(app, account) };
}

/** Removes an application from AWS: its pipelines first, so that nothing is deployed meanwhile, its workloads, its
 *  environments, what it has in each region, its roles, and last its records, so that a removal that was interrupted is
 *  finished by the next one. Secrets stay, as with Copilot.
 *  @throws UserError as {@link deleteFromEnvironment} and {@link deleteEnvironment} */
export async function* deleteApplicationOnAws(
  { app, environments, workloads, deployed, pipelines }: ApplicationOnAws,
  tools: LockTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, void, void> {
  const { account } = tools;
  const check = () => refuseInterrupted(signal, `application ${app}`);
  for (const { name, tags } of pipelines) {
    yield* account.stacks.delete({ name, where: {} }, signal);
    check();
    yield { type: "deleted", what: "pipeline", name: tags["copilot-pipeline"] ?? name };
  }
  const isJob = (name: string) => workloads.find((each) => each.name === name)?.type === "Scheduled Job";
  for (const { env, name } of deployed)
    yield* deleteFromEnvironment({ app, env, name }, isJob(name) ? "job" : "service", tools, signal);
  for (const { name: env } of environments)
    yield* deleteEnvironment(await environmentToDelete({ app, env }, tools), tools, signal);
  const set = stackSetName(app);
  const regions = new Set((await account.stackSets.listStacks(set)).map(({ region }) => region));
  for (const region of regions) yield* emptyRegion(app, region, account, signal);
  check();
  yield* account.stackSets.delete(set, signal);
  check();
  yield* account.stacks.delete({ name: rolesStackName(app), where: {} }, signal);
  check();
  for (const lock of await account.locks.list({ app })) {
    await account.locks.free(lock);
    yield { type: "deleted", what: "lock", env: lock.env, name: lock.workload ?? lock.env };
  }
  for (const { name } of workloads) await account.records.deleteWorkload(app, name);
  await account.records.deleteApplication(app);
  yield { type: "deleted", what: "record", name: `/copilot/applications/${app}` };
}
