import { stripVTControlCharacters } from "node:util";

/** Puts a placeholder where a text differs from run to run. The same value gets the same number throughout the text, so
 *  that a snapshot still shows what is equal: `<task 1>`, `<task 2>`, `<task 1>`. */
export function normalise(text: string): string {
  return patterns.reduce((result, [pattern, name]) => number(result, pattern, name), stripVTControlCharacters(text));
}

/** In this order: what is found first is not looked at again. */
const patterns: [RegExp, string][] = [
  [/sha256:[0-9a-f]{64}/g, "image"],
  [/ecs-svc\/\d{19}/g, "deployment"],
  [/\b[0-9a-f]{64}\b/g, "container"],
  [/\b[0-9a-f]{32}\b/g, "task"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "uuid"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "instant"],
  [/\b\d\d:\d\d:\d\d(\.\d+)?\b/g, "time"],
  [/(?<=(?:127\.0\.0\.1|\[::1\]|localhost):)\d{2,5}/g, "port"],
  [/(?<=\bport )\d{2,5}\b/g, "port"],
  [/\b(\d+m ?)?\d+(\.\d+)? ?(ms|s)\b/g, "duration"],
  [/\/tmp\/[\w.-]+/g, "folder"],
];

function number(text: string, pattern: RegExp, name: string): string {
  if (unnumbered.has(name)) return text.replace(pattern, `<${name}>`);
  const seen = new Map<string, number>();
  return text.replace(pattern, (found) => {
    if (!seen.has(found)) seen.set(found, seen.size + 1);
    return `<${name} ${seen.get(found)}>`;
  });
}

const unnumbered = new Set(["instant", "time", "duration"]);
