import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "../providers/account.ts";
import type { LockScope } from "../providers/account/locks.ts";
import type { AwsSession } from "../providers/aws/session.ts";
import { mayKnowRegion, noRegion } from "../providers/aws/no-region.ts";
import { createLocalProvider } from "../providers/local/local-provider.ts";
import { SimulatorClient } from "../simulator/client.ts";
import type { LocalProvider, Provider } from "../providers/provider.ts";
import type { BackEnd, LocalSimulator, OpenWire, OtherCredentials, WireFacts } from "./wire-contract.ts";

/** The composition root: the only place that knows which back end stands behind an environment. */
export const openWire: OpenWire = ({ env, packageRoot, warn, mfaCode }) => {
  const client = new SimulatorClient({
    env,
    warn,
    daemonFile: join(packageRoot, "dist", "daemon.js"),
    hello: JSON.parse(readFileSync(join(packageRoot, "dist", "build.json"), "utf8")) as {
      version: string;
      build: string;
    },
  });
  const aws = openAws({ env, mfaCode, warn });
  async function provider(backEnd: "local"): Promise<LocalProvider>;
  async function provider(backEnd: BackEnd): Promise<Provider>;
  async function provider(backEnd: BackEnd): Promise<Provider> {
    if (backEnd === "local") return createLocalProvider(client);
    const [{ createAwsProvider }, { explained }] = await Promise.all([
      import("../providers/aws/aws-provider.ts"),
      import("../providers/aws/explained.ts"),
    ]);
    const { account, session } = await aws.open();
    return explained(createAwsProvider(account, session));
  }
  return {
    provider,
    account: async (credentials) => (await aws.open(credentials)).account,
    simulator: localSimulator(client),
    dockerHost: async () => (await client.call("status", {})).engineHost,
    close: async () => {
      client.close();
      await aws.close();
    },
  };
};

interface OpenedAws {
  account: Account;
  session: AwsSession;
}

/** The account of the credentials in the environment of the process; nothing of AWS is loaded before it is asked for. */
function openAws({ env, mfaCode, warn }: Pick<WireFacts, "env" | "mfaCode" | "warn">): {
  open(credentials?: OtherCredentials): Promise<OpenedAws>;
  close(): Promise<void>;
} {
  const opened = new Map<string, Promise<OpenedAws>>();
  const open = async (credentials: OtherCredentials): Promise<OpenedAws> => {
    if (Object.keys(credentials).length === 0 && !mayKnowRegion(env)) throw noRegion();
    const [{ openSession }, { createAwsAccount }, { explained }] = await Promise.all([
      import("../providers/aws/open-session.ts"),
      import("../providers/aws/aws-account.ts"),
      import("../providers/aws/explained.ts"),
    ]);
    const session = await openSession({ env, ...(mfaCode && { mfaCode }), ...credentials });
    return { account: explained(createAwsAccount(session)), session };
  };
  return {
    open(credentials = {}) {
      const key = JSON.stringify(credentials);
      const known = opened.get(key) ?? open(credentials);
      opened.set(key, known);
      return known;
    },
    async close() {
      for (const each of opened.values()) {
        const known = await each.catch(() => undefined);
        for (const scope of (await known?.account.locks.releaseAll()) ?? []) warn(leftLock(scope));
        known?.session.close();
      }
    },
  };
}

function leftLock({ app, env, workload }: LockScope): string {
  const [what, flag] =
    workload === undefined ? [`the environment ${env}`, ""] : [`${workload} in ${env}`, ` -n ${workload}`];
  return `the lock of ${what} could not be given back; free it: pilotfish unlock -a ${app}${flag} -e ${env}`;
}

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
