import { Composer, type Document, type ParsedNode, Parser } from "yaml";
import { tokensOf } from "./lexer.ts";
import { type Excess, limits, tooDeep, tooManyTokens } from "./limits.ts";

export type YamlDocument = Document.Parsed<ParsedNode>;

/** How deep a document may be for the library to compose it, which it does recursively. */
const composable = 5 * limits.depth;

/** Parses a text as YAML 1.2 in which every scalar stays text. Errors stand in the documents. */
export function parseDocuments(text: string): YamlDocument[] | Excess {
  const composer = new Composer<ParsedNode>({
    schema: "failsafe",
    // Both are looked for in the tree: the library compares each key with each other one.
    uniqueKeys: false,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const parser = new Parser();
  const documents: YamlDocument[] = [];
  let tooDeepAt: number | undefined;
  let tokens = 0;
  for (const lexeme of tokensOf(text)) {
    tokens += /^[\s#]/.test(lexeme) ? 0.125 : 1;
    if (tokens > limits.tokens) return tooManyTokens(parser.offset);
    const known = withKnownEscapes(lexeme);
    for (const token of parser.next(known)) documents.push(...composer.next(token));
    // Positions are those of the text as it is written.
    parser.offset += lexeme.length - known.length;
    if (parser.stack.length > composable) {
      tooDeepAt = parser.offset;
      break;
    }
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(false, text.length));
  // Broken YAML may look deep to the parser only because it is broken.
  const isBroken = documents.some(({ errors }) => errors.length > 0);
  return tooDeepAt === undefined || isBroken ? documents : tooDeep(tooDeepAt);
}

/** Go's yaml.v3 also knows `\\'` in double quotes. */
function withKnownEscapes(lexeme: string): string {
  if (!lexeme.startsWith('"') || !lexeme.includes("\\'")) return lexeme;
  return lexeme.replaceAll(/\\[\s\S]/g, (escape) => (escape === "\\'" ? "'" : escape));
}
