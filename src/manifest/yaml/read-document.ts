import { type YAMLParseError, isCollection, isNode, isScalar, visit } from "yaml";
import type { Problems } from "../problems.ts";
import { buildTree } from "./build-tree.ts";
import { parseDocuments, type YamlDocument } from "./parse.ts";
import { findExcess } from "./scan.ts";
import { syntaxProblem, tab, whatStaysOpen } from "./syntax-errors.ts";
import type { MapNode, Node } from "./tree.ts";

/** The map that a manifest's text holds; undefined when it holds something else or is no YAML, which is reported.
 *  @param hint what such a manifest starts with */
export function readDocument(
  text: string,
  problems: Problems,
  hint = "start with `name:` and `type:`",
): MapNode | undefined {
  const read = readYaml(text, problems, "a manifest");
  if (!read) return undefined;
  const { tree } = read;
  if (tree?.kind === "map") return tree;
  if (!tree || tree.kind === "null") problems.add(0, "yaml/empty", "the manifest is empty", [], { hint });
  else {
    const what = tree.kind === "list" ? "a list" : "text";
    problems.add(tree.at, "yaml/not-a-map", `a manifest is a map of keys, not ${what}`, [], { hint });
  }
  return undefined;
}

export interface ReadYaml {
  /** The first document of the text, as it is written; absent when there is none. */
  document?: YamlDocument;
  /** What it means; absent when it is empty. */
  tree?: Node;
}

/** What a text holds; undefined when it is no YAML, which is reported.
 *  @param what the file is: `a manifest` */
export function readYaml(text: string, problems: Problems, what: string): ReadYaml | undefined {
  const excess = findExcess(text);
  const documents = excess ?? parseDocuments(text);
  if (!Array.isArray(documents)) return refuse(documents);
  const [document, ...more] = documents;
  const syntaxIsFine = reportSyntax(documents, text, problems) && reportControlCharacters(text, problems);
  const second = more.find(({ contents }) => contents && !isEmptyScalar(contents));
  if (second) {
    const message = `${what} is one document; the one that starts here has no effect`;
    problems.add(afterMarker(text, second.range[0]), "yaml/documents", message, [], { severity: "warning" });
  }
  if (!document) return {};
  if (!syntaxIsFine) return undefined;
  if (!document.contents) return { document };
  const tree = buildTree(document.contents, text, problems);
  return "code" in tree ? refuse(tree) : { document, tree };

  function refuse({ at, code, message }: { at: number; code: string; message: string }): undefined {
    problems.add(at, code, message, []);
  }
}

/** More would not help anybody: the rest mostly follows from the first. */
const mostSyntaxProblems = 20;

/** One problem a line: what follows on the same line is a consequence. Says whether there is none. */
function reportSyntax(documents: YamlDocument[], text: string, problems: Problems): boolean {
  const lines = new Set<number | undefined>();
  for (const [document, error] of documents.flatMap((each) => each.errors.map((found) => [each, found] as const))) {
    if (lines.size >= mostSyntaxProblems) break;
    if (lines.has(problems.place(error.pos[0]).line)) continue;
    if (isCommentAfterValue(error, text)) continue;
    const opened = openedAt(document, error, text);
    const tabAt = opened === undefined ? indentingTab(error, text) : undefined;
    const at = opened ?? tabAt ?? afterIndent(error, text);
    lines.add(problems.place(error.pos[0]).line).add(problems.place(at).line);
    const { code, message, hint } = tabAt === undefined ? syntaxProblem(error, text.slice(at, at + 20)) : tab;
    problems.add(at, code, message, [], { hint });
  }
  return lines.size === 0;
}

/** Where a tab indents the line of an error: the library takes some for space, and stumbles over what follows. */
function indentingTab({ pos: [at] }: YAMLParseError, text: string): number | undefined {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const spaces = /^ *(?=\t)/.exec(text.slice(start, start + 200))?.[0];
  return spaces === undefined ? undefined : start + spaces.length;
}

/** The library points at the start of a badly indented line; people look at what stands there. */
function afterIndent({ code, pos: [at] }: YAMLParseError, text: string): number {
  return code === "BAD_INDENT" ? at + (/^ */.exec(text.slice(at, at + 200))?.[0].length ?? 0) : at;
}

/** Go's yaml.v3 takes `"a"#b` and `[a]#b` for a value and a comment. */
function isCommentAfterValue({ message, pos: [at] }: YAMLParseError, text: string): boolean {
  return message.startsWith("Comments must be separated") && /["'\]}]#/.test(text.slice(at - 1, at + 1));
}

/** What no YAML may hold unescaped. Says whether there is none. */
function reportControlCharacters(text: string, problems: Problems): boolean {
  const found = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(text);
  if (!found) return true;
  const name = `U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const hint = `remove it, or write it as an escape in double quotes`;
  problems.add(found.index, "yaml/syntax", `the control character ${name} cannot stand in YAML`, [], { hint });
  return false;
}

function isEmptyScalar(node: unknown): boolean {
  return isScalar(node) && node.type === "PLAIN" && node.source === "" && node.tag === undefined;
}

/** Where the quote or the bracket begins that an error says is still open. */
function openedAt(document: YamlDocument, error: YAMLParseError, text: string): number | undefined {
  const opened = whatStaysOpen(error);
  let start: number | undefined;
  if (!opened) return undefined;
  visit(document, (_, node) => {
    if (!isNode(node) || !node.range || node.range[0] >= error.pos[0]) return undefined;
    const isQuote = isScalar(node) && (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE");
    const isOpenBracket =
      isCollection(node) && node.flow && !/[\]}]\s*$/.test(text.slice(node.range[0], node.range[1]).slice(-20));
    if (opened === "quote" ? isQuote : isOpenBracket) start = Math.max(start ?? 0, node.range[0]);
    return undefined;
  });
  return start;
}

/** A document's range starts after its marker's line has begun; the marker itself is what people see. */
function afterMarker(text: string, start: number): number {
  const marker = text.lastIndexOf("---", start);
  return marker >= 0 ? marker : start;
}
