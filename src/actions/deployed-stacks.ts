import type { ApplicationFacts, StackFacts } from "../cloudformation/facts.ts";
import { stackSetFacts } from "../cloudformation/stack-set-facts.ts";
import { templateIn } from "./read-stack-state.ts";

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

/** Facts with what the template of the application's stack set says of itself, where it is among the deployed ones.
 *  @throws UserError template/invalid */
export async function factsWithStackSet(facts: ApplicationFacts, app: string, cwd: string): Promise<ApplicationFacts> {
  const template = facts.stacks?.[`${app}-infrastructure`]?.template;
  if (facts.stackSet !== undefined || template === undefined) return facts;
  const stackSet = stackSetFacts(await templateIn(template, cwd));
  return stackSet === undefined ? facts : { ...facts, stackSet };
}
