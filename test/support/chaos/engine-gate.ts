import { rmSync } from "node:fs";
import { connect, createServer, type NetConnectOpts, type Socket } from "node:net";

/** A way to an Engine that can be cut. */
export interface EngineGate {
  /** Ends every connection that is open, in the middle of whatever it carries. @returns how many */
  cut(): number;
  /** Cuts, and lets nobody in until it is opened again. */
  close(): void;
  open(): void;
  end(): Promise<void>;
}

export async function engineGate(socket: string, engine: NetConnectOpts): Promise<EngineGate> {
  const pairs = new Set<[Socket, Socket]>();
  let isOpen = true;
  const server = createServer((near) => {
    if (!isOpen) return void near.destroy();
    const far = connect(engine);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.pipe(far).pipe(near);
    for (const side of pair)
      side
        .on("error", () => undefined)
        .on("close", () => {
          pairs.delete(pair);
          for (const each of pair) each.destroy();
        });
  });
  rmSync(socket, { force: true });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
  const cut = () => {
    const count = pairs.size;
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
    return count;
  };
  return {
    cut,
    close() {
      isOpen = false;
      cut();
    },
    open: () => void (isOpen = true),
    async end() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}
