import { Document, isMap, isSeq, type Node as YamlNode, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { quoted } from "../words.ts";
import type { Node } from "../yaml/tree.ts";
import { type AddonFile, entriesOf, type Section, type SectionName, sections } from "./addon-file.ts";
import { sameNode } from "./same-node.ts";

/** One name in one section of the template that is made of all files. */
export interface MergedEntry {
  file: AddonFile;
  keyAt: number;
  value: Node;
}

export interface MergedAddons {
  /** The template as text: what people wrote stays as it is, with its comments. */
  text: string;
  sections: Partial<Record<SectionName, Map<string, MergedEntry>>>;
}

/** One template of all files, as Copilot makes it: what two files say of the same name has to be the same. What is not, is
 *  told in the later file. */
export function mergeAddons(files: readonly AddonFile[]): MergedAddons {
  const merged: MergedAddons["sections"] = {};
  const top = new YAMLMap();
  for (const name of sections) {
    const parts = files.flatMap((file) => {
      const section = file.sections[name];
      return section ? [{ file, section }] : [];
    });
    const [first] = parts;
    if (!first) continue;
    if (name === "Transform") top.add(new Pair(new Scalar(name), transforms(parts.map(({ section }) => section))));
    else {
      const { entries, written } = name === "Mappings" ? mappings(parts) : flat(name, parts);
      merged[name] = entries;
      top.add(new Pair(new Scalar(name), written));
    }
  }
  const document = new Document(undefined, { schema: "failsafe" });
  document.contents = top as never;
  return { text: document.toString({ lineWidth: 0, flowCollectionPadding: false }), sections: merged };
}

type Part = { file: AddonFile; section: Section };

function flat(name: SectionName, parts: readonly Part[]): { entries: Map<string, MergedEntry>; written: YAMLMap } {
  const entries = new Map<string, MergedEntry>();
  const written = likeFirst(parts);
  for (const { file, section } of parts) {
    const from = written.items.length;
    for (const { key, keyAt, value, pair } of entriesOf(section)) {
      const there = entries.get(key);
      if (there === undefined) {
        entries.set(key, { file, keyAt, value });
        written.items.push(pair);
      } else if (!sameNode(there.value, value)) conflict(file, keyAt, [name, key], there);
    }
    if (from > 0) keepComment(written, from, section);
  }
  return { entries, written };
}

/** Mappings are put together one level deeper. */
function mappings(parts: readonly Part[]): { entries: Map<string, MergedEntry>; written: YAMLMap } {
  const entries = new Map<string, MergedEntry>();
  const inner = new Map<string, { written: YAMLMap; entries: Map<string, MergedEntry> }>();
  const written = likeFirst(parts);
  for (const { file, section } of parts) {
    for (const { key, keyAt, value, pair } of entriesOf(section)) {
      const there = inner.get(key);
      if (there === undefined || value.kind !== "map" || !isMap(pair.value)) {
        if (there !== undefined) continue;
        entries.set(key, { file, keyAt, value });
        written.items.push(pair);
        if (value.kind === "map" && isMap(pair.value))
          inner.set(key, { written: pair.value, entries: entriesAt(file, value) });
        continue;
      }
      for (const each of entriesOf({ keyAt, node: value, written: pair.value as never })) {
        const known = there.entries.get(each.key);
        if (known === undefined) {
          there.entries.set(each.key, { file, keyAt: each.keyAt, value: each.value });
          there.written.items.push(each.pair);
        } else if (!sameNode(known.value, each.value)) conflict(file, each.keyAt, ["Mappings", key, each.key], known);
      }
    }
  }
  return { entries, written };
}

function entriesAt(file: AddonFile, node: Extract<Node, { kind: "map" }>): Map<string, MergedEntry> {
  return new Map([...node.entries].map(([key, { keyAt, value }]) => [key, { file, keyAt, value }]));
}

function conflict(file: AddonFile, at: number, path: readonly string[], there: MergedEntry): void {
  const { file: other, line } = there.file.problems.place(there.keyAt);
  const name = path.slice(1).join(".");
  file.problems.add(at, "addons/conflict", `${quoted(name)} is not the same as at ${other}:${line}`, path, {
    hint: "all files of the folder are one template: give it another name, or take it out of one of them",
  });
}

/** A map without entries that is written as the first one; on one line when all are. */
function likeFirst(parts: readonly Part[]): YAMLMap {
  const map = new YAMLMap();
  const like = parts[0]?.section.written;
  if (!isMap(like)) return map;
  map.flow = parts.every(({ section: { written } }) => isMap(written) && written.flow === true);
  if (like.commentBefore != null) map.commentBefore = like.commentBefore;
  if (like.comment != null) map.comment = like.comment;
  return map;
}

/** What stands in front of a later file's section belongs to its first entry. */
function keepComment(map: YAMLMap, from: number, { written }: Section): void {
  const added = map.items[from];
  if (written.commentBefore == null || !isMap(written) || written.items[0] !== added) return;
  const key = added?.key as YamlNode;
  key.commentBefore = [written.commentBefore, key.commentBefore].filter(Boolean).join("\n");
}

/** A list of all transforms, each once. */
function transforms(given: readonly Section[]): YAMLSeq {
  const list = new YAMLSeq();
  const seen: Node[] = [];
  for (const { node, written } of given) {
    const nodes = node.kind === "list" ? node.items : [node];
    const items = isSeq(written) ? written.items : [written];
    for (const [i, each] of nodes.entries()) {
      if (seen.some((other) => sameNode(other, each))) continue;
      seen.push(each);
      list.items.push(items[i]);
    }
  }
  return list;
}
