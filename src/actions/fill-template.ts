import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";

/** A text of `templates/` with values in the place of `{{name}}`. A value that is empty on a line of its own takes the line
 *  away. */
export async function fillTemplate(
  file: string,
  values: Readonly<Record<string, string>>,
  packageRoot: string,
): Promise<string> {
  const template = await readFile(join(packageRoot, "templates", file), "utf8");
  const filled = template.replace(/^\{\{(\w+)\}\}\n?/gm, (_, key: string) => ended(values[key] ?? ""));
  return filled.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? "");
}

function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** A text as YAML writes it on one line, quoted where it must be. */
export function yamlScalar(text: string): string {
  return stringify(text, { lineWidth: 0 }).trim();
}
