import type { PipelineDefaults } from "../../actions/pipeline-defaults.ts";
import type { PipelineToInit, PipelineType } from "../../actions/init-pipeline.ts";
import { UserError } from "../../errors.ts";
import type { Context } from "../context.ts";
import { MissingInput, type MissingFlag } from "./missing-input.ts";

export interface NewPipelineInput {
  name?: string;
  url?: string;
  branch?: string;
  environments?: string[];
  type?: PipelineType;
}

/** Everything about a pipeline that is to be written; what was not given is found or asked for. Writes nothing.
 *  @param needsUrl whether it cannot do without the repository's address
 *  @throws UserError usage/missing-input naming all that is missing, usage/invalid-flag, interrupted */
export async function chooseNewPipeline(
  input: NewPipelineInput,
  defaults: PipelineDefaults & { name: string },
  needsUrl: boolean,
  context: Context,
): Promise<Omit<PipelineToInit, "url"> & { url?: string }> {
  const { branch = defaults.branch, type = "Workloads" } = input;
  checkName(input.name);
  checkBranch(branch);
  const url = input.url ?? defaults.url;
  const { environments } = input;
  if (environments !== undefined) checkEnvironments(environments, defaults.environments, context);
  if (context.interactive) {
    const prompts = await context.prompts();
    const name =
      input.name ??
      (await prompts.input({
        message: "What is the name of the pipeline?",
        default: defaults.name,
        problem: nameProblem,
      }));
    const chosen = environments ?? (await askForEnvironments(defaults.environments, context));
    const address =
      url ?? (needsUrl ? await prompts.input({ message: "What is the address of the repository?" }) : undefined);
    return { name, type, environments: chosen, branch, ...(address !== undefined && { url: address }) };
  }
  const missing: MissingFlag[] = [];
  if (environments === undefined)
    missing.push({
      flag: ["--environments", "-e"],
      choice: defaults.environments.join(",") || "the environments to deploy to, in their order",
      example: defaults.environments.join(",") || "test",
    });
  if (url === undefined && needsUrl)
    missing.push({
      flag: ["--url", "-u"],
      choice: "the address of the repository",
      example: "https://github.com/OWNER/REPOSITORY",
    });
  if (missing.length > 0) throw new MissingInput(missing, context);
  const name = input.name ?? defaults.name;
  return { name, type, environments: environments ?? [], branch, ...(url !== undefined && { url }) };
}

async function askForEnvironments(known: readonly string[], context: Context): Promise<string[]> {
  const prompts = await context.prompts();
  const answer = await prompts.input({
    message: "Which environments does it deploy to, in this order?",
    ...(known.length > 0 && { default: known.join(",") }),
    problem: (text) => (namesIn(text).length === 0 ? "name at least one" : undefined),
  });
  const names = namesIn(answer);
  checkEnvironments(names, known, context);
  return names;
}

function namesIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== "");
}

/** One that nothing in the workspace is about may still be there: the manifest of an environment is younger than
 *  environments are. */
function checkEnvironments(names: readonly string[], known: readonly string[], context: Context): void {
  const wrong = names.find((name) => !/^[a-z][a-z0-9-]*$/.test(name));
  if (wrong !== undefined)
    throw new UserError("usage/invalid-flag", `--environments ${wrong}: this is no name of an environment`, {
      hint: "for instance --environments test,prod",
    });
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new UserError("usage/invalid-flag", `--environments names ${twice} twice`, { hint: "leave one of them out" });
  for (const name of names)
    if (name !== "local" && !known.includes(name))
      context.say(`note: nothing in the workspace is about an environment ${name}; pilotfish env init --name ${name}`);
}

function checkName(name: string | undefined): void {
  const problem = name === undefined ? undefined : nameProblem(name);
  if (problem !== undefined)
    throw new UserError("usage/invalid-flag", `--name ${name}: ${problem}`, { hint: "for instance --name release" });
}

/** It becomes a part of the names of a stack, of a folder and of files. */
function nameProblem(name: string): string | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/.test(name)
    ? undefined
    : "a pipeline's name has letters, digits and dashes, 100 of them at most";
}

/** Source: git check-ref-format. */
function checkBranch(branch: string): void {
  // oxlint-disable-next-line no-control-regex -- git takes none
  if (!/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|^[-/.]|[/.]$/.test(branch)) return;
  throw new UserError("usage/invalid-flag", `--git-branch ${branch}: this is no name of a branch`, {
    hint: "for instance --git-branch main",
  });
}
