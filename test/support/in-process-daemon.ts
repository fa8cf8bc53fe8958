import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locateHome, prepareHome } from "../../src/simulator/control/home.ts";
import { Daemon } from "../../src/simulator/daemon/daemon.ts";
import type { LogStore } from "../../src/simulator/daemon/log-store.ts";
import { ownerOf } from "../../src/simulator/daemon/owner.ts";
import { serve } from "../../src/simulator/daemon/serve.ts";
import { Store } from "../../src/simulator/daemon/store.ts";
import { SimulatorClient } from "../../src/simulator/client.ts";
import type { Runtime, RuntimeObserver } from "../../src/simulator/runtime/runtime.ts";

export interface InProcessDaemon {
  client: SimulatorClient;
  owner: string;
  /** Stops its tasks, ends it and removes its home. */
  end(): Promise<void>;
}

/** The daemon's parts in this process, behind a real control socket, with a runtime that the test chooses. */
export async function startDaemonInProcess(
  connect: (observer: RuntimeObserver, logs: LogStore, owner: string) => Promise<Runtime>,
  speed: number,
): Promise<InProcessDaemon> {
  const folder = mkdtempSync(join(tmpdir(), "pf-daemon-"));
  const home = locateHome({ PILOTFISH_HOME: folder });
  prepareHome(home);
  const hello = { version: "0.0.0", build: "test" };
  const owner = ownerOf(home);
  const store = new Store(home.database);
  const daemon = await Daemon.start({
    home,
    owner,
    hello,
    store,
    speed,
    connect: async (observer, logs) => ({ runtime: await connect(observer, logs, owner) }),
    engineAnswers: async () => false,
  });
  const endDaemon = await serve(daemon, store, home, hello);
  const client = new SimulatorClient({ env: { PILOTFISH_HOME: folder }, daemonFile: "/nonexistent", hello });
  return {
    client,
    owner,
    async end() {
      client.close();
      await endDaemon("shutdown");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
