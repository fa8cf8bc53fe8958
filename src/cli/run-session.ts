import type { ExecSession } from "../providers/provider.ts";
import type { Context } from "./context.ts";
import { clean } from "./render/clean.ts";
import { shortTask } from "./render/words.ts";

/** As a shell reports a program that was ended by SIGINT, and one that wrote to a pipe that nobody reads. */
const interruptedCode = 130;
const brokenPipeCode = 141;

/** Connects a command in a container with this program's own input and output until it has ended, and answers its exit
 *  code. On a terminal every key goes to the command; the terminal is put back whatever happens. */
export async function runSession(
  start: (signal: AbortSignal) => Promise<ExecSession>,
  command: string,
  onTerminal: boolean,
  context: Context,
): Promise<number> {
  const { host, interrupts } = context;
  const stop = new AbortController();
  let interrupted = false;
  interrupts.take(() => {
    interrupted = true;
    stop.abort();
  });
  host.stdout.closed.addEventListener("abort", () => stop.abort());
  const session = await start(stop.signal);
  if (onTerminal) context.say(clean(`${command} in container ${session.container} of task ${shortTask(session.task)}`));
  if (session.ownsTerminal) return await endOfOther(session, context);
  const putBack = onTerminal ? takeTerminal(session, context) : () => {};
  const forget = interrupts.onLeave(() => void putBack());
  const reading = new AbortController();
  try {
    const input = passInput(session, host.stdin.read(reading.signal));
    const code = await Promise.race([passOutput(session, context), input.then(() => new Promise<never>(() => {}))]);
    return interrupted ? interruptedCode : (code ?? brokenPipeCode);
  } finally {
    reading.abort();
    stop.abort();
    putBack();
    forget();
  }
}

/** Another program has the terminal until it ends, and hears every Ctrl-C. */
async function endOfOther(session: ExecSession, context: Context): Promise<number> {
  const takeBack = context.interrupts.leaveToOther();
  try {
    return (await passOutput(session, context)) ?? interruptedCode;
  } finally {
    takeBack();
  }
}

/** The size of the terminal follows; sizes are sent one after the other, and only the last one counts. */
function takeTerminal(session: ExecSession, { host }: Context): () => void {
  const giveKeysBack = host.stdin.takeKeys();
  let sending = Promise.resolve();
  const stopWatching = host.stdout.onResize(() => {
    sending = sending.then(() => session.resize(host.stdout.columns, host.stdout.rows)).catch(() => undefined);
  });
  return () => {
    stopWatching();
    giveKeysBack();
  };
}

/** Only a failure to read is one: what the session does not take any more is told by its output's end. */
async function passInput(session: ExecSession, input: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const bytes of input) if (!(await session.write(bytes).catch(() => false))) return;
  await session.endInput().catch(() => undefined);
}

async function passOutput({ output }: ExecSession, { host }: Context): Promise<number | undefined> {
  for (;;) {
    const next = await output.next();
    if (next.done) return next.value;
    await host[next.value.stream].writeBytes(next.value.bytes);
  }
}
