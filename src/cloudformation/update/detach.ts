import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, type Pair, stringify, type YAMLMap } from "yaml";
import {
  parseTemplate,
  readTemplate,
  type StackResource,
  type StackTemplate,
  templateOf,
  textOf,
} from "../read-template.ts";
import { isCustomResource, retains } from "./custom-resource.ts";

/** The entry in a resource's Metadata that makes new policies count as an update: CloudFormation refuses one that
 *  changes nothing else. */
const detachedMark = "pilotfish:detached";

/** A template in which every custom resource stays when it goes out of the stack, so that its program is not told to
 *  delete what it made. Nothing else changes; what is detached already stays as it is. */
export function detach<T extends StackTemplate>(template: T): T {
  const resources = Object.entries(template.Resources).map(([id, resource]) => [
    id,
    isAttached(resource) ? detached(resource) : resource,
  ]);
  return { ...template, Resources: Object.fromEntries(resources) };
}

function detached(resource: StackResource): StackResource {
  const { DeletionPolicy, UpdateReplacePolicy } = resource;
  return {
    ...resource,
    DeletionPolicy: retains(DeletionPolicy) ? DeletionPolicy : "Retain",
    UpdateReplacePolicy: retains(UpdateReplacePolicy) ? UpdateReplacePolicy : "Retain",
    Metadata: { ...(resource.Metadata as object | undefined), [detachedMark]: true },
  };
}

/** The custom resources of a template that are not detached. */
export function attached(template: StackTemplate): string[] {
  return Object.entries(template.Resources).flatMap(([id, resource]) => (isAttached(resource) ? [id] : []));
}

function isAttached(resource: StackResource): boolean {
  return isCustomResource(resource) && !(retains(resource.DeletionPolicy) && retains(resource.UpdateReplacePolicy));
}

/** {@link detach}, as an edit of the text: all that is there stays as it is written. @throws TemplateProblem */
export function detachText(text: string): string {
  const parsed = parseTemplate(text);
  const template = templateOf(parsed);
  const ids = new Set(attached(template));
  if (ids.size === 0) return text;
  const resources = parsed.document.get("Resources", true);
  const pairs = isMap(resources) ? resources.items : [];
  const edits = pairs.flatMap(({ key, value }) =>
    isMap(value) && ids.has(textOf(key)) ? editsOf(value, text, template.Resources[textOf(key)]) : [],
  );
  const edited = edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((whole, { from, to, by }) => whole.slice(0, from) + by + whole.slice(to), text);
  const wanted = detach(template);
  if (isReadAs(edited, wanted)) return edited;
  // Written in a way that a line cannot be added to, such as a resource behind an alias.
  return stringify(wanted, { schema: "yaml-1.1", lineWidth: 0, aliasDuplicateObjects: false });
}

function isReadAs(text: string, template: StackTemplate): boolean {
  try {
    return isDeepStrictEqual(readTemplate(text), template);
  } catch {
    return false;
  }
}

interface Edit {
  from: number;
  to: number;
  by: string;
}

function editsOf(
  resource: YAMLMap,
  text: string,
  { DeletionPolicy, UpdateReplacePolicy }: Partial<StackResource> = {},
) {
  const policies = { DeletionPolicy, UpdateReplacePolicy };
  const open = Object.entries(policies).flatMap(([name, policy]) => (retains(policy) ? [] : [name]));
  const added: [string, string][] = [];
  const edits: Edit[] = [];
  for (const name of open) {
    const there = entryOf(resource, name);
    const edit = there && replaceValue(there, "Retain", text);
    if (edit) edits.push(edit);
    else added.push([name, "Retain"]);
  }
  const metadata = entryOf(resource, "Metadata")?.value;
  const mark = JSON.stringify(detachedMark);
  if (!isMap(metadata)) added.push(["Metadata", `{ ${mark}: true }`]);
  else if (metadata.items.length > 0) edits.push(insertBefore(metadata, metadata.items[0], [[mark, "true"]], text));
  else edits.push({ from: metadata.range?.[0] ?? 0, to: metadata.range?.[1] ?? 0, by: `{ ${mark}: true }` });
  if (added.length > 0) edits.push(insertBefore(resource, entryOf(resource, "Type"), added, text));
  return edits;
}

function entryOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => textOf(key) === name);
}

function replaceValue({ value }: Pair, by: string, text: string): Edit | undefined {
  if (!isScalar(value) || !value.range) return undefined;
  const [from, to] = value.range;
  const quoted = text[from] === '"' || text[from] === "'";
  return { from, to, by: quoted ? JSON.stringify(by) : by };
}

/** Entries before another one of the same map, in its layout: one a line, or between commas. */
function insertBefore(map: YAMLMap, entry: Pair | undefined, added: readonly [string, string][], text: string): Edit {
  const from = isScalar(entry?.key) ? (entry.key.range?.[0] ?? 0) : 0;
  const lead = text.slice(text.lastIndexOf("\n", from - 1) + 1, from);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const next = /^\s*$/.test(lead) ? newline + lead : map.flow ? " " : newline + " ".repeat(lead.length);
  const json = (word: string) =>
    word.startsWith('"') || word.startsWith("{") || word === "true" ? word : JSON.stringify(word);
  const line = ([key, value]: [string, string]) =>
    map.flow ? `${json(key)}: ${json(value)},${next}` : `${key}: ${value}${next}`;
  return { from, to: from, by: added.map((each) => line([...each])).join("") };
}
