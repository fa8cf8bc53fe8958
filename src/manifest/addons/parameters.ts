import { Problems } from "../problems.ts";
import { nearest } from "../spelling.ts";
import { listed, quoted } from "../words.ts";
import { readYaml } from "../yaml/read-document.ts";
import type { Entry, Node } from "../yaml/tree.ts";
import type { AddonFile } from "./addon-file.ts";
import { type AddonsOwner, givenParameters } from "./addons.ts";
import type { MergedAddons } from "./merge-addons.ts";

/** The file with what the stack around gives to parameters of the addons. */
export interface ParametersFile {
  problems: Problems;
  entries: Map<string, Entry>;
}

/** Reads `addons.parameters.yml`. What is wrong with it stands in its `problems`. */
export function readParameters(file: string, text: string): ParametersFile {
  const problems = new Problems(file, text);
  const none = { problems, entries: new Map<string, Entry>() };
  const read = readYaml(text, problems, "a file of parameters");
  if (!read) return none;
  const top = read.tree?.kind === "map" ? read.tree.entries.get("Parameters") : undefined;
  const { value: given } = top ?? {};
  if (given?.kind !== "map") {
    const message = top === undefined ? "`Parameters` is missing" : "`Parameters` has to be a map of names";
    const hint = "such as `Parameters: { ServiceName: !GetAtt Service.Name }`";
    problems.add(given?.at ?? 0, "addons/parameters", message, top ? ["Parameters"] : [], { hint });
    return none;
  }
  for (const [name, { keyAt, value }] of given.entries) {
    if (value.kind === "null") problems.add(keyAt, "addons/parameters", `${quoted(name)} has no value`, pathOf(name));
  }
  return { problems, entries: given.entries };
}

/** The rules that parameters of addons keep: the stack around gives some of them itself, and all others have a default or
 *  an entry of the file. */
export function checkParameters(
  merged: MergedAddons,
  given: ParametersFile | undefined,
  { owner, files }: { owner: AddonsOwner; files: readonly AddonFile[] },
): void {
  const reserved = givenParameters[owner];
  const declared = merged.sections.Parameters ?? new Map();
  for (const name of reserved) if (!declared.has(name)) reportUndeclared(name, files);
  const own = [...declared.keys()].filter((name) => !reserved.includes(name));
  for (const [name, { keyAt }] of given?.entries ?? []) {
    const report = (message: string, hint?: string) =>
      given?.problems.add(keyAt, "addons/parameters", message, pathOf(name), { hint });
    if (reserved.includes(name)) {
      report(
        `${quoted(name)} is always given: ${listed(reserved.map(quoted), "and")} are none of the file's`,
        "remove it",
      );
    } else if (!declared.has(name)) {
      const meant = nearest(name, own);
      report(`no template has the parameter ${quoted(name)}`, meant ? `did you mean \`${meant}\`?` : undefined);
    }
  }
  for (const [name, { file, keyAt, value }] of declared) {
    if (reserved.includes(name) || given?.entries.has(name) || hasDefault(value)) continue;
    file.problems.add(keyAt, "addons/parameters", `nothing gives the parameter ${quoted(name)} a value`, pathOf(name), {
      hint: "give it a `Default`, or a value under `Parameters` of addons.parameters.yml",
    });
  }
}

function reportUndeclared(name: string, files: readonly AddonFile[]): void {
  const place = files.find(({ sections }) => sections.Parameters) ?? files[0];
  const at = place?.sections.Parameters?.keyAt ?? 0;
  place?.problems.add(
    at,
    "addons/parameters",
    `the parameter ${quoted(name)} is missing, which is always given`,
    ["Parameters"],
    {
      hint: `add \`${name}: { Type: String }\` under \`Parameters\``,
    },
  );
}

function hasDefault(value: Node): boolean {
  const given = value.kind === "map" ? value.entries.get("Default")?.value : undefined;
  return given !== undefined && given.kind !== "null";
}

function pathOf(name: string): string[] {
  return ["Parameters", name];
}
