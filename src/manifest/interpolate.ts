import type { Path, Problems } from "./problems.ts";
import { quoted } from "./words.ts";
import { isText } from "./yaml/scalars.ts";
import type { Node, ScalarNode } from "./yaml/tree.ts";

export interface Variables {
  given: Readonly<Record<string, string | undefined>>;
  /** What the tool itself knows; null for what it does not know yet, which then stays as written. */
  predefined: Readonly<Record<string, string | null>>;
}

/** Replaces `${NAME}` in every scalar that is a value and has no tag of its own; `\${NAME}` gives `${NAME}`. The result
 *  is always text. A node without such in it stays the same object. */
export function interpolate(node: Node, variables: Variables, problems: Problems): Node {
  return walk(node, []);

  function walk(here: Node, path: (string | number)[]): Node {
    if (here.kind === "scalar") return interpolateScalar(here, variables, problems, path);
    if (here.kind === "null") return here;
    let changed = false;
    const inside = (value: Node, step: string | number) => {
      path.push(step);
      const done = walk(value, path);
      path.pop();
      changed ||= done !== value;
      return done;
    };
    if (here.kind === "list") {
      const items = here.items.map(inside);
      return changed ? { ...here, items } : here;
    }
    const entries = new Map<string, { keyAt: number; value: Node }>();
    for (const [key, { keyAt, value }] of here.entries) entries.set(key, { keyAt, value: inside(value, key) });
    return changed ? { ...here, entries } : here;
  }
}

function interpolateScalar(node: ScalarNode, variables: Variables, problems: Problems, path: Path): ScalarNode {
  if (!node.text.includes("${") || !isText(node)) return node;
  let interpolated: ScalarNode["interpolated"];
  const text = node.text.replaceAll(/\\?\$\{([_a-zA-Z]\w*)\}/g, (written, name: string) => {
    interpolated ??= "value";
    if (written.startsWith("\\")) return written.slice(1);
    const value = lookUp(name, variables);
    if (typeof value === "string") return value;
    if (value === null) {
      if (interpolated === "value") interpolated = "unknown-yet";
      return written;
    }
    interpolated = "undefined";
    problems.add(node.at, value.code, value.message, [...path], { hint: value.hint });
    return written;
  });
  return { ...node, text, ...(interpolated && { interpolated }) };
}

function lookUp(
  name: string,
  { given, predefined }: Variables,
): string | null | { code: string; message: string; hint: string } {
  const set = Object.hasOwn(given, name) ? given[name] : undefined;
  if (!Object.hasOwn(predefined, name)) {
    const message = `the variable ${quoted(name)} is not set`;
    return set ?? { code: "interpolation/undefined", message, hint: hintFor(name) };
  }
  const known = predefined[name] ?? null;
  if (known === null || set === undefined || set === known) return known;
  const message = `the variable ${quoted(name)} is set to ${quoted(set)}, but here it is ${quoted(known)}`;
  return { code: "interpolation/predefined", message, hint: `unset ${name}` };
}

function hintFor(name: string): string {
  if (name.startsWith("COPILOT_"))
    return `containers get it when they run; to have it expanded there, write \\\${${name}}, and have a shell or the program read it`;
  return `set it first: ${name}=… before the command`;
}
