import type { ErrorCode, YAMLParseError } from "yaml";

interface SyntaxProblem {
  code: "yaml/tab" | "yaml/syntax";
  message: string;
  hint?: string;
}

/** Where nothing but a tab is wrong with a line. */
export const tab: SyntaxProblem = {
  code: "yaml/tab",
  message: "a tab indents this line; YAML allows spaces only",
  hint: "replace the tab with spaces",
};

const nested: SyntaxProblem = {
  code: "yaml/syntax",
  message: "a `key:` stands where a value goes on",
  hint: "indent it like the keys beside it, or put text that holds `: ` in quotes",
};

/** YAML's errors in words for people who write manifests. */
const messages: Partial<Record<ErrorCode, string | SyntaxProblem>> = {
  TAB_AS_INDENT: tab,
  BLOCK_AS_IMPLICIT_KEY: nested,
  MULTILINE_IMPLICIT_KEY: { code: "yaml/syntax", message: "this is neither `key: value` nor part of the line above" },
  BAD_INDENT: "the indentation does not fit the lines above",
  BAD_DQ_ESCAPE: {
    code: "yaml/syntax",
    message: "this backslash escape does not exist in double quotes",
    hint: "use single quotes to keep backslashes as they are",
  },
  BAD_SCALAR_START: {
    code: "yaml/syntax",
    message: "text cannot start with this character",
    hint: "put the text in quotes",
  },
  ALIAS_PROPS: "an alias cannot have an anchor or a tag of its own",
  BAD_ALIAS: "this alias has no name that YAML allows",
  BAD_DIRECTIVE: "this `%` directive is not one of YAML's",
  BLOCK_IN_FLOW: "an indented block cannot stand inside brackets",
  KEY_OVER_1024_CHARS: "a key cannot be longer than 1024 characters",
  MULTIPLE_ANCHORS: "a value can have one anchor only",
  MULTIPLE_TAGS: "a value can have one tag only",
  UNEXPECTED_TOKEN: "this does not belong here",
};

/** @param around the text that the error points at */
export function syntaxProblem(error: YAMLParseError, around: string): SyntaxProblem {
  const opened = whatStaysOpen(error);
  if (opened) return { code: "yaml/syntax", message: `this ${opened} is never closed` };
  const known = messages[error.code];
  if (typeof known === "object") return known;
  return { code: "yaml/syntax", message: known ?? missing(error.message, around) };
}

/** The library reports these where it gives up; people look for where they begin. */
export function whatStaysOpen({ message }: YAMLParseError): "quote" | "bracket" | undefined {
  if (/closing .quote/.test(message)) return "quote";
  return /^Flow (map|sequence) .*end with/.test(message) ? "bracket" : undefined;
}

function missing(libraryMessage: string, around: string): string {
  if (/map values/.test(libraryMessage)) return "a key without `:`";
  if (around.startsWith("-")) return "this list item does not belong here";
  return "this is not YAML";
}
