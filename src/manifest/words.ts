/** A user's text inside a message: in backticks, on one line, cut when it is long. */
export function quoted(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ");
  const letters = Array.from(line.slice(0, 200));
  return "`" + (letters.length > 60 ? `${letters.slice(0, 59).join("")}…` : line) + "`";
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(words: readonly string[], conjunction = "or"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}
