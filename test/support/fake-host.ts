import { join } from "node:path";
import { UserError } from "../../src/errors.ts";
import { main } from "../../src/cli/main.ts";
import type { Host, InputStream, OutputStream, Prompts } from "../../src/cli/host.ts";
import type { BackEnd, LocalSimulator, Wire } from "../../src/cli/wire-contract.ts";
import { screenOf } from "./screen.ts";
import type { Account } from "../../src/providers/account.ts";
import type { LocalProvider, Provider } from "../../src/providers/provider.ts";

/** An answer to the next question: a text, a choice by the beginning of its name, yes or no, or Ctrl-C. */
export type Answer = string | boolean | "Ctrl-C";

export interface FakeHostOptions {
  cwd: string;
  env?: Record<string, string>;
  /** Whether stdin, stdout and stderr are a terminal of this size. */
  terminal?: { columns: number; rows: number };
  answers?: Answer[];
  /** What is typed or piped in; without an end when it is undefined. */
  input?: string[];
  provider?: LocalProvider;
  /** What AWS is; absent: there are no credentials for it. */
  aws?: { provider?: Provider; account?: Account };
  simulator?: LocalSimulator;
  dockerHost?: string;
}

/** A host without a process: everything that is printed is kept, time stands still until it is moved. */
export class FakeHost implements Host {
  readonly stdin: FakeInput;
  readonly stdout: FakeStream;
  readonly stderr: FakeStream;
  readonly env: Record<string, string>;
  readonly cwd: string;
  readonly packageRoot = join(import.meta.dirname, "../..");
  /** Questions in the order in which they were asked, with what was answered. */
  readonly asked: string[] = [];
  /** What spinners showed. */
  readonly waits: string[] = [];
  /** Whether the command let go of its back end. */
  wireClosed = false;
  readonly #options: FakeHostOptions;
  readonly #answers: Answer[];
  readonly #interrupts = new Set<() => void>();
  readonly #timers = new Set<{ everyMs: number; next: number; callback: () => void }>();
  #now = Date.parse("2026-01-02T03:04:05Z");

  constructor(options: FakeHostOptions) {
    const { terminal, env = {}, cwd, answers = [] } = options;
    this.#options = options;
    this.stdin = new FakeInput(terminal !== undefined, options.input);
    this.stdout = new FakeStream(terminal);
    this.stderr = new FakeStream(terminal);
    this.env = env;
    this.cwd = cwd;
    this.#answers = [...answers];
  }

  now(): number {
    return this.#now;
  }

