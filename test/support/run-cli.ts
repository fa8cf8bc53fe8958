import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

export interface CliOptions {
  cwd: string;
  /** The simulator's state folder, PILOTFISH_HOME. */
  home: string;
  env?: Record<string, string>;
  /** What is piped in; nothing is, without it. */
  input?: string;
  /** Gets each line of stdout as it comes. */
  onLine?: (line: string) => void;
}

export interface CliResult {
  /** The exit code; undefined when a signal ended it. */
  code: number | undefined;
  stdout: string;
  stderr: string;
}

export interface RunningCli {
  child: ChildProcess;
  result: Promise<CliResult>;
}

/** The executable that users start. */
export const pilotfish = join(import.meta.dirname, "../../bin/pilotfish.js");

/** Runs the built program to its end, without a terminal. */
export function runCli(args: string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).result;
}

/** Starts the built program without a terminal, for tests that do something to it meanwhile. */
export function startCli(args: string[], { cwd, home, env, input, onLine }: CliOptions): RunningCli {
  const child = spawn(process.execPath, [pilotfish, ...args], {
    cwd,
    env: cliEnvironment(home, env),
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.on("error", () => undefined).end(input);
  if (child.stdout === null || child.stderr === null) throw new Error("it was started without pipes");
  let stdout = "";
  let stderr = "";
  let open = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    const lines = (open + text).split("\n");
    open = lines.pop() ?? "";
    if (onLine !== undefined) lines.forEach((line) => onLine(line));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const result = new Promise<CliResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? undefined, stdout, stderr }));
  });
  return { child, result };
}

/** Our environment without what would change the program's behaviour. */
export function cliEnvironment(home: string, more: Record<string, string> = {}): Record<string, string> {
  const ofAws = process.env["AWS_ENDPOINT_URL"] === undefined ? "AWS_|" : "";
  const left = new RegExp(`^(${ofAws}PILOTFISH_|VITEST|NODE_ENV|NODE_OPTIONS|NO_COLOR|FORCE_COLOR)`);
  const worker = process.env["VITEST_WORKER_ID"];
  const kept = Object.entries(process.env).filter(([name, value]) => value !== undefined && !left.test(name));
  return {
    // The account of whoever runs the tests is asked nothing; an emulator's is.
    AWS_CONFIG_FILE: join(home, "no-aws-config"),
    AWS_SHARED_CREDENTIALS_FILE: join(home, "no-aws-credentials"),
    ...(Object.fromEntries(kept) as Record<string, string>),
    PILOTFISH_HOME: home,
    // Files that run side by side do not take each other's ports, also not when a simulator is away for a while.
    ...(worker !== undefined && { PILOTFISH_FIRST_PORT: String(20_000 + 20 * (Number(worker) % 50)) }),
    ...more,
  };
}
