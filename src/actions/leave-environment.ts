import { aliasNames, withoutWorkload } from "../plan/environment-needs.ts";
import type { DomainEvent, DomainPlace } from "../providers/account/domains.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { StackEvent } from "../providers/account/stacks.ts";
import type { WorkloadRef } from "../providers/provider.ts";
import { DeploymentLock, type LockEvent, type LockTools } from "./deployment-lock.ts";
import { distributionNames } from "./environment-domain.ts";
import { environmentOwn } from "./domain-place.ts";
import { placeOf } from "./environment-ready.ts";

type Parameters = Readonly<Record<string, string>>;

export interface WorkloadThatLeaves {
  workload: Pick<WorkloadRef, "app" | "env">;
  environment: GatheredFacts["environment"];
  /** Where its aliases are; absent: they are not ours to remove. */
  place: DomainPlace | undefined;
}

/** Takes a workload whose stack is gone out of the parameters of its environment.
 *  @throws UserError as {@link shrinkEnvironment} */
export function leaveEnvironment(
  { workload, ...rest }: WorkloadThatLeaves & { workload: WorkloadRef },
  tools: LockTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent | LockEvent | DomainEvent, void, void> {
  const leaving = (deployed: Parameters) => withoutWorkload(workload.name, deployed);
  return shrinkEnvironment({ workload, ...rest, command: "delete", leaving }, tools, signal);
}

export interface EnvironmentToShrink extends WorkloadThatLeaves {
  /** What holds the environment's lock meanwhile. */
  command: "delete" | "deploy";
  /** The parameters that change, given those that are deployed. */
  leaving(deployed: Parameters): Record<string, string>;
}

/** Takes out of the parameters of an environment what nobody needs there any more. Its template stays as it is deployed: load
 *  balancer, NAT gateways and file system go with the last workload that needed them, and aliases lead nowhere any more.
 *  @throws UserError deploy/busy, and as {@link Stacks.deploy} */
export async function* shrinkEnvironment(
  { workload: { app, env }, environment, place, command, leaving }: EnvironmentToShrink,
  tools: LockTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent | LockEvent | DomainEvent, void, void> {
  const { account } = tools;
  const { where, executionRoleArn } = placeOf({ environment });
  const read = async () => {
    const stack = await account.stacks.describe(`${app}-${env}`, where);
    const parameters = stack === undefined ? {} : leaving(stack.parameters);
    return stack === undefined || Object.keys(parameters).length === 0 ? undefined : { stack, parameters };
  };
  if ((await read()) === undefined) return;
  const lock = new DeploymentLock({ app, env }, command, tools);
  try {
    yield* lock.take(signal);
    // Another workload's deployment may have changed it meanwhile.
    const now = await read();
    if (now === undefined) return;
    const { stack, parameters } = now;
    const { name, tags } = stack;
    const stays = aliasNames({ ...stack.parameters, ...parameters });
    const names = aliasNames(stack.parameters).filter((alias) => !stays.includes(alias));
    const ours = environmentOwn(stack.outputs);
    if (place !== undefined && names.length > 0 && ours.length > 0)
      yield* account.domains.removeAliases({ place, names, ours }, signal);
    const changed = { ...parameters, ...distributionNames(stack.parameters, parameters) };
    yield* account.stacks.deploy(
      { name, parameters: changed, keepsParameters: true, tags, where, executionRoleArn, whenBusy: "wait" },
      signal,
    );
  } finally {
    await lock.release();
  }
}
