import { bootstrapParameters, bootstrapTemplate } from "../cloudformation/environment/bootstrap-template.ts";
import type { EnvironmentInput } from "../cloudformation/environment/environment-input.ts";
import { environmentTags } from "../cloudformation/environment/environment-parameters.ts";
import type { ApplicationFacts, StackFacts } from "../cloudformation/facts.ts";
import { withPermissionsBoundary } from "../cloudformation/permissions-boundary.ts";
import { writeTemplate } from "../cloudformation/write-template.ts";
import { UserError } from "../errors.ts";
import { planEnvironment } from "../plan/environment-plan.ts";
import type { Account } from "../providers/account.ts";
import { deployRegional, deployRoles, type InfrastructureEvent } from "./application-infrastructure.ts";
import { stackSetName } from "./application-stacks.ts";

export interface EnvironmentTools {
  /** The application's account. */
  account: Account;
  /** Where the environment is to be; often the same. */
  environmentAccount: Account;
}

/** Makes an environment known on AWS: a stack of the application's stack set in its region, its two roles, its record. The rest
 *  comes when it is deployed. What is there already stays, so that one that was interrupted is finished by the next run.
 *  @throws UserError application/not-found, environment/exists, stack/*, stack-set/*, aws/* */
export async function* createEnvironment(
  { app, env }: { app: string; env: string },
  { account, environmentAccount }: EnvironmentTools,
  signal: AbortSignal,
): AsyncGenerator<InfrastructureEvent, "created" | "there", void> {
  const application = await account.facts.ofApplication(app);
  if (application === undefined) throw await notFound(app, account);
  const place = await environmentAccount.identity();
  const record = await account.records.environment(app, env);
  if (record !== undefined && (record.region !== place.region || record.accountID !== place.account))
    throw new UserError(
      "environment/exists",
      `the environment ${env} of ${app} is there already, in ${record.region} of the account ${record.accountID}`,
      { hint: `pilotfish env show --name ${env}` },
    );
  const infrastructure = { app, facts: application, accounts: [place.account] };
  yield* deployRoles(infrastructure, { account }, signal);
  yield* deployRegional(infrastructure, { account }, signal);
  if (signal.aborted) throw interrupted(env);
  const { account: owner } = await account.identity();
  yield* account.stackSets.addStack({ name: stackSetName(app), account: owner, region: place.region }, signal);
  if (signal.aborted) throw interrupted(env);
  const artifacts = await account.facts.artifacts(app, place.region);
  const facts = { ...application, ...place, applicationAccount: owner, artifacts };
  yield* deployBootstrap({ app, env, facts }, environmentAccount, signal);
  if (signal.aborted) throw interrupted(env);
  if (record === undefined)
    await account.records.putEnvironment({
      app,
      name: env,
      region: place.region,
      accountID: place.account,
      registryURL: "",
      executionRoleARN: `arn:${place.partition}:iam::${place.account}:role/${app}-${env}-CFNExecutionRole`,
      managerRoleARN: `arn:${place.partition}:iam::${place.account}:role/${app}-${env}-EnvManagerRole`,
    });
  return record === undefined ? "created" : "there";
}

/** A stack that is there, from a deployment or from before, has its roles. */
async function* deployBootstrap(
  { app, env, facts }: { app: string; env: string; facts: StackFacts & ApplicationFacts },
  account: Account,
  signal: AbortSignal,
): AsyncGenerator<InfrastructureEvent, void, void> {
  const name = `${app}-${env}`;
  if ((await account.stacks.describe(name, {}))?.outputs["EnvironmentManagerRoleARN"] !== undefined) return;
  const manifest = { name: env, type: "Environment" as const };
  const input: EnvironmentInput = { plan: planEnvironment({ manifest, app, env }), facts, manifest: "" };
  const template = withPermissionsBoundary(bootstrapTemplate(input), facts);
  yield* account.stacks.deploy(
    {
      name,
      text: writeTemplate(template),
      parameters: bootstrapParameters(input),
      tags: environmentTags(input),
      where: {},
    },
    signal,
  );
}

function interrupted(env: string): UserError {
  return new UserError("interrupted", `interrupted: the environment ${env} is not complete yet`, {
    hint: `pilotfish env init --name ${env}`,
    exitCode: 130,
  });
}

async function notFound(app: string, account: Account): Promise<UserError> {
  const { account: id, region } = await account.identity();
  return new UserError("application/not-found", `there is no application ${app} in the account ${id} in ${region}`, {
    hint: `pilotfish app init ${app}`,
  });
}
