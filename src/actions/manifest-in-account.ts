import { manifestInTemplate } from "../cloudformation/manifest-in-template.ts";
import { shellWord, UserError } from "../errors.ts";
import { stackName } from "../plan/names.ts";
import type { Account } from "../providers/account.ts";

export interface StackOfManifest {
  app: string;
  env: string;
  /** Absent: the environment itself. */
  workload?: string;
}

/** The manifest that an environment or a workload on AWS was deployed with: its stack's template carries it. Two calls.
 *  @throws UserError environment/not-found, service/not-found, environment/not-deployed */
export async function manifestInAccount(
  { app, env, workload }: StackOfManifest,
  { records, stacks }: Pick<Account, "records" | "stacks">,
): Promise<string> {
  const record = await records.environment(app, env);
  if (record === undefined) throw environmentNotOnAws(app, env);
  const where = { region: record.region, managerRoleArn: record.managerRoleARN };
  const stack = workload === undefined ? `${app}-${env}` : stackName(app, env, workload);
  const template = await stacks.template(stack, where).catch((error: unknown) => {
    if (error instanceof UserError && error.code === "stack/not-found")
      throw notDeployed({ app, env, workload }, error);
    throw error;
  });
  const manifest = manifestInTemplate(template);
  if (manifest === undefined) throw notDeployed({ app, env, workload });
  return manifest;
}

export function environmentNotOnAws(app: string, env: string): UserError {
  return new UserError("environment/not-found", `the application ${app} has no environment ${env} on AWS`, {
    hint: `pilotfish env ls --app ${shellWord(app)}`,
  });
}

/** An environment that has nothing but its roles has no manifest either. */
function notDeployed(
  { app, env, workload }: { app: string; env: string; workload: string | undefined },
  cause?: unknown,
): UserError {
  if (workload === undefined)
    return new UserError("environment/not-deployed", `the environment ${env} of ${app} is not deployed yet`, {
      hint: `pilotfish env deploy --name ${shellWord(env)}`,
      cause,
    });
  return new UserError("service/not-found", `${workload} of the application ${app} is not deployed to ${env}`, {
    hint: `pilotfish svc deploy -n ${shellWord(workload)} -e ${shellWord(env)}`,
    cause,
  });
}
