import type { Diagnostic } from "../../errors.ts";
import type { Problems } from "../problems.ts";
import { readAddonFile } from "./addon-file.ts";
import type { Addons, AddonsOwner } from "./addons.ts";
import { mergeAddons } from "./merge-addons.ts";
import { outputsOf, reportIncomplete } from "./output-kinds.ts";
import { checkParameters, readParameters } from "./parameters.ts";

/** A file of an addons folder. */
export interface AddonSource {
  /** Its name in the folder. */
  name: string;
  /** As messages show it. */
  file: string;
  text: string;
}

export interface LoadedAddons {
  /** Absent when the folder has no template, or one with errors. */
  addons?: Addons;
  diagnostics: Diagnostic[];
}

const parameterFiles = ["addons.parameters.yaml", "addons.parameters.yml"];

/** Whether a file counts as a part of addons. */
export function isAddonFile(name: string): boolean {
  return /\.ya?ml$/.test(name);
}

/** One template of the files of a folder, by Copilot's rules. What is wrong is told at its place.
 *  @param sources what {@link isAddonFile} says yes to, in the order of their names */
export function loadAddons(sources: readonly AddonSource[], owner: AddonsOwner): LoadedAddons {
  const isParameters = ({ name }: AddonSource) => parameterFiles.includes(name);
  const files = sources.filter((source) => !isParameters(source)).map(({ file, text }) => readAddonFile(file, text));
  const [given, another] = sources.filter(isParameters).map(({ file, text }) => readParameters(file, text));
  if (files.length === 0) return { diagnostics: given === undefined ? [] : [withoutTemplate(given.problems)] };
  another?.problems.add(0, "addons/parameters", "there may be only one file of parameters", [], {
    hint: `the other one is ${given?.problems.place(0).file}`,
  });
  const all = [...files.map(({ problems }) => problems), ...[given, another].flatMap((each) => each?.problems ?? [])];
  const told = () => all.flatMap((problems) => problems.inFileOrder());
  // What is not read whole cannot be put together.
  if (all.some(({ hasErrors }) => hasErrors)) return { diagnostics: told() };
  const merged = mergeAddons(files);
  reportIncomplete(merged);
  if (!merged.sections.Resources)
    files[0]?.problems.add(
      0,
      "addons/template",
      "there are no `Resources`, and CloudFormation makes no stack of nothing",
      [],
      {
        hint: "add `Resources:`, or remove the folder",
      },
    );
  checkParameters(merged, given, { owner, files });
  const diagnostics = told();
  if (diagnostics.some(({ severity }) => severity === "error")) return { diagnostics };
  const parameters = new Map([...(given?.entries ?? [])].map(([name, { value }]) => [name, value]));
  const parameterPlace = (at: number) => given?.problems.place(at) ?? { file: "" };
  return { addons: { text: merged.text, outputs: outputsOf(merged), parameters, parameterPlace }, diagnostics };
}

function withoutTemplate(problems: Problems): Diagnostic {
  const { file, line = 1, column = 1 } = problems.place(0);
  const message = "no template lies beside this file, and so it has no effect";
  return { severity: "warning", code: "addons/parameters", message, file, line, column, path: "" };
}
