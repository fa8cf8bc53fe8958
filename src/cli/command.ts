import { Argument, Command as Parser, CommanderError, Option } from "commander";
import { closestMatch } from "leven";
import * as z from "zod/mini";
import { UserError } from "../errors.ts";
import type { Context } from "./context.ts";
import { type CopilotFlag, copilotCommands, copilotFlags } from "./copilot-commands.ts";
import { type FlagInfo, flagInfo, type OperandInfo, operandInfo } from "./flags.ts";

/** A command is data: what it is called, what it takes, and what it does. */
export interface Command<Input extends z.ZodMiniObject = z.ZodMiniObject> {
  /** As it is typed: `svc deploy`. */
  name: string;
  summary: string;
  /** Flags and operands by the name under which `run` gets them; every schema comes from `flags.ts`. Operands are read in
   *  the order in which they stand here. */
  input: Input;
  /** Pairs of input names that exclude each other. */
  exclusive?: [string, string][];
  examples?: string[];
  run(input: z.infer<Input>, context: Context): Promise<Outcome>;
}

/** What a command leaves behind. A command that prints while it runs leaves only the exit code. */
export interface Outcome {
  /** For stdout. */
  text?: string;
  /** The document that `--json` prints instead. */
  json?: unknown;
  exitCode?: number;
}

/** A command with the type of its input kept together; what a table of commands holds. */
export interface AnyCommand extends Omit<Command, "run"> {
  run(input: never, context: Context): Promise<Outcome>;
}

export function command<Input extends z.ZodMiniObject>(definition: Command<Input>): AnyCommand {
  return definition;
}

/** Reads what stands behind the command's name. @throws UserError usage/* */
export function readInput(definition: AnyCommand, args: string[]): never {
  const parser = parserOf(definition);
  const { operands, unknown } = parse(parser, definition, args.flatMap(withoutValue(flagsOf(definition))));
  if (unknown[0] !== undefined) throw unknownFlag(definition, unknown[0]);
  const places = operandsOf(definition);
  if (operands.length > places.length) throw tooManyWords(definition, operands);
  const given = Object.fromEntries([
    ...flagsOf(definition).map(([key, info]) => [key, valueOf(parser, info)]),
    ...places.map(([key], index) => [key, operands[index]]),
  ]);
  for (const [one, other] of definition.exclusive ?? [])
    if (isGiven(given[one]) && isGiven(given[other]))
      throw new UserError(
        "usage/invalid-flag",
        `${shownName(definition, one)} and ${shownName(definition, other)} exclude each other`,
        {
          hint: `leave one of them out: pilotfish ${definition.name} --help`,
        },
      );
  const result = z.safeParse(definition.input, given);
  if (result.success) return result.data as never;
  throw invalidValues(definition, result.error.issues);
}

/** The help of one command. */
export function commandHelp(definition: AnyCommand): string {
  const parser = parserOf(definition);
  for (const [key, info] of globalFlags) if (key !== "version") parser.addOption(optionOf(info));
  const examples = definition.examples ?? [];
  const text = examples.length === 0 ? "" : `\nExamples:\n${examples.map((line) => `  ${line}\n`).join("")}`;
  const later = laterFlags(definition).map(({ name }) => `--${name}`);
  const notYet = later.length === 0 ? "" : `\nFlags that are not in this version:\n${wrapped(later)}`;
  return parser.helpInformation() + notYet + text;
}

/** The help of a command of Copilot's that this version does not have. */
export function laterHelp(name: string): string {
  const parser = new Parser(`pilotfish ${name}`).usage("[flags]").helpOption(false).configureHelp(help);
  parser.description(`${copilotCommands[name]?.summary ?? ""}\n\nThis command is not in this version of pilotfish.`);
  for (const flag of copilotFlags(name)) parser.addOption(optionOf(infoOf(flag)));
  return parser.helpInformation();
}

/** The help of the program or of a group of commands (`svc`). */
export function groupHelp(group: string, about: string, commands: { name: string; summary: string }[]): string {
  const parser = new Parser(group === "" ? "pilotfish" : `pilotfish ${group}`).description(about).helpOption(false);
  parser.helpCommand(false).usage("COMMAND [flags]");
  for (const { name, summary } of commands) {
    const short = group === "" ? name : name.slice(group.length + 1);
    parser.addCommand(new Parser(short).description(summary).helpOption(false).usage(""));
  }
  for (const [, info] of globalFlags) parser.addOption(optionOf(info));
  return parser.configureHelp({ ...help, subcommandTerm: (sub) => sub.name() }).helpInformation();
}

/** Flags that every command takes; `main` reads them before anything else. */
const globalFlags: [string, FlagInfo][] = [
  ["help", { name: "help", short: "h", description: "Print this help." }],
  ["version", { name: "version", short: "v", description: "Print the version." }],
  ["noColor", { name: "no-color", description: "Print without colours." }],
  ["debug", { name: "debug", description: "Show the stack of an unexpected error." }],
];

const help = {
  helpWidth: 100,
  styleTitle: (title: string) => title,
  showGlobalOptions: false,
};

function parserOf(definition: AnyCommand): Parser {
  const parser = new Parser(`pilotfish ${definition.name}`)
    .description(definition.summary)
    .usage([...operandsOf(definition).map(([, { name }]) => `[${name}]`), "[flags]"].join(" "))
    .helpOption(false)
    .exitOverride()
    .configureHelp(help)
    .configureOutput({ writeErr: () => {}, writeOut: () => {} });
  for (const [, info] of flagsOf(definition)) parser.addOption(optionOf(info));
  for (const [, { name, description }] of operandsOf(definition))
    parser.addArgument(new Argument(`[${name}]`, description));
  return parser;
}

