import type { Diagnostic } from "../errors.ts";
import type { StackOutcome } from "../providers/account/stacks.ts";
import type { ProviderTarget } from "../providers/provider.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { DeploymentLock, type LockTools } from "./deployment-lock.ts";
import { environmentFactsFor } from "./facts-for.ts";
import type { DomainEvent } from "../providers/account/domains.ts";
import { deployEnvironmentStack } from "./environment-domain.ts";
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
  /** Further tags of the stack. */
  resourceTags?: Readonly<Record<string, string>> | undefined;
  /** Deploy over what a newer version has deployed. */
  allowDowngrade?: boolean | undefined;
}

export interface EnvironmentDeployTools extends LockTools {
  workspace: Workspace;
  /** For `${VAR}`. */
  env: Readonly<Record<string, string | undefined>>;
  /** A new id. */
  newId: () => string;
}

export type EnvironmentStory =
  | { type: "target"; app: string; env: string; target: ProviderTarget }
  | { type: "diagnostics"; diagnostics: Diagnostic[] }
  | StackUpdateEvent
  | DomainEvent;

/** Brings an environment to what its manifest says.
 *  @throws UserError workspace/environment-not-found, manifest/invalid, environment/not-found, stack/*, aws/* */
export async function* deployEnvironment(
  { env, force, resourceTags, ...how }: EnvironmentToDeploy,
  tools: EnvironmentDeployTools,
  signal: AbortSignal,
): AsyncGenerator<EnvironmentStory, StackOutcome, void> {
  const { workspace, account, env: variables, newId } = tools;
  const app = workspace.application;
  await loadEnvironment({ workspace, env, variables });
  let asked = environmentFactsFor(env, { workspace, env: variables, account });
  asked.catch(() => undefined);
  await Promise.allSettled([asked, account.identity()]);
  yield { type: "target", app, env, target: await account.target({ app, env }) };
  const lock = new DeploymentLock({ app, env }, "env deploy", tools);
  const lastForceDeployId = force ? newId() : undefined;
  try {
    for (;;) {
      const gathered = await asked;
      const addonsTemplateUrl = await uploadAddons({ workspace }, { account, facts: gathered.facts });
      const facts = {
        ...gathered.facts,
        tags: { ...gathered.facts.tags, ...resourceTags },
        ...(addonsTemplateUrl !== undefined && { addonsTemplateUrl }),
        ...(lastForceDeployId !== undefined && { lastForceDeployId }),
      };
      const { diagnostics } = await packageEnvironment({ workspace, env, variables, facts });
      // What the deployment itself finds out is nothing to tell of.
      const told = diagnostics.filter(({ code }) => code !== "environment/unknown-value");
      if (told.length > 0) yield { type: "diagnostics", diagnostics: told };
      const place = { ...placeOf(gathered), bucket: facts.artifacts.bucket };
      let deployed = gathered.environmentStack;
      const done = yield* deployEnvironmentStack(
        {
          account,
          gathered: { ...gathered, facts },
          render: async (given) => (await packageEnvironment({ workspace, env, variables, facts: given })).stack,
          update: async function* (stack, last) {
            const update = { stack, deployed, ...place, ...how, detach: how.detach && last, lock };
            const updated = yield* updateStack(update, { account }, signal);
            if ("stack" in updated) deployed = updated.stack;
            return updated;
          },
        },
        signal,
      );
      if (done.outcome !== "stale") return done;
      asked = environmentFactsFor(env, { workspace, env: variables, account });
    }
  } finally {
    await lock.release();
  }
}
