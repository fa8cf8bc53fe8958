import type { StackFacts } from "../cloudformation/facts.ts";
import { needs } from "../plan/environment-needs.ts";
import type { Account } from "../providers/account.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { checkManifests } from "./check-workloads.ts";
import { factsFor } from "./facts-for.ts";
import type { CheckedManifest } from "./load-manifest.ts";
import type { MadeForWorkload } from "./make-for-workloads.ts";
import { packageEnvironment } from "./package-environment.ts";
import { packageWorkload } from "./package-workload.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import { templateIn } from "./read-stack-state.ts";

/** The stack of a deployed environment as our template has it. Which workloads need what of it stays as it is deployed: an
 *  environment is taken over before them, and gets nothing new.
 *  @throws UserError manifest/invalid, addons/invalid, aws/* */
export async function packageEnvironmentForAdoption(
  env: string,
  { workspace, env: variables }: Pick<PackageTools, "workspace" | "env">,
  facts: StackFacts,
): Promise<PackagedStack> {
  const { stack } = await packageEnvironment({ workspace, env, variables, facts });
  const { environmentParameters: deployed = {} } = facts;
  const kept = [...needs, "Aliases"].flatMap((name) => {
    const value = deployed[name];
    return value === undefined || stack.parameters[name] === undefined ? [] : [[name, value] as const];
  });
  return { ...stack, parameters: { ...stack.parameters, ...Object.fromEntries(kept) } };
}

export interface PackageTools {
  account: Account;
  workspace: Workspace;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

export interface PackagedForAdoption {
  packaged: PackagedStack;
  checked: CheckedManifest;
  gathered: GatheredFacts;
  facts: StackFacts;
  /** The images that are deployed. */
  made: MadeForWorkload;
}

/** The stack of a deployed workload as our templates have it, with the images and the files that it has: nothing is built,
 *  pushed or uploaded. @throws UserError manifest/invalid, aws/* */
export async function packageForAdoption(
  { name, env }: { name: string; env: string },
  { account, workspace, env: variables, cwd }: PackageTools,
): Promise<PackagedForAdoption> {
  const app = workspace.application;
  const [checked] = await checkManifests({ workspace, names: [name], env, variables });
  if (!checked) throw new Error(`${name} was neither checked nor refused`);
  const tools = { workspace, env: variables, account };
  const gathered = await factsFor(checked.manifest, { app, env }, tools, { withTemplates: true });
  const { facts } = gathered;
  const made = { images: await deployedImages(`${app}-${env}-${name}`, checked, facts, cwd) };
  const { stack } = await packageWorkload({ workspace, name, env, variables, facts, made });
  return { packaged: stack, checked, gathered, facts, made };
}

/** That of the main container is in a parameter, those of its sidecars are in the template. */
async function deployedImages(
  stackName: string,
  { manifest: { name }, plan }: CheckedManifest,
  { stacks = {} }: StackFacts,
  cwd: string,
): Promise<Record<string, string>> {
  const { template = { text: "" }, parameters = {} } = stacks[stackName] ?? {};
  const image = parameters["ContainerImage"];
  const own = image === undefined || image === "" ? {} : { [name]: image };
  const sidecars = new Set(plan?.builds.map(({ container }) => container));
  sidecars.delete(name);
  if (sidecars.size === 0) return own;
  const { TaskDefinition: task } = (await templateIn(template, cwd)).Resources;
  const containers = (task?.Properties?.["ContainerDefinitions"] ?? []) as { Name?: unknown; Image?: unknown }[];
  const found = containers.flatMap(({ Name, Image }) =>
    typeof Name === "string" && typeof Image === "string" && sidecars.has(Name) ? [[Name, Image] as const] : [],
  );
  return { ...Object.fromEntries(found), ...own };
}
