import { readFileSync } from "node:fs";
import { join } from "node:path";
import { closestMatch } from "leven";
import { UserError } from "../errors.ts";
import { type CommandLine, readCommandLine, shellLine } from "./command-line.ts";
import { commandTable, groups, laterCommands } from "./command-table.ts";
import { wantsColor } from "./color.ts";
import type { Context } from "./context.ts";
import type { Host } from "./host.ts";
import { Interrupts } from "./interrupts.ts";
import { versionText } from "./version-text.ts";
import type { Wire } from "./wire-contract.ts";

/** Runs one command line to its end and answers the exit code. The one place that catches: whatever is thrown below
 *  becomes text on stderr, or with `--json` the last line on stdout. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  const line = readCommandLine(argv);
  const interrupts = new Interrupts(host);
  let wire: Promise<Wire> | undefined;
  const context: Context = {
    host,
    version: versionOf(host),
    commandLine: line.args,
    json: line.json,
    color: {
      stdout: wantsColor(host.stdout, host.env, line.noColor),
      stderr: wantsColor(host.stderr, host.env, line.noColor),
    },
    interactive: host.stdin.isTerminal && host.stderr.isTerminal && !host.env["CI"] && !line.json,
    interrupts,
    say: (text) => {
      if (!line.json) host.stderr.write(`${text}\n`);
    },
    emit: (event) => {
      if (line.json) host.stdout.write(`${JSON.stringify(event)}\n`);
    },
    prompts: () => host.prompts(),
    wire: () => (wire ??= host.openWire({ env: host.env, packageRoot: host.packageRoot, version: context.version })),
  };
  const left = interrupts.left.then((message) => {
    throw new UserError("interrupted", message, { exitCode: 130 });
  });
  try {
    return await Promise.race([run(line, context), left]);
  } catch (error) {
    const { reportError } = await import("./report-error.ts");
    return reportError(error, context, line.debug || Boolean(host.env["PILOTFISH_DEBUG"]));
  } finally {
    interrupts.end();
    await (await wire?.catch(() => undefined))?.close();
  }
}

async function run(line: CommandLine, context: Context): Promise<number> {
  if (line.version && !line.help) {
    // Asked for by scripts again and again: nothing else is loaded for it.
    context.host.stdout.write(`${versionText(context.version)}\n`);
    return 0;
  }
  const name = commandNameOf(line.words);
  const entry = commandTable.find((each) => each.name === name);
  const { readInput, commandHelp, groupHelp } = await import("./command.ts");
  if (entry === undefined) {
    const flag = line.args[line.words.length];
    if (flag !== undefined && !line.help)
      throw new UserError("usage/invalid-flag", `${`pilotfish ${name}`.trim()} has no flag ${flag}`, {
        hint: shellLine([...line.words, "--help"]),
      });
    const commands = commandTable.filter((each) => name === "" || each.name.startsWith(`${name} `));
    context.host.stdout.write(groupHelp(name, groups[name] ?? "", commands));
    return 0;
  }
  const command = await entry.load();
  if (line.help) {
    context.host.stdout.write(commandHelp(command));
    return 0;
  }
  const args = line.args.slice(entry.name.split(" ").length);
  const outcome = await command.run(readInput(command, args), context);
  const text = context.json ? outcome.json && `${JSON.stringify(outcome.json, null, 2)}` : outcome.text;
  if (text) context.host.stdout.write(`${text}\n`);
  return outcome.exitCode ?? 0;
}

/** The command or the group of commands that the words begin with; further words are left to the command.
 *  @throws UserError usage/unknown-command, usage/not-in-this-version */
function commandNameOf(words: string[]): string {
  const names = [words.slice(0, 2).join(" "), words[0] ?? ""];
  const known = names.find((name) => commandTable.some((each) => each.name === name));
  if (known !== undefined) return known;
  const later = names.find((name) => laterCommands.includes(name));
  if (later !== undefined)
    throw new UserError("usage/not-in-this-version", `${later} is not in this version of pilotfish`, {
      hint: "pilotfish --help",
    });
  if (words.length <= 1 && (words[0] ?? "") in groups) return words[0] ?? "";
  throw unknownCommand(words.slice(0, 2).join(" "));
}

function unknownCommand(name: string): UserError {
  const names = [...commandTable.map((each) => each.name), ...Object.keys(groups)];
  const close = closestMatch(name, names, { maxDistance: 3 });
  return new UserError("usage/unknown-command", `there is no command ${name}`, {
    hint: close ? `did you mean pilotfish ${close}?` : "pilotfish --help",
  });
}

function versionOf(host: Host): string {
  return (JSON.parse(readFileSync(join(host.packageRoot, "package.json"), "utf8")) as { version: string }).version;
}
