import { LineCounter } from "yaml";
import type { Diagnostic, Place } from "../errors.ts";

/** A way into a manifest: `["http", "additional_rules", 0, "path"]`. */
export type Path = readonly (string | number)[];

/** What goes with a problem's message. A problem is an error unless it says otherwise. */
export interface ProblemDetails {
  hint?: string;
  severity?: Diagnostic["severity"];
}

/** Collects what is wrong with one file. Places are offsets into its text. */
export class Problems {
  readonly #file: string;
  readonly #text: string;
  #lines: LineCounter | undefined;
  readonly #found = new Map<string, { at: number; diagnostic: Diagnostic }>();
  #told = 0;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  /** The same problems, to which others may be added. */
  copy(): Problems {
    const copy = new Problems(this.#file, this.#text);
    copy.#lines = this.#lines;
    for (const [key, found] of this.#found) copy.#found.set(key, found);
    return copy;
  }

  /** The same problem at the same place counts once, whichever way led there. */
  add(at: number, code: string, message: string, path: Path, { hint, severity = "error" }: ProblemDetails = {}): void {
    this.#told += 1;
    const key = `${at} ${code} ${message}`;
    if (this.#found.has(key)) return;
    const { file, line = 1, column = 1 } = this.place(at);
    const diagnostic = { severity, code, message, ...(hint && { hint }), file, line, column, path: dotted(path) };
    this.#found.set(key, { at, diagnostic });
  }

  /** How many have been told, whether new or not. */
  get count(): number {
    return this.#told;
  }

  place(at: number): Place {
    const { line, col } = this.#lineCounter().linePos(Math.max(0, Math.min(at, this.#text.length)));
    return { file: this.#file, line, column: col };
  }

  get hasErrors(): boolean {
    for (const { diagnostic } of this.#found.values()) if (diagnostic.severity === "error") return true;
    return false;
  }

  /** Everything that was found, in file order. */
  inFileOrder(): Diagnostic[] {
    return [...this.#found.values()].toSorted((a, b) => a.at - b.at).map(({ diagnostic }) => diagnostic);
  }

  #lineCounter(): LineCounter {
    if (!this.#lines) {
      this.#lines = new LineCounter();
      this.#lines.addNewLine(0);
      for (let end = this.#text.indexOf("\n"); end >= 0; end = this.#text.indexOf("\n", end + 1)) {
        this.#lines.addNewLine(end + 1);
      }
    }
    return this.#lines;
  }
}

/** `http.additional_rules[0].path` */
export function dotted(path: Path): string {
  return path.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("");
}
