import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { DeployedStack } from "../cloudformation/facts.ts";
import { readTemplate, type StackTemplate, TemplateProblem } from "../cloudformation/read-template.ts";
import type { StackState } from "../cloudformation/update/stack-update.ts";
import { UserError } from "../errors.ts";
import { whyUnreadable } from "../workspace/why-unreadable.ts";

/** A template with the parameters that lie beside it, as packaging writes them; without them, the new ones count.
 *  @throws UserError template/invalid */
export async function stateInFile(file: string, after: StackState, cwd: string): Promise<StackState> {
  const template = await templateIn(file, cwd);
  const beside = `${file.replace(/(\.stack|\.stackset)?\.(ya?ml|json|template)$/, "")}.params.json`;
  const invalid = (message: string, cause?: unknown) =>
    new UserError("template/invalid", message, {
      place: { file: beside },
      hint: 'it is to hold { "Parameters": { "NAME": "VALUE" } }; where it is not there, the new parameters count',
      cause,
    });
  const text = await readFile(resolve(cwd, beside), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw invalid(whyUnreadable(error), error);
  });
  if (text === undefined) return { ...after, template };
  let given: { Parameters?: unknown; Tags?: unknown } | null;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw invalid(`this is no JSON: ${(error as Error).message}`, error);
  }
  const { Parameters: parameters = {}, Tags: tags = after.tags } = given ?? { Parameters: undefined };
  if (given === null || !isTexts(parameters) || (tags !== undefined && !isTexts(tags)))
    throw invalid("these are no parameters of a stack");
  return { template, parameters, tags };
}

function isTexts(value: unknown): value is Record<string, string> {
  return typeof value === "object" && value !== null && Object.values(value).every((each) => typeof each === "string");
}

/** A deployed stack's template. @throws UserError template/invalid */
export async function templateIn(given: DeployedStack["template"], cwd: string): Promise<StackTemplate> {
  if (typeof given === "object") return templateOf(given.text, "the deployed template");
  return templateInFile(given, cwd);
}

async function templateInFile(file: string, cwd: string): Promise<StackTemplate> {
  const text = await readFile(resolve(cwd, file), "utf8").catch((error: unknown) => {
    throw new UserError("template/invalid", whyUnreadable(error), {
      place: { file },
      hint: "what is deployed is printed by: aws cloudformation get-template --stack-name NAME --query TemplateBody",
      cause: error,
    });
  });
  return templateOf(text, file);
}

/** @throws UserError template/invalid */
export function templateOf(text: string, file: string): StackTemplate {
  try {
    return readTemplate(text);
  } catch (error) {
    if (!(error instanceof TemplateProblem)) throw error;
    const { line, column } = error;
    throw new UserError("template/invalid", error.message, { place: { file, line, column }, cause: error });
  }
}
