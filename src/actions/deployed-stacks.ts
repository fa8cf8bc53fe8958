import type { StackFacts } from "../cloudformation/facts.ts";

/** Facts with what the deployed stacks among them say of an environment and of a workload in it; what is given beside
 *  them counts first. */
export function factsWithStacks(facts: StackFacts, app: string, env: string, workload?: string): StackFacts {
  const environment = facts.stacks?.[`${app}-${env}`];
  const own = workload === undefined ? undefined : facts.stacks?.[`${app}-${env}-${workload}`];
  const {
    environmentParameters = environment?.parameters,
    lastForceDeployId = environment?.outputs?.["LastForceDeployID"],
    workloadParameters = own?.parameters,
  } = facts;
  return {
    ...facts,
    ...(environmentParameters && { environmentParameters }),
    ...(lastForceDeployId !== undefined && { lastForceDeployId }),
    ...(workloadParameters && { workloadParameters }),
  };
}
