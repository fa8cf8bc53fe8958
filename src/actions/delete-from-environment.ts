import { UserError } from "../errors.ts";
import { stackName } from "../plan/names.ts";
import type { Account } from "../providers/account.ts";
import type { DomainPlace } from "../providers/account/domains.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { WorkloadRef } from "../providers/provider.ts";
import type { DeployStory } from "./deploy-workload.ts";
import { DeploymentLock, type LockTools } from "./deployment-lock.ts";
import { domainPlaceOf, ownDomainPlaceOf } from "./domain-place.ts";
import { placeOf } from "./environment-ready.ts";
import { leaveEnvironment } from "./leave-environment.ts";
import { removeWorkloadCertificates, removeWorkloadNames } from "./remove-domain.ts";

/** Removes a workload from one environment on AWS: what lies outside of its stack, the stack, then what the environment has for
 *  it alone. What is gone already is no error, so that a removal that was interrupted is finished by the next one.
 *  @param what what it is called when it is gone
 *  @throws UserError environment/not-found, deploy/busy, stack/delete-failed, interrupted, aws/* */
export async function* deleteFromEnvironment(
  workload: WorkloadRef,
  what: "service" | "job",
  tools: LockTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, void, void> {
  const { account } = tools;
  const { app, env, name } = workload;
  const lock = new DeploymentLock({ app, env, workload: name }, "delete", tools);
  try {
    yield* lock.take(signal);
    const gathered = await factsIfDeployed(workload, account);
    if (gathered === undefined) return;
    const { environment, facts, workloadStack } = gathered;
    const { where, executionRoleArn } = placeOf({ environment });
    const place = await placeOfNames(gathered, account);
    if (workloadStack !== undefined) {
      yield* removeWorkloadNames({ gathered, place }, account, signal);
      yield* account.stacks.delete({ name: stackName(app, env, name), where, executionRoleArn }, signal);
      refuseInterrupted(signal, `${what} ${name} in ${env}`);
    }
    if (place !== undefined) yield* removeWorkloadCertificates({ name, gathered, place }, account, signal);
    yield* leaveEnvironment({ workload, environment, place }, tools, signal);
    refuseInterrupted(signal, `${what} ${name} in ${env}`);
    await account.history.prune(workload, { keep: 0, inUse: [] }, { ...facts.artifacts, region: facts.region });
    if (workloadStack !== undefined) yield { type: "deleted", what, env, name };
  } finally {
    await lock.release();
  }
}

/** Undefined for an environment that is not deployed: nothing is in it. */
async function factsIfDeployed(
  { app, env, name }: WorkloadRef,
  { facts }: Pick<Account, "facts">,
): Promise<GatheredFacts | undefined> {
  try {
    return await facts.ofEnvironment({ app, env, workload: name });
  } catch (error) {
    if (error instanceof UserError && error.code === "environment/not-deployed") return undefined;
    throw error;
  }
}

async function placeOfNames(
  gathered: GatheredFacts,
  { stacks }: Pick<Account, "stacks">,
): Promise<DomainPlace | undefined> {
  const { environmentStack: stack } = gathered;
  if (stack === undefined || domainPlaceOf(gathered) === undefined) return undefined;
  return ownDomainPlaceOf(gathered, await stacks.resources(stack.name, placeOf(gathered).where));
}

/** @throws UserError interrupted */
export function refuseInterrupted(signal: AbortSignal, what: string): void {
  if (!signal.aborted) return;
  throw new UserError("interrupted", `interrupted: the ${what} is not gone completely yet`, {
    hint: "run the same command again: it removes what is left",
    exitCode: 130,
  });
}
