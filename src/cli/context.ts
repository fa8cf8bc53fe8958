import type { Host, Prompts } from "./host.ts";
import type { Interrupts } from "./interrupts.ts";
import type { Wire } from "./wire-contract.ts";

/** What a command works with, beside its input. */
export interface Context {
  host: Host;
  version: string;
  /** What was typed behind `pilotfish`, for hints that repeat it with a change. */
  commandLine: readonly string[];
  json: boolean;
  /** Whether colours are wanted on each stream. */
  color: { stdout: boolean; stderr: boolean };
  /** Whether somebody is there to answer questions. */
  interactive: boolean;
  interrupts: Interrupts;
  /** A line for the user while the command runs: on stderr; nothing with `--json`. */
  say(line: string): void;
  /** One line of JSON on stdout; nothing without `--json`. */
  emit(event: { type: string; [member: string]: unknown }): void;
  prompts(): Promise<Prompts>;
  wire(): Promise<Wire>;
}
