import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ApplicationFacts, DeployedStack, StackFacts } from "../cloudformation/facts.ts";
import { readTemplate, type StackTemplate, TemplateProblem } from "../cloudformation/read-template.ts";
import { type DetachedChange, detachFirst } from "../cloudformation/update/detach-first.ts";
import { type Surroundings, valuesOf } from "../cloudformation/update/resolve.ts";
import {
  type KnownResources,
  type StackState,
  type StackUpdate,
  stackUpdate,
} from "../cloudformation/update/stack-update.ts";
import { UserError } from "../errors.ts";
import type { PackagedStack } from "./packaged-stack.ts";
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

/** What deploying a packaged stack would do to the deployed one, which the facts tell of, or to one with a given template.
 *  @throws UserError facts/invalid, template/invalid */
export async function diffStack(request: DiffRequest): Promise<StackDiff> {
  const { stack, facts, against } = request;
  const after: StackState = { template: stack.template, parameters: stack.parameters, tags: stack.tags };
  const deployed = against === undefined ? facts.stacks?.[stack.name] : undefined;
  const before = against === undefined ? await stateOf(deployed, request) : await stateInFile(against, after, request);
  const update = stackUpdate({
    before,
    after,
    schemas: await resourceSchemas(),
    surroundings: await surroundingsOf(request),
    known: knownOf(before.template, deployed, request),
  });
  const kind = against !== undefined ? "file" : deployed === undefined ? "nothing" : "deployed";
  return { stack: stack.name, against: kind, ...(against !== undefined && { file: against }), ...detachFirst(update) };
}

async function stateOf(deployed: DeployedStack | undefined, { stack, cwd }: DiffRequest): Promise<StackState> {
  // Tags of a stack that is not there yet are no change.
  if (deployed === undefined) return { template: { Resources: {} }, parameters: {}, tags: stack.tags };
  const { template, parameters = {}, tags = stack.tags } = deployed;
  return { template: await templateIn(template, cwd), parameters, tags };
}

/** A template with the parameters that lie beside it, as packaging writes them; without them, the new ones count. */
async function stateInFile(file: string, after: StackState, { cwd }: DiffRequest): Promise<StackState> {
  const template = await templateIn(file, cwd);
  const beside = file.replace(/(\.stack|\.stackset)?\.(ya?ml|json|template)$/, "") + ".params.json";
  const text = await readFile(resolve(cwd, beside), "utf8").catch(() => undefined);
  if (text === undefined) return { ...after, template };
  const invalid = () =>
    new UserError("template/invalid", "these are no parameters of a stack", { place: { file: beside } });
  let given: { Parameters?: unknown; Tags?: unknown };
  try {
    given = JSON.parse(text);
  } catch {
    throw invalid();
  }
  const [parameters = {}, tags = after.tags] = [given.Parameters, given.Tags] as (Record<string, string> | undefined)[];
  if (![parameters, tags ?? {}].every(isTexts)) throw invalid();
  return { template, parameters, tags };
}

function isTexts(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.values(value).every((each) => typeof each === "string");
}

async function templateIn(file: string, cwd: string): Promise<StackTemplate> {
  const text = await readFile(resolve(cwd, file), "utf8").catch((error: unknown) => {
    throw new UserError("template/invalid", "this file cannot be read", { place: { file }, cause: error });
  });
  try {
    return readTemplate(text);
  } catch (error) {
    if (!(error instanceof TemplateProblem)) throw error;
    const { line, column } = error;
    throw new UserError("template/invalid", error.message, { place: { file, line, column }, cause: error });
  }
}

async function surroundingsOf(request: DiffRequest): Promise<Surroundings> {
  const { stack, facts, cwd } = request;
  const { environmentStack = "" } = stack;
  const { account, region, partition } = facts;
  const around = { account, region, partition, stackName: stack.name };
  const environment = facts.stacks?.[environmentStack];
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
  const ids = Object.entries(deployed?.resources ?? {}).map(([logical, { id }]) => [logical, id]);
  const outputs = Object.entries(facts.stacks?.[environmentStack]?.outputs ?? {});
  const attributes = Object.entries(template.Resources).flatMap(([id, { Type }]) => {
    if (Type === "Custom::EnvControllerFunction") return outputs.map(([name, value]) => [`${id}.${name}`, value]);
    const priority = facts.rulePriorities?.[id.replace(/Action$/, "")];
    return Type === "Custom::RulePriorityFunction" && priority !== undefined
      ? [[`${id}.Priority`, String(priority)]]
      : [];
  });
  return { physicalIds: Object.fromEntries(ids), attributes: Object.fromEntries(attributes) };
}
