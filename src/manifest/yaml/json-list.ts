import { isText } from "./scalars.ts";
import type { ListNode, ScalarNode } from "./tree.ts";

/** `'["a", "b"]'` where a list is expected is that list, as Copilot reads it: a non-empty JSON array of strings in any
 *  scalar but a literal block. So a list can come out of a `${VAR}`. */
export function jsonList(node: ScalarNode): ListNode | undefined {
  if (!isText(node) || node.style === "literal" || !/^\s*\[/.test(node.text)) return undefined;
  const items = parsed(node.text);
  if (!Array.isArray(items) || items.length === 0 || !items.every((item) => typeof item === "string")) return undefined;
  return {
    kind: "list",
    at: node.at,
    items: items.map((text) => ({ kind: "scalar", at: node.at, text, style: "quoted" })),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
