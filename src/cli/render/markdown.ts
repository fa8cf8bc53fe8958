import { clean, cleanLines } from "./clean.ts";

/** Somebody else's text as Markdown that shows it as it is: with no mark-up, links, names or issues in it. Source: GitHub
 *  Flavored Markdown, "Backslash escapes", "Autolinks". */
export function markdownText(text: string): string {
  return cleanLines(text)
    .join(" ")
    .replace(/[\\`*_{}[\]~|]|[&<>@#]|:(?=\/\/)/g, (mark) => entities[mark] ?? `\\${mark}`);
}

/** A backslash does not keep these from counting. */
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "@": "&#64;",
  "#": "&#35;",
  ":": "&#58;",
};

/** Text between backticks; nothing where there is none. */
export function markdownCode(text: string): string {
  const shown = clean(text);
  if (shown === "") return "";
  const fence = "`".repeat(longestRun(shown) + 1);
  const space = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  // A table's columns end at a bar even there.
  return `${fence}${space}${shown.replaceAll("|", "\\|")}${space}${fence}`;
}

/** Lines as they are. @param language `diff` */
export function markdownBlock(lines: readonly string[], language = ""): string[] {
  const shown = lines.map(clean);
  const fence = "`".repeat(Math.max(3, longestRun(shown.join("\n")) + 1));
  return [`${fence}${language}`, ...shown, fence];
}

export function markdownLink(url: string): string {
  return /^https?:\/\/[^\s<>|]+$/.test(url) ? `<${url}>` : markdownText(url);
}

/** @param rows cells that are Markdown already */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)];
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
