import { shellWord, UserError } from "../../../errors.ts";
import type { FactsTools } from "./facts-tools.ts";

/** Errors that name account and region: what is missing is often in another one. */

export async function applicationNotFound(app: string, { session }: Pick<FactsTools, "session">): Promise<UserError> {
  const { account } = await session.identity();
  return new UserError(
    "application/not-found",
    `there is no application ${app} in the account ${account} in ${session.region}`,
    {
      hint: `pilotfish app ls    (is this the right profile and region? or make it: pilotfish app init ${shellWord(app)})`,
    },
  );
}

export async function environmentNotFound(app: string, env: string, tools: FactsTools): Promise<UserError> {
  const { session, records } = tools;
  const [{ account }, environments] = await Promise.all([session.identity(), records.listEnvironments(app)]);
  const names = environments.map(({ name }) => name);
  const known = names.length === 0 ? "it has none yet" : `it has ${names.join(", ")}`;
  return new UserError(
    "environment/not-found",
    `the application ${app} has no environment ${env} in the account ${account} in ${session.region}: ${known}`,
    { hint: `pilotfish env init --name ${shellWord(env)}` },
  );
}

/** It has its roles and no more. */
export function environmentNotDeployed(env: string): UserError {
  return new UserError("environment/not-deployed", `the environment ${env} has been made and not been deployed yet`, {
    hint: `pilotfish env deploy --name ${shellWord(env)}`,
  });
}

export function withoutBucket(app: string, region: string, env?: string): UserError {
  return new UserError("application/incomplete", `the application ${app} has no bucket in ${region} yet`, {
    hint: env === undefined ? "pilotfish app upgrade" : `pilotfish env init --name ${shellWord(env)}`,
  });
}