function optionOf(info: FlagInfo): Option {
  const short = info.short === undefined ? "" : `-${info.short}, `;
  const value = info.value === undefined ? "" : ` <${info.value}>`;
  const option = new Option(`${short}--${info.name}${value}`, info.description);
  if (info.repeated) option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text]);
  if (info.list)
    option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), ...text.split(",")]);
  return option;
}

/** The value of a flag on the command line, or undefined. Commander stores `--no-x` as `x`, true until it is given. */
function valueOf(parser: Parser, info: FlagInfo): unknown {
  const value: unknown = parser.getOptionValue(optionOf(info).attributeName());
  return info.name.startsWith("no-") ? (value === false ? true : undefined) : value;
}

/** Flags of Copilot's that this version does not have. */
function laterFlags(definition: AnyCommand): CopilotFlag[] {
  const known = new Set(flagsOf(definition).map(([, { name }]) => name));
  return copilotFlags(definition.name).filter(({ name }) => !known.has(name));
}

const kinds: Readonly<Record<string, string>> = {
  str: "VALUE",
  list: "VALUES",
  "k=v": "KEY=VALUE",
  int: "NUMBER",
  dur: "DURATION",
  port: "PORT",
  cidr: "CIDR",
  "host:ctr": "HOST:CONTAINER",
};

function infoOf({ name, short, kind }: CopilotFlag): FlagInfo {
  return { name, short, description: "", value: kind === undefined ? undefined : (kinds[kind] ?? "VALUE") };
}

/** Words in lines as long as help's, indented. */
function wrapped(words: readonly string[]): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 2 <= help.helpWidth)
      lines[lines.length - 1] = `${last}, ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** Copilot's switches may be given with a value: `--deploy-env=false` is as if it was not there. */
function withoutValue(known: [key: string, info: FlagInfo][]): (arg: string) => string[] {
  const switches = new Set(known.filter(([, { value }]) => value === undefined).map(([, { name }]) => `--${name}`));
  return (arg) => {
    const [, flag = "", value] = /^(--[\w-]+)=(true|false)$/.exec(arg) ?? [];
    if (!switches.has(flag)) return [arg];
    return value === "true" ? [flag] : [];
  };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false;
}

function parse(parser: Parser, definition: AnyCommand, args: string[]): { operands: string[]; unknown: string[] } {
  try {
    return parser.parseOptions(args);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const flag = /--[\w-]+/.exec(error.message)?.[0] ?? args.at(-1) ?? "";
    throw new UserError("usage/invalid-flag", `${flag} needs a value`, { hint: `pilotfish ${definition.name} --help` });
  }
}

function flagsOf(definition: AnyCommand): [key: string, info: FlagInfo][] {
  return Object.entries(definition.input.shape).flatMap(([key, schema]) => {
    if (operandInfo.has(schema)) return [];
    const info = flagInfo.get(schema);
    if (info === undefined) throw new Error(`${definition.name}: input ${key} is not of flags.ts`);
    return [[key, info]];
  });
}

function operandsOf(definition: AnyCommand): [key: string, info: OperandInfo][] {
  return Object.entries(definition.input.shape).flatMap(([key, schema]) => {
    const info = operandInfo.get(schema);
    return info === undefined ? [] : [[key, info]];
  });
}

/** What an input is called on the command line. */
function shownName(definition: AnyCommand, key: string): string {
  const operand = operandsOf(definition).find(([each]) => each === key)?.[1];
  if (operand !== undefined) return operand.name;
  const info = flagsOf(definition).find(([each]) => each === key)?.[1];
  return `--${info?.name ?? key}`;
}

/** Words are not repeated where a command takes some: one that is too many may be a value that nobody is to see. */
function tooManyWords(definition: AnyCommand, operands: string[]): UserError {
  const names = operandsOf(definition).map(([, { name }]) => `[${name}]`);
  const message =
    names.length === 0
      ? `takes flags only, and got "${operands[0]}"`
      : `takes ${names.join(" ")} and flags, and got ${operands.length} words`;
  return new UserError("usage/invalid-flag", `${definition.name} ${message}`, {
    hint: `pilotfish ${definition.name} --help`,
  });
}

function unknownFlag(definition: AnyCommand, argument: string): UserError {
  const flag = argument.split("=", 1)[0] ?? argument;
  const later = laterFlags(definition).find(
    ({ name, short }) => flag === `--${name}` || (short !== undefined && /^-\w/.test(flag) && flag[1] === short),
  );
  if (later !== undefined)
    return new UserError(
      "usage/not-in-this-version",
      `${definition.name} --${later.name} is not in this version of pilotfish`,
      {
        hint: `leave --${later.name} out, or see pilotfish ${definition.name} --help`,
      },
    );
  const known = [...flagsOf(definition), ...globalFlags].map(([, info]) => `--${info.name}`);
  const close = flag.startsWith("--")
    ? closestMatch(flag, known, { maxDistance: Math.max(1, Math.floor((flag.length - 2) / 3)) })
    : undefined;
  if (flag !== argument && known.includes(flag))
    return new UserError("usage/invalid-flag", `${flag} is a switch: it takes true or false, or nothing`, {
      hint: `write ${flag}`,
    });
  return new UserError("usage/invalid-flag", `${definition.name} has no flag ${flag}`, {
    hint: close === undefined ? `pilotfish ${definition.name} --help` : `did you mean ${close}?`,
  });
}

function invalidValues(definition: AnyCommand, issues: readonly z.core.$ZodIssue[]): UserError {
  const [first = "invalid input", ...others] = issues.map(
    (issue) => `${shownName(definition, String(issue.path[0] ?? ""))} ${issue.message}`,
  );
  return new UserError("usage/invalid-flag", first, {
    details: others,
    hint: `pilotfish ${definition.name} --help`,
  });
}
