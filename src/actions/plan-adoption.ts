import type { DeployedStack, StackFacts } from "../cloudformation/facts.ts";
import type { StackTemplate } from "../cloudformation/read-template.ts";
import { attached } from "../cloudformation/update/detach.ts";
import { isCustomResource } from "../cloudformation/update/custom-resource.ts";
import { UserError } from "../errors.ts";
import { needsOf } from "../plan/environment-needs.ts";
import type { Account } from "../providers/account.ts";
import type { EnvironmentRecord } from "../providers/account/records.ts";
import type { StackDescription } from "../providers/account/stacks.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Adoption, PlacedStack, StackToAdopt } from "./adoption.ts";
import { infrastructureOf } from "./application-infrastructure.ts";
import { templateWithCustomResources } from "./detach-stack.ts";
import { diffStack } from "./diff-stack.ts";
import { placeOf } from "./environment-ready.ts";
import { environmentFactsFor } from "./facts-for.ts";
import { inBatches } from "./in-batches.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import { templateIn } from "./read-stack-state.ts";
import { packageEnvironmentForAdoption, packageForAdoption } from "./package-for-adoption.ts";

export interface AdoptionTools {
  account: Account;
  /** The application's; absent: none of its manifests is here, and its stacks keep their templates. */
  workspace: Workspace | undefined;
  /** For `${VAR}`. */
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

/** The stacks of an application, what is attached in each, and what the update to our template would do to it. Nothing is
 *  changed. With an environment, only its stacks and those of its workloads.
 *  @throws UserError application/not-found, environment/not-found, manifest/invalid, aws/* */
export async function planAdoption(
  { app, env }: { app: string; env?: string | undefined },
  tools: AdoptionTools,
): Promise<Adoption<PlacedStack>> {
  const { records } = tools.account;
  const [application, environments] = await Promise.all([
    env === undefined ? planApplication(app, tools) : [],
    records.listEnvironments(app),
  ]);
  const wanted = environments.filter(({ name }) => env === undefined || name === env);
  if (env !== undefined && wanted.length === 0)
    throw new UserError("environment/not-found", `the application ${app} has no environment ${env}`, {
      hint: "pilotfish env ls",
    });
  const stacks: PlacedStack[] = [...application];
  for (const environment of wanted) stacks.push(...(await planEnvironment(environment, tools)));
  return { app, stacks };
}

/** The stack with the application's roles, and its stack set. */
export async function planApplication(app: string, { account, cwd }: AdoptionTools): Promise<PlacedStack[]> {
  const facts = await account.facts.ofApplication(app, { withTemplates: true });
  if (facts === undefined)
    throw new UserError("application/not-found", `there is no application ${app} on AWS`, { hint: "pilotfish app ls" });
  const { roles, regional } = infrastructureOf({ app, facts });
  const compared = async (kind: StackToAdopt["kind"], stack: PackagedStack): Promise<PlacedStack[]> => {
    const deployed = facts.stacks?.[stack.name];
    if (deployed === undefined) return [];
    const changes = await diffStack({ stack, facts, cwd });
    return [{ stack: stack.name, kind, ...(await stateOf(deployed, stack, cwd)), to: "deploy", changes, where: {} }];
  };
  return [...(await compared("roles", roles)), ...(await compared("stack-set", regional))];
}

async function planEnvironment(environment: EnvironmentRecord, tools: AdoptionTools): Promise<PlacedStack[]> {
  const { app, name: env } = environment;
  const { where } = placeOf({ environment });
  const tags = { "copilot-application": app, "copilot-environment": env };
  const [own, all] = await Promise.all([
    planEnvironmentStack(environment, tools),
    tools.account.stacks.listByTags(tags, where),
  ]);
  if (own === undefined) return [];
  const workloads = all.filter(({ tags: { "copilot-service": name } }) => name !== undefined);
  const byName = workloads.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const place = placeOf({ environment });
  const planned = inBatches(byName, (stack) => planWorkloadStack({ stack, env, place, around: own }, tools));
  return [own, ...(await planned)];
}

/** Undefined: it has not been deployed. */
export async function planEnvironmentStack(
  environment: EnvironmentRecord,
  tools: AdoptionTools,
): Promise<PlacedStack | undefined> {
  const { app, name: env } = environment;
  const { account, workspace, env: variables, cwd } = tools;
  const about = { stack: `${app}-${env}`, kind: "environment" as const, env, ...placeOf({ environment }) };
  if (workspace === undefined || !(await workspace.listEnvironments()).includes(env)) {
    const stack = await account.stacks.describe(about.stack, about.where);
    const folder = `copilot/environments/${env}`;
    const hint = `mkdir -p ${folder} && pilotfish env show --name ${env} --manifest > ${folder}/manifest.yml`;
    const reason = `there is no ${folder}/manifest.yml here`;
    return stack && { ...about, ...(await keptAsItIs(stack, about.where, account)), reason, hint };
  }
  const { facts } = await environmentFactsFor(env, { workspace, env: variables, account }, { withTemplates: true });
  const deployed = facts.stacks?.[about.stack];
  if (deployed === undefined) return undefined;
  const stack = await packageEnvironmentForAdoption(env, { workspace, env: variables }, facts);
  return { ...about, ...(await toOurs({ stack, deployed, facts }, `pilotfish env deploy --name ${env}`, cwd)) };
}

interface WorkloadStackToPlan {
  stack: StackDescription;
  env: string;
  place: ReturnType<typeof placeOf>;
  /** That of the environment. */
  around?: StackToAdopt;
}

export async function planWorkloadStack(
  { stack, env, place, around }: WorkloadStackToPlan,
  tools: AdoptionTools,
): Promise<PlacedStack> {
  const name = stack.tags["copilot-service"] ?? "";
  const { account, workspace, cwd } = tools;
  const about = { stack: stack.name, kind: "workload" as const, env, name, ...place };
  if (workspace === undefined || !(await workspace.listWorkloads()).includes(name)) {
    const reason = `there is no copilot/${name}/manifest.yml here`;
    const hint = "pilotfish app adopt, where its manifest is";
    return { ...about, ...(await keptAsItIs(stack, about.where, account)), reason, hint };
  }
  if (around?.to === "detach" && around.state !== "none") {
    const reason = `the stack of the environment ${env} keeps its template, and has not what ours needs of it`;
    const hint = "pilotfish app adopt, where the environment's manifest is";
    return { ...about, ...(await keptAsItIs(stack, about.where, account)), reason, hint };
  }
  const { packaged, facts, checked } = await packageForAdoption({ name, env }, { ...tools, workspace });
  const deployed = facts.stacks?.[stack.name] ?? { template: { text: "" } };
  const deploy = `pilotfish svc deploy --name ${name} --env ${env}`;
  const lacking = needsOf(checked.manifest).needs.filter(
    (need) => facts.environmentParameters?.[need]?.split(",").includes(name) !== true,
  );
  if (lacking.length > 0) {
    const reason = `its manifest asks the environment for more than it has (${lacking.join(", ")})`;
    return { ...about, ...(await stateOf(deployed, packaged, cwd)), to: "detach", reason, hint: deploy, changes: [] };
  }
  return { ...about, ...(await toOurs({ stack: packaged, deployed, facts }, deploy, cwd)) };
}

type Planned = Pick<StackToAdopt, "state" | "attached" | "to" | "reason" | "hint" | "changes">;

async function keptAsItIs(
  { name }: StackDescription,
  where: PlacedStack["where"],
  { stacks }: Account,
): Promise<Omit<Planned, "reason">> {
  const deployed = { template: { text: await stacks.template(name, where) } };
  return { ...(await stateOf(deployed, undefined, "")), to: "detach", changes: [] };
}

/** What the update to our template would do. What only a deploy uploads stays as it is deployed: addons that are others in the
 *  workspace are left to such a deploy. */
async function toOurs(
  { stack, deployed, facts }: { stack: PackagedStack; deployed: DeployedStack; facts: StackFacts },
  deploy: string,
  cwd: string,
): Promise<Planned> {
  const state = await stateOf(deployed, stack, cwd);
  const addons = deployedAddons(deployed, facts);
  if (stack.addons !== undefined && !(await givesAndTakesTheSame(stack.addons.text, addons?.text, cwd)))
    return {
      ...state,
      to: "detach",
      reason: "its addons are others here than those that are deployed",
      hint: deploy,
      changes: [],
    };
  const { addons: own, ...rest } = stack;
  const kept =
    own === undefined || addons === undefined ? rest : { ...rest, addons: { file: own.file, text: addons.text } };
  return { ...state, to: "deploy", changes: await diffStack({ stack: kept, facts, cwd }) };
}

/** The template of the stack that is nested in another one for its addons. */
function deployedAddons({ resources }: DeployedStack, { stacks }: StackFacts): { text: string } | undefined {
  const id = resources?.["AddonsStack"]?.id;
  const name = /:stack\/([^/]+)/.exec(id ?? "")?.[1] ?? id;
  const template = name === undefined ? undefined : stacks?.[name]?.template;
  return typeof template === "object" ? template : undefined;
}

async function givesAndTakesTheSame(here: string, deployed: string | undefined, cwd: string): Promise<boolean> {
  if (deployed === undefined) return false;
  const [a, b] = await Promise.all([templateIn({ text: here }, cwd), templateIn({ text: deployed }, cwd)]);
  const sides = ({ Parameters, Outputs }: StackTemplate) =>
    JSON.stringify([Object.keys(Parameters ?? {}).toSorted(), Object.keys(Outputs ?? {}).toSorted()]);
  return sides(a) === sides(b);
}

/** Custom resources that the next template has as well are the user's own. */
async function stateOf(
  { template: text }: DeployedStack,
  next: Pick<PackagedStack, "template"> | undefined,
  cwd: string,
): Promise<Pick<StackToAdopt, "state" | "attached">> {
  const template = typeof text === "string" ? await templateIn(text, cwd) : templateWithCustomResources(text.text);
  const going = Object.entries(template?.Resources ?? {}).filter(
    ([id, resource]) => isCustomResource(resource) && next?.template.Resources[id] === undefined,
  );
  if (template === undefined || going.length === 0) return { state: "none", attached: [] };
  const ids = new Set(going.map(([id]) => id));
  const still = attached(template).filter((id) => ids.has(id));
  return { state: still.length > 0 ? "attached" : "detached", attached: still };
}
