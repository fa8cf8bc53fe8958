import { UserError } from "../errors.ts";
import type { DomainEvent } from "../providers/account/domains.ts";
import { parametersForNames, settleNames } from "./environment-domain.ts";
import type { WorkloadManifest } from "../manifest/load.ts";
import { needParameters, needsOf } from "../plan/environment-needs.ts";
import type { EnvironmentLocks } from "./environment-locks.ts";
import type { LockEvent, LockTools } from "./deployment-lock.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { StackDescription, StackEvent, StackPlace } from "../providers/account/stacks.ts";

/** Where the stacks of an environment are asked for, and with whose rights CloudFormation makes them. */
export function placeOf({ environment }: Pick<GatheredFacts, "environment">): {
  where: StackPlace;
  executionRoleArn: string;
} {
  const { region, managerRoleARN, executionRoleARN } = environment;
  return { where: { region, managerRoleArn: managerRoleARN }, executionRoleArn: executionRoleARN };
}

/** Has the environment make what a workload needs of it: a load balancer, NAT gateways, a file system. Its template stays
 *  as it is deployed; only the parameters that name workloads change. Names of other workloads stay. The locks are taken when
 *  there is something to do, and are the caller's to give back.
 *  @returns whether the environment was changed, so that what is known of it is old
 *  @throws UserError environment/not-deployed, deploy/busy, and as {@link Stacks.deploy} */
export async function* makeEnvironmentReady(
  manifest: WorkloadManifest,
  gathered: GatheredFacts,
  { account, app, env, locks }: Pick<LockTools, "account"> & { env: string; app: string; locks: EnvironmentLocks },
  signal: AbortSignal,
): AsyncGenerator<StackEvent | LockEvent | DomainEvent, boolean, void> {
  if (missingIn(gathered.environmentStack, manifest, { app, env }) === undefined) return false;
  yield* locks.take(signal);
  const { where, executionRoleArn } = placeOf(gathered);
  // Another workload's deployment may have changed it meanwhile.
  const stack = await account.stacks.describe(`${app}-${env}`, where);
  const parameters = missingIn(stack, manifest, { app, env });
  if (stack === undefined || parameters === undefined) return true;
  const { name, tags } = stack;
  const forNames = yield* parametersForNames(stack, parameters, gathered, account, signal);
  const changed = { ...parameters, ...forNames };
  const done = yield* account.stacks.deploy(
    { name, parameters: changed, keepsParameters: true, tags, where, executionRoleArn, whenBusy: "wait" },
    signal,
  );
  if (done.stack !== undefined) yield* settleNames(stack, done.stack, gathered, account, signal);
  return true;
}

/** The parameters of the environment's stack that have to change for a workload; undefined when none has to. */
function missingIn(
  stack: StackDescription | undefined,
  manifest: WorkloadManifest,
  { app, env }: { app: string; env: string },
): Record<string, string> | undefined {
  const notDeployed = (message: string) =>
    new UserError("environment/not-deployed", message, { hint: `pilotfish env deploy --name ${env}` });
  if (stack === undefined || stack.parameters["ALBWorkloads"] === undefined)
    throw notDeployed(`the environment ${env} of ${app} is not deployed yet`);
  const wanted = needParameters([needsOf(manifest)], stack.parameters);
  const changed = Object.entries(wanted).filter(([name, value]) => isOther(stack.parameters[name], value));
  const unknown = changed.find(([name]) => stack.parameters[name] === undefined);
  if (unknown !== undefined)
    throw notDeployed(`the environment ${env} was deployed by a version that knows no ${unknown[0]}`);
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

/** Lists of names are the same in any order, and so are texts of JSON in any layout. */
function isOther(now: string | undefined, value: string): boolean {
  if (now === undefined) return value !== "";
  return now !== value && parts(now) !== parts(value);
}

function parts(value: string): string {
  if (value.startsWith("{")) return JSON.stringify(JSON.parse(value));
  return value.split(",").toSorted().join(",");
}
