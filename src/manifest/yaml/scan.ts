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
  flow: boolean;
  anchors: Anchor[];
}

/** An anchor whose node is not closed yet, with the expansions counted before it. */
interface Anchor {
  name: string;
  before: number;
}

const space = /[ \t]*/y;
const indentation = / */y;
const propertyText = /[&!*][^\s,[\]{}]*/y;
const doubleQuoted = /"(?:[^"\\]+|\\[\s\S])*"?/y;
const singleQuoted = /'[^']*'?/y;
const plainInBlock = /(?:[^\s:#]+|:(?=\S)|(?<=\S)#|[ \t]+(?![#\s]))*/y;
const plainInFlow = /(?:[^\s:#,[\]{}]+|:(?=[^\s,[\]{}])|(?<=\S)#|[ \t]+(?![#\s,[\]{}]))*/y;
const restOfLine = /[^\n]*\n?/y;

class Scanner {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #maxAliases: number;
  readonly #levels: Level[] = [];
  readonly #expansionsOf = new Map<string, number>();
  #at = 0;
  #lineStart = 0;
  #pending: Anchor[] = [];
  #expansions = 0;
  #excess: Excess | undefined;

  constructor(text: string, maxDepth: number, maxAliases: number) {
    this.#text = text;
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
    this.#take(indentation);
    const column = this.#at - this.#lineStart;
    const first = this.#text[this.#at];
    if (first === undefined || first === "\n" || first === "\r" || first === "#") return void this.#take(restOfLine);
    if (column === 0 && /^(---|\.\.\.)(?=\s|$)/.test(this.#text.slice(this.#at, this.#at + 4))) {
      this.#closeUntil(-1);
      this.#at += 3;
    } else {
      this.#closeUntil(column);
    }
    this.#blockContent();
  }

  /** From here to the end of a node on this line: `- `, `? `, properties, then a scalar, brackets or `key: value`. */
  #blockContent(): void {
    while (!this.#excess) {
      this.#take(space);
      const here = this.#at;
      const character = this.#text[here];
      const isIndicator = /^\s?$/.test(this.#text[here + 1] ?? "");
      if (character === undefined || character === "\n" || character === "\r") return void this.#take(restOfLine);
      if (character === "#") return void this.#take(restOfLine);
      if ((character === "-" || character === "?" || character === ":") && isIndicator) {
        if (character !== ":") this.#open({ column: here - this.#lineStart, flow: false }, here);
        this.#at += 1;
      } else if (character === "|" || character === ">") {
        return this.#skipDeeperLines();
      } else if (character === "[" || character === "{") {
        this.#at += 1;
        return this.#open({ column: here - this.#lineStart, flow: true }, here);
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
    this.#take(space);
    if (this.#text[this.#at] === ":" && /^\s?$/.test(this.#text[this.#at + 1] ?? "")) {
      this.#at += 1;
      this.#pending = [];
      this.#open({ column: here - this.#lineStart, flow: false }, here);
      return true;
    }
    if (isPlain) this.#skipDeeperLines();
    else this.#take(restOfLine);
    return false;
  }

  #flowToken(): void {
    const here = this.#at;
    const character = this.#text[here] ?? "";
    if (/\s/.test(character)) this.#at += 1;
    else if (character === "#" && /\s/.test(this.#text[here - 1] ?? " ")) this.#take(restOfLine);
    else if (character === "[" || character === "{") {
      this.#at += 1;
      this.#open({ column: here, flow: true }, here);
    } else if (character === "]" || character === "}") {
      this.#at += 1;
      this.#close();
      if (!this.#inFlow()) this.#afterFlow();
    } else if (character === "&" || character === "!") this.#property();
    else if (character === "," || character === ":" || character === "?") {
      this.#pending = [];
      this.#at += 1;
    } else this.#consumeScalar(plainInFlow);
  }

  /** Brackets may have been a key. */
  #afterFlow(): void {
    this.#take(space);
    if (this.#text[this.#at] === ":") this.#blockContent();
    else this.#take(restOfLine);
  }

  #consumeScalar(plain: RegExp): void {
    const here = this.#at;
    const character = this.#text[here];
    if (character === "*") this.#alias(this.#take(propertyText).slice(1), here);
    else if (character === '"') this.#take(doubleQuoted);
    else if (character === "'") while (this.#take(singleQuoted) && this.#text[this.#at] === "'");
    else this.#take(plain);
    if (this.#at === here) this.#at += 1;
    this.#pending = [];
  }

  #property(): void {
    const property = this.#take(propertyText);
    if (property.startsWith("&")) this.#pending.push({ name: property.slice(1), before: this.#expansions });
  }

  #alias(name: string, at: number): void {
    this.#expansions += 1 + (this.#expansionsOf.get(name) ?? 0);
    if (this.#expansions > this.#maxAliases) this.#excess ??= tooManyAliases(at);
  }

  /** A plain or block scalar goes on over all lines that are indented deeper than what it stands in. */
  #skipDeeperLines(): void {
    const column = this.#levels.at(-1)?.column ?? -1;
    this.#pending = [];
    this.#take(restOfLine);
    while (this.#at < this.#text.length) {
      const start = this.#at;
      this.#take(indentation);
      const indent = this.#at - start;
      const character = this.#text[this.#at];
      if (indent <= column && character !== "\n" && character !== "\r") {
        this.#at = start;
        return;
      }
      this.#take(restOfLine);
    }
  }

  #open(level: Omit<Level, "anchors">, at: number): void {
    const top = this.#levels.at(-1);
    const isNext = top && !top.flow && !level.flow && top.column === level.column;
    if (isNext) top.anchors.push(...this.#pending);
    else this.#levels.push({ ...level, anchors: this.#pending });
    this.#pending = [];
    if (this.#levels.length > this.#maxDepth) this.#excess ??= tooDeep(at);
  }

  #close(): void {
    for (const { name, before } of this.#levels.pop()?.anchors ?? []) {
      this.#expansionsOf.set(name, this.#expansions - before);
    }
  }

  #closeUntil(column: number): void {
    while ((this.#levels.at(-1)?.column ?? -1) > column) this.#close();
  }

  #inFlow(): boolean {
    return this.#levels.at(-1)?.flow ?? false;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const taken = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += taken.length;
    return taken;
  }
}
