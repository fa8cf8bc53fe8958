import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import { type CommandLine, readCommandLine, shellLine } from "./command-line.ts";
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
    wire: () =>
      (wire ??= host.openWire({
        env: host.env,
        packageRoot: host.packageRoot,
        version: context.version,
        warn: (text) => host.stderr.write(`warning  ${text}\n`),
        ...(context.interactive && {
          mfaCode: async (serial: string) => (await host.prompts()).input({ message: `Code of ${serial}` }),
        }),
      })),
  };
  const left = interrupts.left.then((message) => {
    throw new UserError("interrupted", message, { exitCode: 130 });
  });
  try {
    return await Promise.race([
      argv[0] === "__complete" ? candidates(argv.slice(1), context) : run(line, context),
      left,
    ]);
  } catch (error) {
    const { reportError } = await import("./report-error.ts");
    return await reportError(error, context, line.debug || Boolean(host.env["PILOTFISH_DEBUG"]));
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
  const { findCommand } = await import("./find-command.ts");
  const found = findCommand(line.words);
  const { readInput, commandHelp, laterHelp } = await import("./command.ts");
  if (found.kind === "group") {
    const { name } = found;
    const flag = line.args[line.words.length];
    if (flag !== undefined && !line.help)
      throw new UserError("usage/invalid-flag", `${`pilotfish ${name}`.trim()} has no flag ${flag}`, {
        hint: shellLine([...line.words, "--help"]),
      });
    const { helpOfGroup } = await import("./group-help.ts");
    context.host.stdout.write(helpOfGroup(name));
    return 0;
  }
  if (found.kind === "later") {
    if (!line.help)
      throw new UserError("usage/not-in-this-version", `${found.name} is not in this version of pilotfish`, {
        hint: `pilotfish ${found.name} --help`,
      });
    context.host.stdout.write(laterHelp(found.name));
    return 0;
  }
  const { entry } = found;
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

/** What a shell asks for when Tab is pressed. Never fails. */
async function candidates(words: readonly string[], context: Context): Promise<number> {
  const { printCandidates } = await import("./completion/print-candidates.ts");
  await printCandidates(words, context);
  return 0;
}

function versionOf(host: Host): string {
  return (JSON.parse(readFileSync(join(host.packageRoot, "package.json"), "utf8")) as { version: string }).version;
}
