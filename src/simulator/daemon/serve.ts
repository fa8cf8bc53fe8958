import type { Hello } from "../control/frames.ts";
import type { Home } from "../control/home.ts";
import type { Daemon } from "./daemon.ts";
import { logLine } from "./daemon-log.ts";
import { operations } from "./operations.ts";
import { ControlServer, type Ending } from "./server.ts";
import type { Store } from "./store.ts";

export interface EndOptions {
  /** With `shutdown`: how long a program may take to end. */
  graceSeconds?: number;
}

export type End = (ending: Ending, options?: EndOptions) => Promise<void>;

/** How long running calls and effects may take before the daemon ends without them. */
const answersMs = 5000;

/** Opens the control socket of a daemon. The end that is returned finishes running calls, ends the daemon, lets go of its
 *  clients and then of the state, which the next daemon waits for; asked for again, it is the same end.
 *  @param gone called when all of that is done, whoever asked for it */
export async function serve(daemon: Daemon, store: Store, home: Home, hello: Hello, gone = () => {}): Promise<End> {
  let ended: Promise<void> | undefined;
  const end: End = (ending, options = {}) => (ended ??= run(ending, options));
  const server = new ControlServer(home.socket, hello, operations(daemon, end));
  const run = async (ending: Ending, { graceSeconds }: EndOptions): Promise<void> => {
    try {
      await server.refuse(ending, answersMs);
      await daemon.stop(ending, graceSeconds);
      // Until here who comes is told to wait. The socket's file goes before the state's lock, never after it.
      await server.close();
      store.close();
    } catch (error) {
      logLine(`ending: ${(error as Error).message}`);
    } finally {
      gone();
    }
  };
  await server.listen();
  return end;
}
