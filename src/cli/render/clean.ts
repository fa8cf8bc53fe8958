import { stripVTControlCharacters } from "node:util";

// Everything that moves a cursor, changes a terminal's state or the direction of text.
// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** One line of somebody else's text, made harmless for a terminal: no escape sequences, no control characters; a tab is
 *  a space. What a carriage return would have overwritten is left out. */
export function clean(line: string): string {
  const text = stripVTControlCharacters(line).replace(/[\r\n]+$/, "");
  const shown = text.slice(text.lastIndexOf("\r") + 1);
  return shown.replaceAll("\t", " ").replace(controls, "");
}

/** Several lines, cleaned one by one. */
export function cleanLines(text: string): string[] {
  return text.split("\n").map(clean);
}
