/** What a terminal takes as a command: sequences that end by themselves (`ESC [ … letter`), strings that a bell or
 *  `ESC \` ends (titles, links), and two-letter ones; each also in its one-byte form. Source: ECMA-48. */
const sequences = new RegExp(
  [
    "(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]",
    "(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)?",
    "\\u001b[ -/]*[0-~]?",
  ].join("|"),
  "g",
);

/** Everything else that moves a cursor, rings, or changes the direction of text. */
// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** One line of somebody else's text, made harmless for a terminal: no escape sequences, no control characters; a tab is
 *  a space. What a carriage return would have overwritten is left out. */
export function clean(line: string): string {
  const text = line.replace(sequences, "").replace(/[\r\n]+$/, "");
  const shown = text.slice(text.lastIndexOf("\r") + 1);
  return shown.replaceAll("\t", " ").replace(controls, "");
}

/** Several lines, cleaned one by one. */
export function cleanLines(text: string): string[] {
  return text.split("\n").map(clean);
}
