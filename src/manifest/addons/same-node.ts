import { isNull, parseNumber, readFlag } from "../yaml/scalars.ts";
import type { Node, ScalarNode } from "../yaml/tree.ts";

/** Whether two parts of templates mean the same, however they are written. Their keys are in the same order, as Copilot
 *  compares them. */
export function sameNode(a: Node, b: Node): boolean {
  if (a.kind === "scalar" && b.kind === "scalar") return a.text === b.text && typeOf(a) === typeOf(b);
  if (a.kind === "list" && b.kind === "list")
    return a.tag === b.tag && a.items.length === b.items.length && a.items.every((item, i) => same(item, b.items[i]));
  if (a.kind !== "map" || b.kind !== "map") return a.kind === b.kind;
  const others = [...b.entries];
  return (
    a.tag === b.tag &&
    a.entries.size === others.length &&
    [...a.entries].every(([key, { value }], i) => others[i]?.[0] === key && same(value, others[i]?.[1].value))
  );
}

function same(a: Node, b: Node | undefined): boolean {
  return b !== undefined && sameNode(a, b);
}

/** `1` and `"1"` are not the same. */
function typeOf(node: ScalarNode): string {
  if (node.tag !== undefined) return node.tag;
  if (node.style !== "plain") return "text";
  if (isNull(node)) return "null";
  if (/^(true|false)$/i.test(node.text) && readFlag(node) !== undefined) return "flag";
  return parseNumber(node.text) === undefined ? "text" : "number";
}
