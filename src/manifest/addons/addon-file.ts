import { isMap, isScalar, type Pair, type ParsedNode, visit, type YAMLMap, type YAMLSeq } from "yaml";
import { nearest } from "../spelling.ts";
import { Problems } from "../problems.ts";
import { quoted } from "../words.ts";
import { readYaml } from "../yaml/read-document.ts";
import type { MapNode, Node } from "../yaml/tree.ts";

/** The parts of a template that addons may have, in the order in which they are written. */
export const sections = [
  "Metadata",
  "Parameters",
  "Mappings",
  "Conditions",
  "Transform",
  "Resources",
  "Outputs",
] as const;

export type SectionName = (typeof sections)[number];

/** One part of one file: what it means, and how it is written. */
export interface Section {
  keyAt: number;
  node: Node;
  written: YAMLMap.Parsed | YAMLSeq.Parsed | ParsedNode;
}

/** One file of an addons folder. */
export interface AddonFile {
  file: string;
  problems: Problems;
  sections: Partial<Record<SectionName, Section>>;
}

/** What a template has at its top beside these parts, and loses without loss. */
const silent = new Set(["AWSTemplateFormatVersion", "Description"]);

/** Reads a file with a template. What is wrong with it stands in its `problems`. */
export function readAddonFile(file: string, text: string): AddonFile {
  const problems = new Problems(file, text);
  const result: AddonFile = { file, problems, sections: {} };
  const { document, tree } = readYaml(text, problems, "a template") ?? {};
  if (!document || !tree || tree.kind === "null") return result;
  const top = document.contents;
  if (tree.kind !== "map" || !isMap(top)) {
    problems.add(tree.at, "addons/template", "a template is a map of sections", [], {
      hint: "start with `Resources:`",
    });
    return result;
  }
  refuseAliases(document.contents, problems);
  for (const [key, { keyAt, value }] of tree.entries) {
    const section = sections.find((each) => each === key);
    if (section === undefined) warnOfOther(problems, key, keyAt);
    else if (value.kind !== "null" && isRight(section, value, problems))
      result.sections[section] = { keyAt, node: value, written: writtenAs(top, key) };
  }
  return result;
}

function isRight(section: SectionName, node: Node, problems: Problems): boolean {
  if (section === "Transform" || node.kind === "map") return true;
  problems.add(node.at, "addons/section", `${quoted(section)} has to be a map of names`, [section]);
  return false;
}

function warnOfOther(problems: Problems, key: string, keyAt: number): void {
  if (silent.has(key)) return;
  const meant = nearest(key, sections);
  problems.add(keyAt, "addons/unknown-section", `${quoted(key)} is no section of addons; it has no effect`, [key], {
    hint: meant ? `did you mean \`${meant}\`?` : `there are ${sections.join(", ")}`,
    severity: "warning",
  });
}

/** CloudFormation takes neither aliases nor merged maps. */
function refuseAliases(contents: ParsedNode | null, problems: Problems): void {
  const hint = "write what it repeats once more";
  visit(contents, {
    Alias: (_, { range, source }) => {
      const at = range?.[0] ?? 0;
      problems.add(at, "addons/alias", `CloudFormation takes no aliases such as ${quoted(`*${source}`)}`, [], { hint });
    },
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === "<<" && key.type === "PLAIN")
        problems.add(key.range?.[0] ?? 0, "addons/alias", "CloudFormation does not merge maps with `<<`", [], { hint });
    },
  });
}

function writtenAs(top: YAMLMap.Parsed, key: string): ParsedNode {
  return pairOf(top, key).value as ParsedNode;
}

/** A key of a map that is known to have it. */
function pairOf(map: YAMLMap.Parsed, key: string): Pair<ParsedNode, ParsedNode | null> {
  const pair = map.items.find((each) => "value" in each.key && String(each.key.value) === key);
  if (!pair) throw new Error(`there is no ${key}`);
  return pair;
}

/** The entries of a map with how they are written. */
export function entriesOf({ node, written }: Section): { key: string; keyAt: number; value: Node; pair: Pair }[] {
  return [...(node as MapNode).entries].map(([key, { keyAt, value }]) => ({
    key,
    keyAt,
    value,
    pair: pairOf(written as YAMLMap.Parsed, key),
  }));
}
