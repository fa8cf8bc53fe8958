import { Lexer } from "yaml";

/** What is used of the library's lexer; its types call these private. */
interface LexerParts {
  buffer: string;
  pos: number;
  flowLevel: number;
  /** How far a line has to be indented to go on with the node before it. */
  indentNext: number;
  lex(source: string): Generator<string>;
  parseFlowCollection(): Generator<string, unknown>;
  parseQuotedScalar(): Generator<string, unknown>;
}

/** The tokens of a text, in which lines inside quotes and brackets may be indented as they like, with tabs too, as
 *  Go's yaml.v3 reads them. A quote or bracket that is never closed, or closed by another's end, is left to the
 *  library's stricter reading, which then finds the better place for its error. */
export function tokensOf(text: string): Generator<string> {
  return new LenientLexer().lex(text);
}

class LenientLexer extends (Lexer as unknown as new () => LexerParts) {
  #indentAround: number | undefined;
  #isUnclosed = false;

  override *parseFlowCollection(): Generator<string, unknown> {
    if (this.#indentAround === undefined && this.flowLevel === 1 && !this.#isUnclosed) {
      const end = endOfBrackets(this.buffer, this.pos);
      this.#isUnclosed = end === undefined;
      if (end !== undefined && isFollowedWell(this.buffer, end)) {
        this.#indentAround = this.indentNext;
        this.indentNext = 0;
      }
    }
    const next = yield* super.parseFlowCollection();
    if (this.flowLevel === 0 && this.#indentAround !== undefined) {
      this.indentNext = this.#indentAround;
      this.#indentAround = undefined;
    }
    return next;
  }

  override *parseQuotedScalar(): Generator<string, unknown> {
    const around = this.indentNext;
    const end = endOfQuotes(this.buffer, this.pos);
    if (end !== undefined && isFollowedWell(this.buffer, end)) this.indentNext = 0;
    const next = yield* super.parseQuotedScalar();
    this.indentNext = around;
    return next;
  }
}

/** The last quote is optional: a pattern that cannot fail does not try again and again. */
const quotedText = /"(?:[^"\\]+|\\[\s\S])*("?)|'(?:[^']+|'')*('?)/y;
const insideBrackets = /(?:[^[\]{}"'#]+|(?<=\S)#|#.*|(?<=[^\s,:[\]{}?&!-][ \t]*)["'])*/y;

/** Where the brackets end that have been opened just before a position; undefined when they never do. */
function endOfBrackets(text: string, start: number): number | undefined {
  let at = start;
  for (let open = 1; open > 0;) {
    at = skipped(insideBrackets, text, at);
    const character = text[at];
    if (character === undefined) return undefined;
    if (character === '"' || character === "'") {
      const end = endOfQuotes(text, at);
      if (end === undefined) return undefined;
      at = end;
    } else {
      open += character === "[" || character === "{" ? 1 : -1;
      at += 1;
    }
  }
  return at;
}

/** Where the quotes end that open at a position; undefined when they never do. */
function endOfQuotes(text: string, start: number): number | undefined {
  quotedText.lastIndex = start;
  const [, double, single] = quotedText.exec(text) ?? [];
  return double || single ? quotedText.lastIndex : undefined;
}

function skipped(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

const afterValue = /[ \t]*(?:$|[\r\n#:,\]}])/y;

function isFollowedWell(text: string, at: number): boolean {
  afterValue.lastIndex = at;
  return afterValue.test(text);
}
