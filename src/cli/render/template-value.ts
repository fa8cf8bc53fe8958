import { clean } from "./clean.ts";

/** The most characters of a value that a line shows. */
const most = 120;

/** A value of a template in one line, functions in their short form. Of a long one that is shown beside another, what
 *  both begin with is left out. */
export function templateValue(value: unknown, other?: unknown): string {
  const [text, beside] = [oneLine(value), other === undefined ? "" : oneLine(other)];
  const start = text.length > most ? sharedStart(text, beside) : 0;
  const from = start > 20 ? start - 12 : 0;
  const shown = text.slice(from, from + most);
  return `${from > 0 ? "…" : ""}${shown}${from + most < text.length ? "…" : ""}`;
}

function oneLine(value: unknown): string {
  return clean(written(value)).replace(/\s+/g, " ");
}

function written(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  const entries = Object.entries(value);
  const [[key, argument] = ["", undefined], ...others] = entries;
  const name = others.length > 0 ? undefined : key === "Ref" ? key : /^Fn::(\w+)$/.exec(key)?.[1];
  if (name === "GetAtt" && Array.isArray(argument)) return `!GetAtt ${argument.join(".")}`;
  if (name !== undefined) return `!${name} ${name === "Ref" ? String(argument) : written(argument)}`;
  return `{ ${entries.map(([member, each]) => `${member}: ${written(each)}`).join(", ")} }`;
}

function sharedStart(text: string, other: string): number {
  let length = 0;
  while (length < text.length && text[length] === other[length]) length++;
  return length;
}
