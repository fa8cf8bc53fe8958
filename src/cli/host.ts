import type { Wire, WireFacts } from "./wire-contract.ts";

/** Everything outside the program that a command may touch besides files: `main` gets it as a parameter, so that a test
 *  can drive the whole program without a process of its own. */
export interface Host {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The package's folder, which holds `package.json`, `templates/` and `dist/`. */
  readonly packageRoot: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back every `milliseconds` until the returned function is called; does not keep the process alive. */
  every(milliseconds: number, callback: () => void): () => void;
  /** Ctrl-C, or a request to end. Returns the function that takes the listener away again. */
  onInterrupt(listener: () => void): () => void;
  prompts(): Promise<Prompts>;
  openWire(facts: WireFacts): Promise<Wire>;
}

export interface InputStream {
  /** Whether somebody can answer a question. */
  readonly isTerminal: boolean;
  /** What comes in, at the pace at which it is asked for; ends early, without error, when the signal aborts. Once only. */
  read(signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Every key goes to the reader as it is typed, Ctrl-C too, and none is shown. Returns how to put the terminal back,
   *  which may be called twice. */
  takeKeys(): () => void;
}

export interface OutputStream {
  readonly isTerminal: boolean;
  /** Size of the terminal now; 80 × 24 where there is none. */
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
  /** Bytes as they are. Resolves when there is room for more, or nobody reads any more. */
  writeBytes(bytes: Uint8Array): Promise<void>;
  onResize(listener: () => void): () => void;
  /** Aborts when nobody reads any more (`| head`); what is written then is lost without an error. */
  readonly closed: AbortSignal;
}

/** Questions to the user, and a sign of life, shown on stderr. Each question throws UserError interrupted when Ctrl-C answers it, and rejects with
 *  the signal's reason when the signal takes it back. */
export interface Prompts {
  input(question: InputQuestion): Promise<string>;
  /** What is typed is not shown. */
  password(question: { message: string }): Promise<string>;
  select<Value>(question: SelectQuestion<Value>): Promise<Value>;
  confirm(question: ConfirmQuestion): Promise<boolean>;
  /** Shows that something takes its time, until the answer is called. */
  spinner(text: string): () => void;
}

export interface InputQuestion {
  message: string;
  default?: string;
  /** An empty answer is one too. */
  optional?: boolean;
  /** What is wrong with an answer, or undefined. */
  problem?: (answer: string) => string | undefined;
}

export interface SelectQuestion<Value> {
  message: string;
  /** `disabled` says why a choice cannot be taken. */
  choices: { name: string; value: Value; disabled?: string }[];
}

export interface ConfirmQuestion {
  message: string;
  default: boolean;
  signal?: AbortSignal;
}
