import { join, resolve } from "node:path";
import type { Template } from "../cloudformation/template.ts";
import { writeOutput } from "../workspace/create-file.ts";

/** A stack as CloudFormation takes it, and what its files are called. */
export interface PackagedStack {
  /** The stack's name; of a stack set, the set's. */
  name: string;
  /** The stack of its environment, whose exports it imports. */
  environmentStack?: string;
  template: Template;
  /** The template as text. */
  text: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  templateFile: string;
  /** Absent: a stack without parameters, of which nothing but the template is written. */
  parametersFile?: string;
  /** The template of the addons. */
  addons?: { file: string; text: string };
}

/** The parameters and tags of a stack, as CloudFormation's own tools read them. */
function parametersText({ parameters, tags }: PackagedStack): string {
  const sorted = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ Parameters: sorted(parameters), Tags: sorted(tags) }, null, 2)}\n`;
}

/** Writes a stack's files into a folder. @returns their paths @throws UserError workspace/write-failed */
export async function writeStack(stack: PackagedStack, folder: string, cwd: string): Promise<string[]> {
  const files = [
    { name: stack.templateFile, text: stack.text },
    ...(stack.parametersFile === undefined ? [] : [{ name: stack.parametersFile, text: parametersText(stack) }]),
    ...(stack.addons ? [{ name: stack.addons.file, text: stack.addons.text }] : []),
  ];
  for (const { name, text } of files) await writeOutput(resolve(cwd, folder, name), join(folder, name), text);
  return files.map(({ name }) => join(folder, name));
}
