import type { StackFacts } from "../cloudformation/facts.ts";
import type { WorkloadRef } from "../providers/provider.ts";
import { DeploymentLock, type LockEvent, type LockTools } from "./deployment-lock.ts";
import type { DeployStory } from "./deploy-workload.ts";

/** The locks of whoever changes an environment for a workload: that of the workload first, as whoever deletes one takes them,
 *  so that two never wait for each other. */
export class EnvironmentLocks {
  readonly workload: DeploymentLock;
  readonly #environment: DeploymentLock;

  constructor({ app, env, name }: WorkloadRef, doing: string, tools: LockTools) {
    this.workload = new DeploymentLock({ app, env, workload: name }, doing, tools);
    this.#environment = new DeploymentLock({ app, env }, doing, tools);
  }

  /** Whether nobody else changes the environment. */
  get isHeld(): boolean {
    return this.#environment.isHeld;
  }

  /** @throws UserError deploy/busy */
  async *take(signal: AbortSignal): AsyncGenerator<LockEvent, void, void> {
    yield* this.workload.take(signal);
    yield* this.#environment.take(signal);
  }

  /** Others may change the environment again; the workload stays ours. */
  releaseEnvironment(): Promise<void> {
    return this.#environment.release();
  }

  async release(): Promise<void> {
    await this.#environment.release();
    await this.workload.release();
  }

  /** Lets others choose their priorities on a listener when those of this roll-out are taken: CloudFormation makes the rules
   *  of a service before the service. */
  async *untilRulesAre<Result>(
    rollOut: AsyncGenerator<DeployStory, Result, void>,
  ): AsyncGenerator<DeployStory, Result, void> {
    try {
      for (;;) {
        const step = await rollOut.next();
        if (step.done) return step.value;
        const event = step.value;
        if (event.type === "stack-resource" && event.resourceType === "AWS::ECS::Service")
          await this.releaseEnvironment();
        yield event;
      }
    } finally {
      await rollOut.return(undefined as never);
    }
  }
}

/** Whether rules come to a listener, with priorities that two may choose at the same time. */
export function placesRules({ rulePriorities = {}, workloadParameters = {} }: StackFacts): boolean {
  return Object.keys(rulePriorities).some((name) => workloadParameters[name] === undefined);
}
