import { shellWord } from "../errors.ts";

/** What was typed, before any command is known. */
export interface CommandLine {
  /** The words before the first flag: `["svc", "deploy"]`. */
  words: string[];
  /** All but the switches below. */
  args: string[];
  help: boolean;
  /** The version and nothing else: `--version` without a command, or the command without flags. */
  version: boolean;
  noColor: boolean;
  debug: boolean;
  json: boolean;
}

const switches = new Set(["-h", "--help", "--no-color", "--debug"]);

export function readCommandLine(argv: readonly string[]): CommandLine {
  const args = argv.filter((arg) => !switches.has(arg));
  const firstFlag = args.findIndex((arg) => arg.startsWith("-"));
  const words = firstFlag === -1 ? args : args.slice(0, firstFlag);
  const asksHelp = words[0] === "help";
  return {
    words: asksHelp ? words.slice(1) : words,
    args,
    help: asksHelp || argv.includes("-h") || argv.includes("--help"),
    version: args.length === 1 && ["-v", "--version", "version"].includes(args[0] ?? ""),
    noColor: argv.includes("--no-color"),
    debug: argv.includes("--debug"),
    json: argv.includes("--json"),
  };
}

/** A command line that can be pasted into a shell. */
export function shellLine(args: readonly string[]): string {
  return ["pilotfish", ...args].map(shellWord).join(" ");
}

/** The same command with another value for a flag, or with the flag added. */
export function withFlag(args: readonly string[], [long, short]: [string, string], value: string): string[] {
  const joined = args.findIndex((arg) => arg.startsWith(`${long}=`));
  if (joined !== -1) return args.toSpliced(joined, 1, `${long}=${value}`);
  const separate = args.findIndex((arg) => arg === long || arg === short);
  if (separate !== -1) return args.toSpliced(separate + 1, 1, value);
  const attached = args.findIndex((arg) => arg.startsWith(short) && !arg.startsWith("--"));
  return attached === -1 ? [...args, short, value] : args.toSpliced(attached, 1, short, value);
}
