import { type Excess, limits, tooDeep, tooLarge, tooManyAliases } from "./limits.ts";

/** Looks for passed limits in one linear sweep, before anything is parsed: a parser would already take too long, or
 *  run out of stack. It knows just enough of YAML to tell structure from text. What it does not recognise it leaves
 *  to the parser, which counts exactly. */
export function findExcess(text: string, { bytes, depth, aliases }: ScanLimits = limits): Excess | undefined {
  if (text.length > bytes || new TextEncoder().encode(text).length > bytes) return tooLarge();
  return new Scanner(text, depth, aliases).scan();
}

export type ScanLimits = Readonly<Record<"bytes" | "depth" | "aliases", number>>;

/** An open list or map: a block at its column, or brackets. */
interface Level {
  column: number;
  kind: "list" | "map" | "brackets";
  anchors: readonly Anchor[];
}

/** An anchor whose node is not closed yet, with the expansions counted before it. */
interface Anchor {
  name: string;
  before: number;
}

const none: Anchor[] = [];

const blank = /\s/;
const propertyText = /[&!*][^\s,[\]{}]*/y;
const doubleQuoted = /"(?:[^"\\]+|\\[\s\S])*"?/y;
const singleQuoted = /'[^']*'?/y;
const plainInBlock = /(?:[^\s:#]+|:(?=\S)|(?<=\S)#|[ \t]+(?![#\s]))*/y;
const plainInFlow = /(?:[^\s:#,[\]{}]+|:(?=[^\s,[\]{}])|(?<=\S)#|[ \t]+(?![#\s,[\]{}]))*/y;

class Scanner {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #maxAliases: number;
  readonly #levels: Level[] = [];
  readonly #expansionsOf = new Map<string, number>();
  #at = 0;
  #lineStart = 0;
  #pending: Anchor[] = none;
  #expansions = 0;
  #excess: Excess | undefined;

  constructor(text: string, maxDepth: number, maxAliases: number) {
    this.#text = text;
    if (text.startsWith("\uFEFF")) this.#at = 1;
    this.#maxDepth = maxDepth;
    this.#maxAliases = maxAliases;
  }

  scan(): Excess | undefined {
    while (this.#at < this.#text.length && !this.#excess) {
      if (this.#inFlow()) this.#flowToken();
      else this.#blockLine();
    }
    return this.#excess;
  }

  #blockLine(): void {
    this.#lineStart = this.#at;
    this.#skipSpaces(false);
    const column = this.#at - this.#lineStart;
    const first = this.#text[this.#at];
    if (first === undefined || first === "\n" || first === "\r" || first === "#") return void this.#skipLine();
    if (
      column === 0 &&
      (first === "-" || first === ".") &&
      /^(---|\.\.\.)(?=\s|$)/.test(this.#text.slice(this.#at, this.#at + 4))
    ) {
      this.#closeUntil(-1);
      this.#at += 3;
    } else {
      this.#closeUntil(column);
      const top = this.#levels.at(-1);
      const isItem = first === "-" && this.#endsWord(this.#at + 1);
      if (top?.kind === "list" && top.column === column && !isItem) this.#close();
    }
    this.#blockContent();
  }

  /** From here to the end of a node on this line: `- `, `? `, properties, then a scalar, brackets or `key: value`. */
  #blockContent(): void {
    while (!this.#excess) {
      this.#skipSpaces(true);
      const here = this.#at;
      const character = this.#text[here];
      if (character === undefined || character === "\n" || character === "\r") return void this.#skipLine();
      if (character === "#") return void this.#skipLine();
      if ((character === "-" || character === "?" || character === ":") && this.#endsWord(here + 1)) {
        if (character !== ":") this.#open(here - this.#lineStart, character === "-" ? "list" : "map", here);
        this.#at += 1;
      } else if (character === "|" || character === ">") {
        return this.#skipDeeperLines();
      } else if (character === "[" || character === "{") {
        this.#at += 1;
        return this.#open(here - this.#lineStart, "brackets", here);
      } else if (character === "&" || character === "!") {
        this.#property();
      } else if (!this.#scalar(plainInBlock)) {
        return;
      }
    }
  }

  /** A scalar in block context, with its key's colon when it is a key. Says whether more of the line is to be read. */
  #scalar(plain: RegExp): boolean {
    const here = this.#at;
    const isPlain = !`"'*`.includes(this.#text[here] ?? "");
    this.#consumeScalar(plain);
    this.#skipSpaces(true);
    if (this.#text[this.#at] === ":" && this.#endsWord(this.#at + 1)) {
      this.#at += 1;
      this.#pending = none;
      this.#open(here - this.#lineStart, "map", here);
      return true;
    }
    if (isPlain) this.#skipDeeperLines();
    else this.#skipLine();
    return false;
  }

  #flowToken(): void {
    const here = this.#at;
    const character = this.#text[here] ?? "";
    if (character === "[" || character === "{") {
      this.#at += 1;
      this.#open(here, "brackets", here);
    } else if (character === "]" || character === "}") {
      this.#at += 1;
      this.#close();
      if (!this.#inFlow()) this.#afterFlow();
    } else if (character === "," || this.#isFlowIndicator(character, here)) {
      this.#pending = none;
      this.#at += 1;
    } else if (character === " ") this.#skipSpaces(true);
    else if (blank.test(character)) this.#at += 1;
    else if (character === "#" && blank.test(this.#text[here - 1] ?? " ")) this.#skipLine();
    else if (character === "&" || character === "!") this.#property();
    else this.#consumeScalar(plainInFlow);
  }

  /** A colon or question mark may also start a plain scalar; a colon right after quotes or brackets does not. */
  #isFlowIndicator(character: string, at: number): boolean {
    if (character !== ":" && character !== "?") return false;
    if (this.#endsWord(at + 1) || ",[]{}".includes(this.#text[at + 1] ?? "")) return true;
    return character === ":" && `"']}`.includes(this.#text[at - 1] ?? "x");
  }

  /** Brackets may have been a key. */
  #afterFlow(): void {
    this.#skipSpaces(true);
    if (this.#text[this.#at] === ":") this.#blockContent();
    else this.#skipLine();
  }

  #consumeScalar(plain: RegExp): void {
    const here = this.#at;
    const character = this.#text[here];
    if (character === "*") this.#alias(this.#take(propertyText).slice(1), here);
    else if (character === '"') this.#take(doubleQuoted);
    else if (character === "'") while (this.#take(singleQuoted) && this.#text[this.#at] === "'");
    else this.#take(plain);
    if (this.#at === here) this.#at += 1;
    this.#pending = none;
  }

  #property(): void {
    const property = this.#take(propertyText);
    if (!property.startsWith("&")) return;
    if (this.#pending === none) this.#pending = [];
    this.#pending.push({ name: property.slice(1), before: this.#expansions });
  }

  #alias(name: string, at: number): void {
    this.#expansions += 1 + (this.#expansionsOf.get(name) ?? 0);
    if (this.#expansions > this.#maxAliases) this.#excess ??= tooManyAliases(at);
  }

  /** A plain or block scalar goes on over all lines that are indented deeper than what it stands in. */
  #skipDeeperLines(): void {
    const column = this.#levels.at(-1)?.column ?? -1;
    this.#pending = none;
    this.#skipLine();
    while (this.#at < this.#text.length) {
      const start = this.#at;
      this.#skipSpaces(false);
      const indent = this.#at - start;
      const character = this.#text[this.#at];
      if (indent <= column && character !== "\n" && character !== "\r") {
        this.#at = start;
        return;
      }
      this.#skipLine();
    }
  }

  #open(column: number, kind: Level["kind"], at: number): void {
    const top = this.#levels.at(-1);
    const goesOn = top && kind !== "brackets" && top.kind === kind && top.column === column;
    if (!goesOn) this.#levels.push({ column, kind, anchors: this.#pending });
    this.#pending = none;
    if (this.#levels.length > this.#maxDepth) this.#excess ??= tooDeep(at);
  }

  #close(): void {
    for (const { name, before } of this.#levels.pop()?.anchors ?? none) {
      this.#expansionsOf.set(name, this.#expansions - before);
    }
  }

  #closeUntil(column: number): void {
    while ((this.#levels.at(-1)?.column ?? -1) > column) this.#close();
  }

  #inFlow(): boolean {
    return this.#levels.at(-1)?.kind === "brackets";
  }

  #endsWord(at: number): boolean {
    const next = this.#text[at];
    return next === undefined || blank.test(next);
  }

  #skipSpaces(tabsToo: boolean): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && !(tabsToo && code === 9)) return;
      this.#at += 1;
    }
  }

  #skipLine(): void {
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.#text.length : end + 1;
  }

  #take(pattern: RegExp): string {
    const here = this.#at;
    pattern.lastIndex = here;
    if (pattern.test(this.#text)) this.#at = pattern.lastIndex;
    return this.#text.slice(here, this.#at);
  }
}
