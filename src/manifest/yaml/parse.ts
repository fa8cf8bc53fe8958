import { Composer, type Document, Lexer, type ParsedNode, Parser } from "yaml";
import { type Excess, limits, tooDeep } from "./limits.ts";

export type YamlDocument = Document.Parsed<ParsedNode>;

/** Parses a text as YAML 1.2 in which every scalar stays text. Errors stand in the documents. */
export function parseDocuments(text: string): YamlDocument[] | Excess {
  const composer = new Composer<ParsedNode>({
    schema: "failsafe",
    // Both are looked for in the tree: the library compares each key with each other one.
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const parser = new Parser();
  const documents: YamlDocument[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
    if (depth(parser) > limits.depth) return tooDeep(parser.offset);
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(false, text.length));
  return documents;
}

/** How many lists and maps are open. */
function depth({ stack }: Parser): number {
  if (stack.length <= limits.depth) return stack.length;
  return stack.filter(({ type }) => type === "block-map" || type === "block-seq" || type === "flow-collection").length;
}
