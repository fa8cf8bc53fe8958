import { randomUUID } from "node:crypto";
import { createEnvironment } from "../actions/create-environment.ts";
import { deployEnvironment } from "../actions/deploy-environment.ts";
import type { Workspace } from "../actions/open-workspace.ts";
import { UserError } from "../errors.ts";
import type { Context } from "./context.ts";
import { followStory } from "./follow-story.ts";
import { lockTools } from "./lock-tools.ts";

export interface EnvironmentSteps {
  /** Create it, unless it is there. */
  init: boolean;
  /** Bring it to what its manifest says. */
  deploy: boolean;
  lockTimeoutMs?: number | undefined;
}

/** What is done for an environment on AWS before workloads are deployed to it. */
export async function readyEnvironment(
  { env, workspace }: { env: string; workspace: Workspace },
  { init, deploy, lockTimeoutMs }: EnvironmentSteps,
  context: Context,
): Promise<void> {
  const account = await (await context.wire()).account();
  const app = workspace.application;
  const goesOn = `what CloudFormation has begun goes on: pilotfish env show -n ${env}`;
  if (init && (await account.records.environment(app, env)) === undefined)
    await followStory(
      (signal) => createEnvironment({ app, env }, { account, environmentAccount: account }, signal),
      goesOn,
      context,
    );
  if (!deploy) return;
  const tools = {
    workspace,
    ...lockTools(account, lockTimeoutMs, context),
    env: context.host.env,
    newId: randomUUID,
  };
  const { interrupted } = await followStory(
    (signal) => deployEnvironment({ env, force: false, noRollback: false, detach: false }, tools, signal),
    goesOn,
    context,
  );
  if (interrupted)
    throw new UserError("interrupted", "interrupted: no workload was deployed", {
      hint: `pilotfish env deploy -n ${env}`,
      exitCode: 130,
    });
}
