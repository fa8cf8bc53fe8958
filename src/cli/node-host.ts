import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { WriteStream } from "node:tty";
import type { Host, InputStream, OutputStream } from "./host.ts";

/** The process as a host. `moduleUrl` lies somewhere in the package. `flush` resolves when all that was written has arrived,
 *  with why it did not: a full disk, not a reader that had enough. */
export function nodeHost(moduleUrl: string): Host & { flush(): Promise<Error | undefined> } {
  const stdout = outputStream(process.stdout);
  const stderr = outputStream(process.stderr);
  return {
    stdin: inputStream(),
    stdout,
    stderr,
    env: process.env,
    cwd: process.cwd(),
    packageRoot: packageRoot(moduleUrl),
    now: () => Date.now(),
    every(milliseconds, callback) {
      const timer = setInterval(callback, milliseconds);
      timer.unref();
      return () => clearInterval(timer);
    },
    onInterrupt(listener) {
      const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.removeListener(signal, listener);
      };
    },
    async prompts() {
      const { terminalPrompts } = await import("./prompts.ts");
      return terminalPrompts(process.stdin, process.stderr);
    },
    async openWire(facts) {
      const { openWire } = await import("./wire.ts");
      return openWire(facts);
    },
    flush: async () => {
      await Promise.all([stdout.flush(), stderr.flush()]);
      return stdout.failure();
    },
  };
}

function inputStream(): InputStream {
  return {
    isTerminal: process.stdin.isTTY === true,
    async *read(signal) {
      const { stdin } = process;
      const stop = () => stdin.destroy();
      signal.addEventListener("abort", stop, { once: true });
      try {
        if (!signal.aborted) yield* stdin as AsyncIterable<Uint8Array>;
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        signal.removeEventListener("abort", stop);
      }
    },
    takeKeys() {
      const { stdin } = process;
      stdin.setRawMode(true);
      return () => stdin.destroyed || stdin.setRawMode(false);
    },
  };
}

function outputStream(stream: WriteStream): OutputStream & { flush(): Promise<void>; failure(): Error | undefined } {
  const closed = new AbortController();
  let failure: Error | undefined;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") failure ??= error;
    closed.abort();
  });
  return {
    get isTerminal() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows || 24;
    },
    write(text) {
      if (!closed.signal.aborted) stream.write(text);
    },
    async writeBytes(bytes) {
      if (closed.signal.aborted || stream.write(bytes)) return;
      await once(stream, "drain", { signal: closed.signal }).catch(() => undefined);
    },
    onResize(listener) {
      stream.on("resize", listener);
      return () => stream.removeListener("resize", listener);
    },
    closed: closed.signal,
    failure: () => failure,
    flush: () =>
      new Promise((resolve) => {
        if (closed.signal.aborted) return resolve();
        closed.signal.addEventListener("abort", () => resolve());
        stream.write("", () => resolve());
      }),
  };
}

function packageRoot(moduleUrl: string): string {
  let folder = dirname(fileURLToPath(moduleUrl));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
