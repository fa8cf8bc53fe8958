import { closestMatch } from "leven";
import { UserError } from "../errors.ts";
import { type CommandEntry, commandTable, groups } from "./command-table.ts";
import { copilotCommands, findCopilotCommand } from "./copilot-commands.ts";

/** What words on the command line mean. */
export type FoundCommand =
  | { kind: "command"; entry: CommandEntry }
  /** A command of Copilot's that this version does not have. */
  | { kind: "later"; name: string }
  /** A group of commands (`svc`), or with no name the program. */
  | { kind: "group"; name: string };

/** The command or the group of commands that the words begin with; further words are left to the command.
 *  @throws UserError usage/unknown-command */
export function findCommand(words: readonly string[]): FoundCommand {
  const [first = ""] = words;
  const names = [words.slice(0, 2).join(" "), first];
  const entry = names.map((name) => commandTable.find((each) => each.name === name)).find(Boolean);
  if (entry !== undefined) return { kind: "command", entry };
  const later = names.map(findCopilotCommand).find(Boolean);
  const byOtherName = commandTable.find((each) => each.name === later?.name);
  if (byOtherName !== undefined) return { kind: "command", entry: byOtherName };
  if (later !== undefined) return { kind: "later", name: later.name };
  if (words.length <= 1 && Object.hasOwn(groups, first)) return { kind: "group", name: first };
  throw unknownCommand(names[0] ?? "");
}

/** Copilot's commands of a group that this version does not have; all of them for the program. */
export function laterCommands(group: string): { name: string; summary: string }[] {
  return Object.entries(copilotCommands)
    .filter(([name, { hidden }]) => !hidden && (group === "" || name.startsWith(`${group} `)))
    .filter(([name]) => !commandTable.some((each) => each.name === name))
    .map(([name, { summary }]) => ({ name, summary }));
}

function unknownCommand(name: string): UserError {
  const later = laterCommands("").map((each) => each.name);
  const names = [...commandTable.map((each) => each.name), ...Object.keys(groups), ...later];
  const close = closestMatch(name, names, { maxDistance: 3 });
  return new UserError("usage/unknown-command", `there is no command ${name}`, {
    hint: close ? `did you mean pilotfish ${close}?` : "pilotfish --help",
  });
}
