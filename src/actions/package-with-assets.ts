import type { StackFacts } from "../cloudformation/facts.ts";
import type { Diagnostic } from "../errors.ts";
import type { WorkloadManifest } from "../manifest/load.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import { checkManifests } from "./check-workloads.ts";
import type { AccountTools } from "./deploy-to-account.ts";
import type { DeployStory } from "./deploy-workload.ts";
import { EnvironmentLocks } from "./environment-locks.ts";
import { makeEnvironmentReady } from "./environment-ready.ts";
import { factsFor } from "./facts-for.ts";
import { makeForWorkloads } from "./make-for-workloads.ts";
import type { OverrideChoice } from "./override-template.ts";
import { packageWorkload } from "./package-workload.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import { registerWorkloads } from "./register-workloads.ts";

export interface PackageWithAssetsRequest extends OverrideChoice {
  name: string;
  env: string;
  /** A further tag for the image. */
  tag?: string;
}

/** The stack of a workload in an environment with everything that it names in its place, so that whoever deploys the
 *  template need do no more: images are built and pushed, files are uploaded, the application knows the workload, and the
 *  environment has what the workload needs of it.
 *  @throws UserError as {@link packageWorkload}, image/*, engine/*, environment/not-deployed, stack/*, aws/* */
export async function* packageWithAssets(
  { name, env, tag, ...choice }: PackageWithAssetsRequest,
  tools: AccountTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, { stack: PackagedStack; facts: StackFacts; diagnostics: Diagnostic[] }, void> {
  const { workspace, account, env: variables } = tools;
  const app = workspace.application;
  const [checked] = await checkManifests({ workspace, names: [name], env, variables });
  if (!checked) throw new Error(`${name} was neither checked nor refused`);
  yield { type: "target", app, env, name, target: await tools.provider.target({ app, env }) };
  const before = await factsFor(checked.manifest, { app, env }, tools);
  const workloads = [{ checked, gathered: before }];
  yield* registerWorkloads(workloads, { app, account }, signal);
  const all = yield* makeForWorkloads(workloads, { ...(tag !== undefined && { tag }) }, tools, signal);
  const made = all[name] ?? {};
  const changed = yield* ready(checked.manifest, before, env, tools, signal);
  const { facts: asked } = changed ? await factsFor(checked.manifest, { app, env }, tools) : before;
  const { addonsTemplateUrl } = made;
  const facts = { ...asked, ...(addonsTemplateUrl !== undefined && { addonsTemplateUrl }) };
  const packaged = await packageWorkload({ workspace, name, env, variables, facts, made, ...choice });
  return { ...packaged, facts };
}

async function* ready(
  manifest: WorkloadManifest,
  gathered: GatheredFacts,
  env: string,
  tools: AccountTools,
  signal: AbortSignal,
): ReturnType<typeof makeEnvironmentReady> {
  const { account, workspace } = tools;
  const app = workspace.application;
  const locks = new EnvironmentLocks({ app, env, name: manifest.name }, "package", tools);
  try {
    return yield* makeEnvironmentReady(manifest, gathered, { account, app, env, locks }, signal);
  } finally {
    await locks.release();
  }
}
