import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { readTemplate, type StackTemplate, TemplateProblem } from "../cloudformation/read-template.ts";
import type { StackState } from "../cloudformation/update/stack-update.ts";
import { UserError } from "../errors.ts";

/** A template with the parameters that lie beside it, as packaging writes them; without them, the new ones count.
 *  @throws UserError template/invalid */
export async function stateInFile(file: string, after: StackState, cwd: string): Promise<StackState> {
  const template = await templateIn(file, cwd);
  const beside = `${file.replace(/(\.stack|\.stackset)?\.(ya?ml|json|template)$/, "")}.params.json`;
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

/** @throws UserError template/invalid */
export async function templateIn(file: string, cwd: string): Promise<StackTemplate> {
  const text = await readFile(resolve(cwd, file), "utf8").catch((error: unknown) => {
    throw new UserError("template/invalid", "this file cannot be read", { place: { file }, cause: error });
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