  /** Lets time pass, with everything that is due in it. */
  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].filter((timer) => timer.next <= end).toSorted((a, b) => a.next - b.next);
      if (next === undefined) break;
      this.#now = next.next;
      next.next += next.everyMs;
      next.callback();
    }
    this.#now = end;
  }

  every(everyMs: number, callback: () => void): () => void {
    const timer = { everyMs, next: this.#now + everyMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  onInterrupt(listener: () => void): () => void {
    this.#interrupts.add(listener);
    return () => this.#interrupts.delete(listener);
  }

  /** Ctrl-C. */
  interrupt(): void {
    for (const listener of this.#interrupts) listener();
  }

  async prompts(): Promise<Prompts> {
    const answer = async (message: string, hidden = false): Promise<Answer> => {
      const next = this.#answers.shift();
      if (next === undefined) throw new Error(`nobody answers: ${message}`);
      this.asked.push(`${message} ${hidden ? "(hidden)" : String(next)}`);
      if (next === "Ctrl-C") throw new UserError("interrupted", "interrupted", { exitCode: 130 });
      return next;
    };
    return {
      input: async ({ message, default: preset, optional, problem }) => {
        const given = await answer(preset === undefined ? message : `${message} (${preset})`);
        const text = given === "" ? (preset ?? "") : String(given);
        const wrong = text === "" && !optional ? "an answer is needed" : problem?.(text);
        if (wrong !== undefined) throw new Error(`${JSON.stringify(text)} was not accepted: ${wrong}`);
        return text;
      },
      password: async ({ message }) => String(await answer(message, true)),
      select: async ({ message, choices }) => {
        const names = choices.map(({ name, disabled }) => (disabled === undefined ? name : `${name} ${disabled}`));
        const given = await answer(`${message} [${names.join(" | ")}]`);
        const chosen = choices.find(({ name, disabled }) => !disabled && name.startsWith(String(given)));
        if (chosen === undefined) throw new Error(`there is no choice ${String(given)} in ${names.join(", ")}`);
        return chosen.value;
      },
      confirm: async ({ message }) => (await answer(message)) === true,
      spinner: (text) => {
        this.waits.push(text);
        return () => void this.waits.push(`${text}: over`);
      },
    };
  }

  async openWire(): Promise<Wire> {
    const { provider, aws, simulator, dockerHost } = this.#options;
    const withoutCredentials = () =>
      new UserError("aws/no-credentials", "there are no credentials for AWS", { hint: "aws configure" });
    async function providerOf(backEnd: "local"): Promise<LocalProvider>;
    async function providerOf(backEnd: BackEnd): Promise<Provider>;
    async function providerOf(backEnd: BackEnd): Promise<Provider> {
      if (backEnd === "local") return provider ?? providerWithoutServices();
      if (aws?.provider === undefined) throw withoutCredentials();
      return aws.provider;
    }
    return {
      provider: providerOf,
      async account() {
        if (aws?.account === undefined) throw withoutCredentials();
        return aws.account;
      },
      get simulator() {
        return simulator ?? missing("simulator");
      },
      dockerHost: async () => dockerHost,
      close: async () => {
        this.wireClosed = true;
      },
    };
  }
}

export class FakeInput implements InputStream {
  readonly isTerminal: boolean;
  /** `taken` while a command has the keys, `given back` after that. */
  keys = "";
  readonly #pieces: string[] | undefined;

  constructor(isTerminal: boolean, pieces: string[] | undefined) {
    this.isTerminal = isTerminal;
    this.#pieces = pieces;
  }

  async *read(signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    for (const piece of this.#pieces ?? []) yield Buffer.from(piece);
    if (this.#pieces !== undefined || signal.aborted) return;
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }

  takeKeys(): () => void {
    this.keys = "taken";
    return () => void (this.keys = "given back");
  }
}

/** Keeps what is written. */
export class FakeStream implements OutputStream {
  readonly isTerminal: boolean;
  columns: number;
  rows: number;
  text = "";
  /** Called with every piece as it is written. */
  onWrite: (text: string) => void = () => {};
  readonly #closing = new AbortController();
  readonly closed = this.#closing.signal;
  readonly #listeners = new Set<() => void>();

  constructor(terminal: { columns: number; rows: number } | undefined) {
    this.isTerminal = terminal !== undefined;
    this.columns = terminal?.columns ?? 80;
    this.rows = terminal?.rows ?? 24;
  }

  write(text: string): void {
    if (this.closed.aborted) return;
    this.text += text;
    this.onWrite(text);
  }

  async writeBytes(bytes: Uint8Array): Promise<void> {
    this.write(Buffer.from(bytes).toString("utf8"));
  }

  onResize(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    for (const listener of this.#listeners) listener();
  }

  /** The reader goes away, as `head` does. */
  close(): void {
    this.#closing.abort();
  }
}

/** Runs a command line to its end and shows all that a user sees of it; of a terminal, what stays on the screen. */
export async function run(argv: string[], host: FakeHost): Promise<string> {
  const code = await main(argv, host);
  const progress = host.stderr.isTerminal ? await screenOf(host.stderr.text, host.stderr) : host.stderr.text;
  const parts = [
    ...(host.asked.length > 0 ? [`asked:\n${host.asked.map((line) => `${line}\n`).join("")}`] : []),
    ...(progress === "" ? [] : [`stderr:\n${progress.trimEnd()}\n`]),
    ...(host.stdout.text === "" ? [] : [`stdout:\n${host.stdout.text}`]),
  ];
  return `${parts.join("")}exit code ${code}`;
}

/** For what asks no more of a back end than its environments. */
function providerWithoutServices(): Provider {
  const listEnvironments: Provider["listEnvironments"] = async (app) =>
    app === undefined ? [] : [{ app, name: "local", provider: "local" }];
  return new Proxy({ listEnvironments } as Provider, {
    // A promise that resolves with it asks for `then`.
    get: (target, name) => (name === "then" ? undefined : (Reflect.get(target, name) ?? missing("provider"))),
  });
}

function missing(what: string): never {
  throw new Error(`this test gives the command no ${what}`);
}
