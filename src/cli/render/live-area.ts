import stringWidth from "string-width";
import type { OutputStream } from "../host.ts";
import type { Paint } from "./paint.ts";

/** A line in pieces, so that it can be cut before it is coloured. */
export type Line = Piece[];
export type Piece = string | { text: string; style: "bold" | "dim" | "red" | "green" | "yellow" | "cyan" };

const escape = "\x1b[";
const hideCursor = `${escape}?25l`;
const showCursor = `${escape}?25h`;
/** Terminals that know these show everything between them at once; others ignore them. */
const [beginUpdate, endUpdate] = [`${escape}?2026h`, `${escape}?2026l`];

/** The last lines of a terminal, redrawn in place. Everything is written in one piece and overwrites what was there, so
 *  nothing flickers. Lines are cut to the terminal's width. */
export class LiveArea {
  readonly #stream: OutputStream;
  readonly #paint: Paint;
  /** Widths of the lines on the screen; the cursor stands below the last one. */
  #drawn: number[] = [];

  constructor(stream: OutputStream, paint: Paint) {
    this.#stream = stream;
    this.#paint = paint;
  }

  /** Replaces what is drawn, and puts finished lines above it that will not change any more. */
  draw(lines: Line[], above: string[] = []): void {
    const { columns, rows } = this.#stream;
    const fitting = lines.slice(0, Math.max(1, rows - 1)).map((line) => cut(line, columns - 1));
    const up = this.#rowsDrawn();
    const text = [
      beginUpdate,
      hideCursor,
      up > 0 ? `\r${escape}${up}A` : "",
      ...above.map((line) => `${line}${escape}K\n`),
      ...fitting.map((line) => `${this.#painted(line)}${escape}K\n`),
      // What is left of a longer picture, or of lines that a narrower terminal has wrapped.
      up > 0 ? `${escape}J` : "",
      endUpdate,
    ];
    this.#drawn = fitting.map(widthOf);
    this.#stream.write(text.join(""));
  }

  /** Takes the picture away. */
  erase(): void {
    const up = this.#rowsDrawn();
    this.#drawn = [];
    this.#stream.write(`${up > 0 ? `\r${escape}${up}A${escape}J` : ""}${showCursor}`);
  }

  /** Leaves the picture on the screen. */
  release(): void {
    this.#drawn = [];
    this.#stream.write(showCursor);
  }

  /** Rows that the picture takes now: in a terminal that has become narrower its lines have been wrapped. */
  #rowsDrawn(): number {
    const { columns, rows } = this.#stream;
    const taken = this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return Math.min(taken, rows - 1);
  }

  #painted(line: Line): string {
    return line.map((piece) => (typeof piece === "string" ? piece : this.#paint[piece.style](piece.text))).join("");
  }
}

function widthOf(line: Line): number {
  return stringWidth(line.map(textOf).join(""));
}

function textOf(piece: Piece): string {
  return typeof piece === "string" ? piece : piece.text;
}

/** A line that takes at most `columns`; a cut one ends in an ellipsis. */
function cut(line: Line, columns: number): Line {
  if (widthOf(line) <= columns) return line;
  const kept: Line = [];
  let room = columns - 1;
  for (const piece of line) {
    const text = textOf(piece);
    const fitting = prefix(text, room);
    kept.push(typeof piece === "string" ? fitting : { ...piece, text: fitting });
    room -= stringWidth(fitting);
    if (fitting !== text) break;
  }
  return columns > 0 ? [...kept, "…"] : [];
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function prefix(text: string, columns: number): string {
  let result = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    result += segment;
  }
  return result;
}
