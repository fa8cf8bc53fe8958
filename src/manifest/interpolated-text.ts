import { CST, Parser } from "yaml";
import { tokensOf } from "./yaml/lexer.ts";
import type { Node } from "./yaml/tree.ts";

/** A manifest's text with the values of variables where they are named; all else stays as it is written.
 *  @param root of the same text, after interpolation */
export function interpolatedText(text: string, root: Node): string {
  const values = new Map<number, string>();
  collect(root, values);
  if (values.size === 0) return text;
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of tokensOf(text)) tokens.push(...parser.next(lexeme));
  tokens.push(...parser.end());
  for (const token of tokens) {
    if (token.type !== "document") continue;
    CST.visit(token, ({ key, value }, path) => {
      const inFlow = path.length > 0 && CST.visit.parentCollection(token, path).type === "flow-collection";
      replaceIn(value, values, { afterKey: Boolean(key), inFlow });
    });
  }
  return tokens.map((token) => CST.stringify(token)).join("");
}

function collect(node: Node, values: Map<number, string>): void {
  if (node.kind === "scalar" && node.interpolated === "value") values.set(node.at, node.text);
  else if (node.kind === "list") for (const item of node.items) collect(item, values);
  else if (node.kind === "map") for (const { value } of node.entries.values()) collect(value, values);
}

function replaceIn(
  token: CST.Token | null | undefined,
  values: ReadonlyMap<number, string>,
  where: { afterKey: boolean; inFlow: boolean },
): void {
  if (!CST.isScalar(token)) return;
  const value = values.get(token.offset);
  if (value === undefined) return;
  // What comes from a variable is text, whatever it looks like.
  const isPlain = token.type === "scalar" && !looksLikeOtherThanText.test(value);
  const style = token.type === "scalar" ? { type: isPlain ? ("PLAIN" as const) : ("QUOTE_DOUBLE" as const) } : {};
  CST.setScalarValue(token, value, { ...where, ...style });
}

const looksLikeOtherThanText = /^(?:~|null|true|false|yes|no|on|off|y|n|[-+]?\.?\d[\w.+-]*|[-+]?\.(?:inf|nan)|)$/i;
