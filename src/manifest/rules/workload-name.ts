import { quoted } from "../words.ts";
import { rule } from "./rule.ts";

const reserved = ["pipelines", "environments"];

/** Names become parts of AWS names, so the format of Copilot's `init` holds, but for single letters, which it deploys;
 *  and a workload is found by its folder. */
export const workloadName = rule<{ name?: string }>("workload/name", ["name"], ({ name }, report, { folder }) => {
  if (name === undefined) return;
  const wrong = wrongFormat(name);
  if (wrong) return report("name", wrong);
  if (name !== folder) {
    report("name", `the name is ${quoted(name)}, but the folder is ${quoted(folder)}`, {
      hint: `write \`name: ${folder}\`, or rename the folder`,
    });
  }
});

function wrongFormat(name: string): string | undefined {
  if (name === "") return "a name must not be empty";
  const [foreign] = /[^a-z0-9-]/u.exec(name) ?? [];
  if (foreign)
    return `a name has lower-case letters, digits and hyphens only; ${characterName(foreign)} is none of them`;
  if (!/^[a-z]/.test(name)) return `a name starts with a letter, not with ${quoted(name[0] ?? "")}`;
  if (name.length > 255) return `a name has at most 255 characters, not ${name.length}`;
  if (name.includes("--")) return "a name has no two hyphens in a row";
  if (name.endsWith("-")) return "a name does not end with a hyphen";
  if (reserved.includes(name)) return `the name ${quoted(name)} is reserved for Copilot's own folder`;
  return undefined;
}

function characterName(character: string): string {
  if (character === " ") return "a space";
  if (/[\s\p{Cc}]/u.test(character)) return "a control character";
  return quoted(character);
}
