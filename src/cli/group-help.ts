import { groupHelp } from "./command.ts";
import { commandTable, groups } from "./command-table.ts";
import { laterCommands } from "./find-command.ts";

/** The help of a group of commands, with those of Copilot's that this version does not have; the program's with a line for
 *  each group of them. */
export function helpOfGroup(group: string): string {
  const about = groups[group] ?? "";
  const commands = commandTable.filter((each) => group === "" || each.name.startsWith(`${group} `));
  const later = laterCommands(group);
  if (group === "") return groupHelp(group, about, commands) + laterSection(later.map(({ name }) => name));
  const marked = later.map(({ name, summary }) => ({ name, summary: `${summary} (not in this version)` }));
  return groupHelp(group, about, [...commands, ...marked]);
}

function laterSection(names: string[]): string {
  if (names.length === 0) return "";
  const firstWords = [...new Set(names.map((name) => name.split(" ", 1)[0] ?? ""))];
  const rows = firstWords.map((first) => {
    const verbs = names.filter((name) => name.startsWith(`${first} `)).map((name) => name.slice(first.length + 1));
    return `  ${first.padEnd(13)}  ${verbs.join(", ")}`.trimEnd();
  });
  return `\nNot in this version:\n${rows.map((row) => `${row}\n`).join("")}`;
}
