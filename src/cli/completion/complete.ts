import { type CommandEntry, commandTable, groups } from "../command-table.ts";
import type { Completes } from "../flags.ts";
import { type CommandShape, shapeOf } from "./command-shape.ts";

/** A word that may stand where the cursor is. */
export interface Candidate {
  word: string;
  about?: string;
}

export interface Completion {
  candidates: Candidate[];
  /** Files may stand there as well. */
  files: boolean;
}

/** The names that exist, asked for when they are wanted. */
export interface Names {
  workloads(app: string | undefined): Promise<string[]>;
  pipelines(app: string | undefined): Promise<string[]>;
  environments(app: string | undefined): Promise<string[]>;
  applications(): Promise<string[]>;
}

const nothing: Completion = { candidates: [], files: false };

/** What may stand at the end of the words: the last of them is the beginning of a word, maybe an empty one. Commands that
 *  this version does not have are not offered. */
export async function complete(words: readonly string[], names: Names): Promise<Completion> {
  const { before, current, prefix } = lastWord(words);
  const asked = before[0] === "help" ? before.slice(1) : before;
  const entry = commandOf(asked);
  if (entry === undefined) return matching(asked.length > 1 ? [] : nextWords(asked[0]), current, prefix);
  const shape = shapeOf(await entry.load());
  const found = await completeIn(shape, asked.slice(entry.name.split(" ").length), current, names);
  return { ...matching(found.candidates, current, prefix), files: found.files };
}

interface LastWord {
  before: string[];
  current: string;
  /** What a candidate stands behind in the word itself: `--env=`. */
  prefix: string;
}

/** Takes `--env=te` apart, which bash gives as three words, others as one; and what a shell has quoted. */
function lastWord(words: readonly string[]): LastWord {
  const before = words.slice(0, -1).map(unquoted);
  const current = unquoted(words.at(-1) ?? "");
  if (current === "=" && isFlag(before.at(-1))) return { before, current: "", prefix: "" };
  if (before.at(-1) === "=" && isFlag(before.at(-2))) return { before: before.slice(0, -1), current, prefix: "" };
  const [, flag, value] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? [];
  if (flag === undefined || value === undefined) return { before, current, prefix: "" };
  return { before: [...before, flag], current: value, prefix: `${flag}=` };
}

function unquoted(word: string): string {
  return word.replace(/^["']|["']$/g, "").replace(/\\(.)/gs, "$1");
}

function isFlag(word: string | undefined): boolean {
  return word?.startsWith("-") === true && word !== "-";
}

function commandOf(words: readonly string[]): CommandEntry | undefined {
  const names = [words.slice(0, 2).join(" "), words[0]];
  return names.map((name) => commandTable.find((each) => each.name === name)).find(Boolean);
}

/** The words that can begin a command line, or go on after the name of a group. */
function nextWords(group: string | undefined): Candidate[] {
  const commands = commandTable.filter(({ name }) => group === undefined || name.startsWith(`${group} `));
  if (group !== undefined)
    return commands.map(({ name, summary }) => ({ word: name.slice(group.length + 1), about: summary }));
  const firstWords = new Set(commands.map(({ name }) => name.split(" ", 1)[0] ?? ""));
  return [...firstWords].map((word) => ({
    word,
    about: commands.find(({ name }) => name === word)?.summary ?? groups[word],
  }));
}

async function completeIn(
  { flags, operands }: CommandShape,
  before: readonly string[],
  current: string,
  names: Names,
): Promise<Completion> {
  const given = new Map<string, string | undefined>();
  let operand = 0;
  let open: CommandShape["flags"][number] | undefined;
  for (const word of before) {
    if (open !== undefined) {
      given.set(open.name, word === "=" ? undefined : word);
      open = word === "=" ? open : undefined;
      continue;
    }
    const [, name = "", value] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const flag = flags.find((each) => each.name === name || `-${each.short}` === word);
    if (flag === undefined) operand += isFlag(word) ? 0 : 1;
    else given.set(flag.name, value);
    if (flag?.value !== undefined && value === undefined) open = flag;
  }
  if (open !== undefined) {
    const values = await valuesOf(open.completes, given.get("app"), names);
    return open.list === true ? behindComma(values, current) : values;
  }
  const place = isFlag(current) || current === "-" ? undefined : operands[operand];
  if (place !== undefined) return valuesOf(place.completes, given.get("app"), names);
  if (current !== "" && !current.startsWith("-")) return nothing;
  const left = flags.filter(({ name, list }) => list === true || !given.has(name));
  return { candidates: left.map(({ name, description }) => ({ word: `--${name}`, about: description })), files: false };
}

/** The last of several values; none that stands there already. */
function behindComma({ candidates, files }: Completion, current: string): Completion {
  const head = current.slice(0, current.lastIndexOf(",") + 1);
  const there = head.split(",");
  const left = candidates.filter(({ word }) => !there.includes(word));
  return { candidates: left.map(({ word, about }) => ({ word: `${head}${word}`, about })), files };
}

async function valuesOf(completes: Completes | undefined, app: string | undefined, names: Names): Promise<Completion> {
  if (completes === undefined) return nothing;
  if (completes === "file") return { candidates: [], files: true };
  const words = typeof completes === "string" ? await listed[completes](names, app) : completes;
  return { candidates: words.map((word) => ({ word })), files: false };
}

const listed: Record<
  "workload" | "pipeline" | "environment" | "application",
  (names: Names, app?: string) => Promise<string[]>
> = {
  workload: (names, app) => names.workloads(app),
  pipeline: (names, app) => names.pipelines(app),
  environment: (names, app) => names.environments(app),
  application: (names) => names.applications(),
};

function matching(candidates: readonly Candidate[], current: string, prefix: string): Completion {
  const found = candidates.filter(({ word }) => word.startsWith(current));
  return { candidates: found.map(({ word, about }) => ({ word: `${prefix}${word}`, about })), files: false };
}
