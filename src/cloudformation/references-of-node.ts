import type { MapNode, Node } from "../manifest/yaml/tree.ts";

/** A parameter or resource that a part of a template refers to. */
export interface NamedReference {
  name: string;
  at: number;
}

/** What a part of a template, as a user writes it, refers to by `Ref`, `Fn::GetAtt` and `Fn::Sub`. CloudFormation's own
 *  names (`AWS::Region`) are none. */
export function referencesOfNode(node: Node): NamedReference[] {
  return found(node).filter(({ name }) => !name.startsWith("AWS::"));
}

function found(node: Node): NamedReference[] {
  if (node.kind === "null") return [];
  const own = node.tag?.startsWith("!") ? byFunction(node.tag.slice(1), node) : [];
  if (node.kind === "scalar") return own;
  if (node.kind === "list") return [...own, ...node.items.flatMap(found)];
  return [...own, ...longForms(node), ...[...node.entries.values()].flatMap(({ value }) => found(value))];
}

function longForms({ entries }: MapNode): NamedReference[] {
  const [entry, ...others] = entries;
  if (!entry || others.length > 0) return [];
  const [key, { value }] = entry;
  return byFunction(key.replace(/^Fn::/, ""), value);
}

function byFunction(name: string, argument: Node): NamedReference[] {
  const first = argument.kind === "list" ? argument.items[0] : argument;
  if (first?.kind !== "scalar") return [];
  const { text, at } = first;
  if (name === "Ref") return [{ name: text.trim(), at }];
  if (name === "GetAtt") return [{ name: text.trim().split(".")[0] ?? "", at }];
  if (name !== "Sub") return [];
  const second = argument.kind === "list" ? argument.items[1] : undefined;
  const own = new Set(second?.kind === "map" ? second.entries.keys() : []);
  return [...text.matchAll(/\$\{([^!}][^}]*)\}/g)]
    .map(([, inner = ""]) => inner.trim())
    .filter((inner) => !own.has(inner))
    .map((inner) => ({ name: inner.split(".")[0] ?? "", at }));
}
