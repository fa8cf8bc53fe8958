import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createLocalProvider } from "../providers/local/local-provider.ts";
import { SimulatorClient } from "../simulator/client.ts";
import type { LocalSimulator, OpenWire } from "./wire-contract.ts";

/** The composition root: the only place that knows which back end stands behind an environment. */
export const openWire: OpenWire = ({ env, packageRoot, warn }) => {
  const client = new SimulatorClient({
    env,
    warn,
    daemonFile: join(packageRoot, "dist", "daemon.js"),
    hello: JSON.parse(readFileSync(join(packageRoot, "dist", "build.json"), "utf8")) as {
      version: string;
      build: string;
    },
  });
  return {
    provider: async () => createLocalProvider(client),
    simulator: localSimulator(client),
    dockerHost: async () => (await client.call("status", {})).engineHost,
    close: async () => client.close(),
  };
};

function localSimulator(client: SimulatorClient): LocalSimulator {
  return {
    async start({ speed }) {
      const started = !(await client.isRunning());
      await client.connect({ args: speed === undefined ? [] : ["--speed", String(speed)] });
      const status = speed === undefined ? await client.call("status", {}) : await client.call("set-speed", { speed });
      return { ...status, started };
    },
    status: async () => ((await client.isRunning()) ? client.call("status", {}) : undefined),
    stop: () => client.shutdown(),
    reset: async () => ({ services: await client.reset() }),
  };
}
