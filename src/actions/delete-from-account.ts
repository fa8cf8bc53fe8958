import { UserError, shellWord } from "../errors.ts";
import { needs, type Need, withoutWorkload } from "../plan/environment-needs.ts";
import { stackName } from "../plan/names.ts";
import type { Account } from "../providers/account.ts";
import type { EnvironmentRecord } from "../providers/account/records.ts";
import type { DeployStory } from "./deploy-workload.ts";
import type { LockTools } from "./deployment-lock.ts";
import { deleteFromEnvironment } from "./delete-from-environment.ts";
import { environmentNotOnAws } from "./manifest-in-account.ts";
import { placeOf } from "./environment-ready.ts";
import { unregisterWorkload } from "./unregister-workload.ts";

/** A workload on AWS, and what of it goes. */
export interface WorkloadToDelete {
  app: string;
  name: string;
  what: "service" | "job";
  /** Where it is, or where something of it is left. */
  places: PlaceOfWorkload[];
  /** Whether it leaves the application, with its image repository and its record. */
  leaves: boolean;
}

export interface PlaceOfWorkload {
  env: string;
  account: string;
  region: string;
  /** What the environment has for this workload alone, and loses with it. */
  last: Need[];
}

/** What {@link deleteFromAccount} would remove.
 *  @param env absent: all environments, and the application forgets it
 *  @throws UserError environment/not-found, service/not-found, usage/invalid-flag for a job that is called a service */
export async function workloadToDelete(
  { app, env, name, what }: { app: string; env?: string | undefined; name: string; what: "service" | "job" },
  { account }: { account: Account },
): Promise<WorkloadToDelete> {
  const [environments, workloads] = await Promise.all([
    env === undefined ? account.records.listEnvironments(app) : oneEnvironment(app, env, account),
    account.records.listWorkloads(app),
  ]);
  const record = workloads.find((each) => each.name === name);
  const isJob = record?.type === "Scheduled Job";
  if (record !== undefined && isJob !== (what === "job"))
    throw new UserError("usage/invalid-flag", `${name} is a ${record.type}`, {
      hint: `pilotfish ${isJob ? "job" : "svc"} delete --app ${shellWord(app)} --name ${shellWord(name)}`,
    });
  const found = await Promise.all(environments.map((each) => placeIn(each, name, account)));
  const places = found.filter((place) => place !== undefined);
  const leaves = env === undefined;
  if (places.length === 0 && !(leaves && record !== undefined))
    throw new UserError(
      "service/not-found",
      `the application ${app} has no ${what} ${name} on AWS${env === undefined ? "" : ` in ${env}`}`,
      { hint: `pilotfish ${what === "job" ? "job" : "svc"} ls --app ${shellWord(app)}` },
    );
  return { app, name, what, places, leaves };
}

async function oneEnvironment(
  app: string,
  env: string,
  { records }: Pick<Account, "records">,
): Promise<EnvironmentRecord[]> {
  const record = await records.environment(app, env);
  if (record === undefined) throw environmentNotOnAws(app, env);
  return [record];
}

async function placeIn(
  environment: EnvironmentRecord,
  workload: string,
  { stacks }: Pick<Account, "stacks">,
): Promise<PlaceOfWorkload | undefined> {
  const { app, name: env, region, accountID: account } = environment;
  const { where } = placeOf({ environment });
  const [own, around] = await Promise.all([
    stacks.describe(stackName(app, env, workload), where),
    stacks.describe(`${app}-${env}`, where),
  ]);
  const changed = around === undefined ? {} : withoutWorkload(workload, around.parameters);
  if (own === undefined && Object.keys(changed).length === 0) return undefined;
  return { env, account, region, last: needs.filter((need) => changed[need] === "") };
}

/** Removes a workload from where it is, and from its application when that is wanted.
 *  @throws UserError as {@link deleteFromEnvironment} and {@link unregisterWorkload} */
export async function* deleteFromAccount(
  { app, name, what, places, leaves }: WorkloadToDelete,
  tools: LockTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, void, void> {
  for (const { env } of places) yield* deleteFromEnvironment({ app, env, name }, what, tools, signal);
  if (leaves) yield* unregisterWorkload({ app, name }, tools, signal);
}
