import type { Diagnostic } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import type { StackOutcome } from "../providers/account/stacks.ts";
import type { ProviderTarget } from "../providers/provider.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { loadEnvironment } from "./load-environment.ts";
import { packageEnvironment } from "./package-environment.ts";
import { placeOf } from "./environment-ready.ts";
import { type StackUpdateEvent, updateStack } from "./update-stack.ts";
import { uploadAddons } from "./upload-addons.ts";

export interface EnvironmentToDeploy {
  env: string;
  /** Update it although nothing has changed. */
  force: boolean;
  noRollback: boolean;
  detach: boolean;
}

export interface EnvironmentDeployTools {
  workspace: Workspace;
  account: Account;
  /** For `${VAR}`. */
  env: Readonly<Record<string, string | undefined>>;
  /** A new id. */
  newId: () => string;
}

export type EnvironmentStory =
  | { type: "target"; app: string; env: string; target: ProviderTarget }
  | { type: "diagnostics"; diagnostics: Diagnostic[] }
  | StackUpdateEvent;

/** Brings an environment to what its manifest says.
 *  @throws UserError workspace/environment-not-found, manifest/invalid, environment/not-found, stack/*, aws/* */
export async function* deployEnvironment(
  { env, force, ...how }: EnvironmentToDeploy,
  { workspace, account, env: variables, newId }: EnvironmentDeployTools,
  signal: AbortSignal,
): AsyncGenerator<EnvironmentStory, StackOutcome, void> {
  const app = workspace.application;
  const loaded = await loadEnvironment({ workspace, env, variables });
  const { account: id, region } = await account.identity();
  yield { type: "target", app, env, target: { provider: "aws", label: `account ${id}, ${region}` } };
  const gathered = await account.facts.ofEnvironment({
    app,
    env,
    cloudFrontPrefixList: loaded.plan.publicLoadBalancer.fromCdn,
  });
  const { facts } = gathered;
  const addonsTemplateUrl = await uploadAddons({ workspace }, { account, facts });
  const { stack, diagnostics } = await packageEnvironment({
    workspace,
    env,
    variables,
    facts: {
      ...facts,
      ...(addonsTemplateUrl !== undefined && { addonsTemplateUrl }),
      ...(force && { lastForceDeployId: newId() }),
    },
  });
  if (diagnostics.length > 0) yield { type: "diagnostics", diagnostics };
  return yield* updateStack(
    { stack, deployed: gathered.environmentStack, ...placeOf(gathered), bucket: facts.artifacts.bucket, ...how },
    { account },
    signal,
  );
}
