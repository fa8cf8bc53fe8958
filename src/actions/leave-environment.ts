import { aliasesFrom, withoutWorkload } from "../plan/environment-needs.ts";
import type { DomainEvent, DomainPlace } from "../providers/account/domains.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { StackEvent } from "../providers/account/stacks.ts";
import type { WorkloadRef } from "../providers/provider.ts";
import { DeploymentLock, type LockEvent, type LockTools } from "./deployment-lock.ts";
import { environmentOwn } from "./domain-place.ts";
import { placeOf } from "./environment-ready.ts";

export interface WorkloadThatLeaves {
  workload: WorkloadRef;
  environment: GatheredFacts["environment"];
  /** Where its aliases are; absent: they are not ours to remove. */
  place: DomainPlace | undefined;
}

/** Takes a workload whose stack is gone out of the parameters of its environment, whose template stays as it is deployed: what
 *  only this workload needed (load balancer, NAT gateways, file system) goes, and its aliases lead nowhere any more.
 *  @throws UserError deploy/busy, and as {@link Stacks.deploy} */
export async function* leaveEnvironment(
  { workload, environment, place }: WorkloadThatLeaves,
  tools: LockTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent | LockEvent | DomainEvent, void, void> {
  const { account } = tools;
  const { app, env, name } = workload;
  const { where, executionRoleArn } = placeOf({ environment });
  const read = async () => {
    const stack = await account.stacks.describe(`${app}-${env}`, where);
    const parameters = stack === undefined ? {} : withoutWorkload(name, stack.parameters);
    return stack === undefined || Object.keys(parameters).length === 0 ? undefined : { stack, parameters };
  };
  if ((await read()) === undefined) return;
  const lock = new DeploymentLock({ app, env }, "delete", tools);
  try {
    yield* lock.take(signal);
    // Another workload's deployment may have changed it meanwhile.
    const now = await read();
    if (now === undefined) return;
    const { stack, parameters } = now;
    const { [name]: own = [], ...others } = aliasesFrom(stack.parameters["Aliases"]);
    const names = own.filter((alias) => !Object.values(others).flat().includes(alias));
    const ours = environmentOwn(stack.outputs);
    if (place !== undefined && names.length > 0 && ours.length > 0)
      yield* account.domains.removeAliases({ place, names, ours }, signal);
    yield* account.stacks.deploy(
      {
        name: stack.name,
        parameters,
        keepsParameters: true,
        tags: stack.tags,
        where,
        executionRoleArn,
        whenBusy: "wait",
      },
      signal,
    );
  } finally {
    await lock.release();
  }
}
