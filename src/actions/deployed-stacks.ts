import type { ApplicationFacts, StackFacts } from "../cloudformation/facts.ts";
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
  const file = facts.stacks?.[`${app}-infrastructure`]?.template;
  if (facts.stackSet !== undefined || file === undefined) return facts;
  const said = (await templateIn(file, cwd)).Metadata as { [key: string]: unknown } | undefined;
  const { Version, Accounts, Workloads } = said ?? {};
  if (typeof Version !== "number" || !Array.isArray(Accounts) || !Array.isArray(Workloads)) return facts;
  const workloads = Workloads.map(({ Name, WithECR }: { Name: unknown; WithECR: unknown }) => ({
    name: String(Name),
    withECR: WithECR === true,
  }));
  return { ...facts, stackSet: { version: Version, accounts: Accounts.map(String), workloads } };
}
