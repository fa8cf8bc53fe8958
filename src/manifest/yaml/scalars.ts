import type { ScalarNode } from "./tree.ts";

/** How Go's yaml.v3 reads scalars into typed fields (its resolve.go and decode.go). Text needs no reading: a string
 *  field takes the source as written. */

const core = "tag:yaml.org,2002:";

const resolvableTags = new Set(["null", "bool", "int", "float", "timestamp"].map((name) => core + name));

const flags: Record<string, boolean> = { true: true, True: true, TRUE: true, false: false, False: false, FALSE: false };

/** Read as flags only where a flag is expected, in quotes too. */
const spokenFlags: Record<string, boolean> = Object.fromEntries([
  ...["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["n", "N", "no", "No", "NO", "off", "Off", "OFF"].map((word) => [word, false] as const),
]);

export function isNull(node: ScalarNode): boolean {
  if (node.tag === `${core}null`) return true;
  return node.style === "plain" && node.tag === undefined && ["", "~", "null", "Null", "NULL"].includes(node.text);
}

/** Whether the scalar is what Copilot takes for text, and so may hold variables or a list: `!Sub ${A}` is not. */
export function isText({ tag }: ScalarNode): boolean {
  return tag === undefined || tag === `${core}str`;
}

/** Whether the scalar may stand for something else than text. */
function isResolvable(node: ScalarNode): boolean {
  if (node.interpolated) return false;
  if (node.tag !== undefined) return resolvableTags.has(node.tag);
  return node.style === "plain";
}

export function readFlag(node: ScalarNode): boolean | undefined {
  if (isResolvable(node) && Object.hasOwn(flags, node.text)) return flags[node.text];
  const isSpoken = node.tag !== `${core}bool` && Object.hasOwn(spokenFlags, node.text);
  return isSpoken ? spokenFlags[node.text] : undefined;
}

/** A number in any spelling: `10`, `0x1f`, `0o17`, `017` (octal too), `0b11`, `1_000`, `256.0`, `1e3`. */
export function readNumber(node: ScalarNode): number | undefined {
  return isResolvable(node) ? parseNumber(node.text) : undefined;
}

/** What `readNumber` would give if the text were not in quotes. */
export function parseNumber(text: string): number | undefined {
  const plain = text.replaceAll("_", "");
  if (!/^[-+.\d]/.test(text)) return undefined;
  const [, sign, prefix, digits = ""] = /^([-+]?)(0[xX]|0[oO]|0[bB]|0(?=\d))?([\da-fA-F]+)$/.exec(plain) ?? [];
  const base = prefix === undefined ? 10 : ({ x: 16, o: 8, b: 2 }[prefix.slice(1).toLowerCase()] ?? 8);
  if (digitsOf[base]?.test(digits)) return (sign === "-" ? -1 : 1) * Number.parseInt(digits, base) || 0;
  return /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(plain) ? Number(plain) : undefined;
}

/** What YAML takes a scalar without quotes for, when that is not text. Source: yaml.v3's resolve.go. */
export function kindOfPlain(node: ScalarNode): string | undefined {
  if (!isResolvable(node)) return undefined;
  if (Object.hasOwn(flags, node.text)) return "true or false";
  if (/^\d{4}-\d{1,2}-\d{1,2}([Tt \t].*)?$/.test(node.text)) return "a date";
  const isNumber = parseNumber(node.text) !== undefined || /^([-+]?\.inf|\.nan)$/i.test(node.text);
  return isNumber ? "a number" : undefined;
}

const digitsOf: Record<number, RegExp> = { 2: /^[01]+$/, 8: /^[0-7]+$/, 10: /^\d+$/, 16: /^[\da-fA-F]+$/ };
