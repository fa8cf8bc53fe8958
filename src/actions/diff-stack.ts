import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ownMember } from "../cloudformation/own-member.ts";
import type { ApplicationFacts, DeployedStack, StackFacts } from "../cloudformation/facts.ts";
import type { StackTemplate } from "../cloudformation/read-template.ts";
import { type DetachedChange, detachFirst } from "../cloudformation/update/detach-first.ts";
import { type Surroundings, valuesOf } from "../cloudformation/update/resolve.ts";
import {
  type KnownResources,
  type StackState,
  type StackUpdate,
  stackUpdate,
} from "../cloudformation/update/stack-update.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import { stateInFile, templateIn, templateOf } from "./read-stack-state.ts";
import { resourceSchemas } from "./resource-schemas.ts";

export type { OutputChange } from "../cloudformation/update/output-changes.ts";
export type { PropertyChange } from "../cloudformation/update/property-change.ts";
export type { DetachedChange };

export interface DiffRequest {
  stack: PackagedStack;
  facts: StackFacts | ApplicationFacts;
  /** A template to compare with in the place of the deployed one. */
  against?: string;
  cwd: string;
}

/** What deploying a stack would do. */
export interface StackDiff extends StackUpdate {
  stack: string;
  /** `nothing`: it is not deployed. */
  against: "deployed" | "file" | "nothing";
  file?: string;
  resources: DetachedChange[];
}

/** What deploying a packaged stack would do to the deployed one, which the facts tell of, or to one with a given template;
 *  and the same of its addons, where their template is known.
 *  @throws UserError facts/invalid, template/invalid */
export async function diffStack(request: DiffRequest): Promise<StackDiff[]> {
  const { stack, facts, against } = request;
  const after: StackState = { template: stack.template, parameters: stack.parameters, tags: stack.tags };
  const deployed = against === undefined ? ownMember(facts.stacks, stack.name) : undefined;
  const before = await stateBefore(deployed, after, request);
  const update = stackUpdate({
    before,
    after,
    schemas: await resourceSchemas(),
    surroundings: await surroundingsOf(request),
    known: knownOf(before.template, deployed, request),
  });
  const own = { stack: stack.name, ...comparedWith(deployed, against), ...detachFirst(update) };
  return [own, ...(await diffAddons(after, deployed, request))];
}

async function stateBefore(
  deployed: DeployedStack | undefined,
  after: StackState,
  { against, cwd }: Pick<DiffRequest, "against" | "cwd">,
): Promise<StackState> {
  if (against !== undefined) return stateInFile(against, after, cwd);
  // Tags of a stack that is not there yet are no change.
  if (deployed === undefined) return { template: { Resources: {} }, parameters: {}, tags: after.tags };
  const { template, parameters = {}, tags = after.tags } = deployed;
  return { template: await templateIn(template, cwd), parameters, tags };
}

function comparedWith(
  deployed: DeployedStack | undefined,
  file: string | undefined,
): Pick<StackDiff, "against" | "file"> {
  if (file !== undefined) return { against: "file", file };
  return { against: deployed === undefined ? "nothing" : "deployed" };
}

/** A stack is nested in the one of its workload. Custom resources in it are the user's own: they are not kept from being
 *  deleted. Nothing is said of one that is deployed and that the facts do not tell of. */
async function diffAddons(
  around: StackState,
  outer: DeployedStack | undefined,
  { stack, facts, against: outerFile, cwd }: DiffRequest,
): Promise<StackDiff[]> {
  if (stack.addons === undefined) return [];
  const id = outer?.resources?.["AddonsStack"]?.id;
  const name = /:stack\/([^/]+)/.exec(id ?? "")?.[1] ?? id;
  const deployed = name === undefined ? undefined : ownMember(facts.stacks, name);
  const against = outerFile && join(dirname(outerFile), stack.addons.file);
  if (against === undefined ? id !== undefined && deployed === undefined : !existsSync(resolve(cwd, against)))
    return [];
  const { account, region, partition } = facts;
  const surroundings = { account, region, partition, ...(name !== undefined && { stackName: name }) };
  const given = valuesOf(around.template, around.parameters, { ...surroundings, stackName: stack.name }).of(
    around.template.Resources["AddonsStack"]?.Properties?.["Parameters"] ?? {},
  );
  const known = Object.entries(given).filter((each): each is [string, string] => typeof each[1] === "string");
  const template = templateOf(stack.addons.text, stack.addons.file);
  const after: StackState = { template, parameters: Object.fromEntries(known) };
  const update = stackUpdate({
    before: await stateBefore(deployed, after, { against, cwd }),
    after,
    schemas: await resourceSchemas(),
    surroundings,
    known: { physicalIds: physicalIdsOf(deployed) },
  });
  return [{ stack: `${stack.name}/AddonsStack`, ...comparedWith(deployed, against), ...update }];
}

async function surroundingsOf(request: DiffRequest): Promise<Surroundings> {
  const { stack, facts, cwd } = request;
  const { environmentStack = "" } = stack;
  const { account, region, partition } = facts;
  const around = { account, region, partition, stackName: stack.name };
  const environment = ownMember(facts.stacks, environmentStack);
  if (environment?.outputs === undefined) return around;
  return { ...around, exports: exportsOf(await templateIn(environment.template, cwd), environmentStack, environment) };
}

/** What a deployed stack exports. */
function exportsOf(template: StackTemplate, stackName: string, { parameters = {}, outputs = {} }: DeployedStack) {
  const values = valuesOf(template, parameters, { stackName });
  const named = Object.entries(template.Outputs ?? {}).map(([output, { Export }]) => [
    Export === undefined ? undefined : values.of(Export.Name),
    outputs[output],
  ]);
  return Object.fromEntries(named.filter(([name, value]) => typeof name === "string" && value !== undefined));
}

/** What is known of the resources of the deployed stack. Copilot's functions give workloads the outputs of the
 *  environment's stack, and listener rules the priorities that they have. */
function knownOf(
  template: StackTemplate,
  deployed: DeployedStack | undefined,
  { facts, stack: { environmentStack = "" } }: DiffRequest,
): KnownResources {
  const outputs = Object.entries(ownMember(facts.stacks, environmentStack)?.outputs ?? {});
  const attributes = Object.entries(template.Resources).flatMap(([id, { Type }]) => {
    if (Type === "Custom::EnvControllerFunction") return outputs.map(([name, value]) => [`${id}.${name}`, value]);
    const priority = ownMember(facts.rulePriorities, id.replace(/Action$/, ""));
    return Type === "Custom::RulePriorityFunction" && priority !== undefined
      ? [[`${id}.Priority`, String(priority)]]
      : [];
  });
  return { physicalIds: physicalIdsOf(deployed), attributes: Object.fromEntries(attributes) };
}

function physicalIdsOf(deployed: DeployedStack | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(deployed?.resources ?? {}).map(([logical, { id }]) => [logical, id]));
}
