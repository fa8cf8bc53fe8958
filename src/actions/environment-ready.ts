import { UserError } from "../errors.ts";
import type { WorkloadManifest } from "../manifest/load.ts";
import { needParameters, needsOf } from "../plan/environment-needs.ts";
import type { Account } from "../providers/account.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { StackPlace, StackEvent } from "../providers/account/stacks.ts";

/** Where the stacks of an environment are asked for, and with whose rights CloudFormation makes them. */
export function placeOf({ environment }: Pick<GatheredFacts, "environment">): {
  where: StackPlace;
  executionRoleArn: string;
} {
  const { region, managerRoleARN, executionRoleARN } = environment;
  return { where: { region, managerRoleArn: managerRoleARN }, executionRoleArn: executionRoleARN };
}

/** Has the environment make what a workload needs of it: a load balancer, NAT gateways, a file system. Its template stays
 *  as it is deployed; only the parameters that name workloads change. Names of other workloads stay.
 *  @returns whether the environment was changed, so that what is known of it is old
 *  @throws UserError environment/not-deployed, and as {@link Stacks.deploy} */
export async function* makeEnvironmentReady(
  manifest: WorkloadManifest,
  gathered: GatheredFacts,
  { account, env, app }: { account: Account; env: string; app: string },
  signal: AbortSignal,
): AsyncGenerator<StackEvent, boolean, void> {
  const { facts, environmentStack: stack } = gathered;
  if (stack === undefined || stack.parameters["ALBWorkloads"] === undefined)
    throw new UserError("environment/not-deployed", `the environment ${env} of ${app} is not deployed yet`, {
      hint: `pilotfish env deploy --name ${env}`,
    });
  const wanted = needParameters([needsOf(manifest)], facts.environmentParameters);
  const changed = Object.entries(wanted).filter(([name, value]) => isOther(stack.parameters[name], value));
  if (changed.length === 0) return false;
  const unknown = changed.find(([name]) => stack.parameters[name] === undefined);
  if (unknown !== undefined)
    throw new UserError(
      "environment/not-deployed",
      `the environment ${env} was deployed by a version that knows no ${unknown[0]}`,
      { hint: `pilotfish env deploy --name ${env}` },
    );
  const { name, tags } = stack;
  const parameters = Object.fromEntries(changed);
  yield* account.stacks.deploy({ name, parameters, keepsParameters: true, tags, ...placeOf(gathered) }, signal);
  return true;
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
