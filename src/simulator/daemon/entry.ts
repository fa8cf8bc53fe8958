/** The daemon's process: `node daemon.js` runs it, `node daemon.js --reset` removes all that it ever made. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import { Connection, type Hello, toWireError } from "../control/connection.ts";
import { type Home, locateHome, prepareHome } from "../control/home.ts";
import { failureMark } from "../control/start-daemon.ts";
import { connectDocker } from "../runtime/docker/connect-docker.ts";
import { connectEngine } from "../runtime/docker/connect-engine.ts";
import { findEngine } from "../runtime/engine-address.ts";
import { createSimulatedRuntime } from "../runtime/simulated.ts";
import type { LogPosition, Runtime, RuntimeObserver } from "../runtime/runtime.ts";
import { Daemon } from "./daemon.ts";
import type { LogStore } from "./log-store.ts";
import { operations } from "./operations.ts";
import { ownerOf } from "./owner.ts";
import { ControlServer } from "./server.ts";
import { Store } from "./store.ts";

/** `local` runs at this speed unless told otherwise. */
const defaultSpeed = 10;

async function run(): Promise<void> {
  const home = locateHome(process.env);
  prepareHome(home);
  if (process.argv.includes("--reset")) return reset(home);
  const hello = { ...readBuild(), pid: process.pid };
  const store = await openStore(home, hello);
  const speed = readSpeed(argument("--speed") ?? process.env["PILOTFISH_SPEED"] ?? store.setting("speed"));
  store.set("speed", String(speed));
  const owner = ownerOf(home);
  let server: ControlServer | undefined;
  const daemon = await Daemon.start({
    home,
    owner,
    hello,
    store,
    speed,
    connect: async (observer, logs) => {
      const connected = await connectRuntime(
        home,
        owner,
        observer,
        logs,
        store.setting("runtime") === "docker" && store.hasLiveTasks(),
      );
      store.set("runtime", connected.runtime.kind);
      return connected;
    },
    engineAnswers,
    ended: () => void server?.close().then(() => process.exit(0)),
  });
  server = new ControlServer(home.socket, hello, operations(daemon));
  await server.listen();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void daemon.stop("shutdown"));
  process.on("SIGHUP", () => undefined);
  process.stderr.write(
    `${new Date().toISOString()} pilotfish ${hello.version} (${hello.build}) with ${daemon.runtime.description}\n`,
  );
}

/** A daemon that is handing over still holds the state for a moment; one that answers keeps it. */
async function openStore(home: Home, hello: Hello): Promise<Store> {
  for (let tries = 0; ; tries++) {
    try {
      return new Store(home.database);
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "simulator/busy" || tries > 300) throw error;
      const other = await Connection.open(home.socket, { ...hello, resume: true });
      if (other !== undefined && other !== "moved") {
        other.connection.close();
        throw error;
      }
      await sleep(50);
    }
  }
}

/** The Docker runtime wherever an Engine answers. Tasks that run on an Engine are not forgotten because it is away for
 *  a moment: then the daemon does not start without it. */
async function connectRuntime(
  home: Home,
  owner: string,
  observer: RuntimeObserver,
  logs?: LogStore,
  needsDocker = false,
): Promise<{ runtime: Runtime; engineHost?: string }> {
  const simulated = (reason: string) => ({ runtime: createSimulatedRuntime({ reason, observer }) });
  if (process.env["PILOTFISH_RUNTIME"] === "simulated") return simulated("PILOTFISH_RUNTIME asks for it");
  for (let tries = 0; ; tries++) {
    try {
      const address = findEngine(process.env, homedir());
      const logPosition: LogPosition = (service, task, container) => logs?.position(service, task, container);
      return { runtime: await connectDocker({ address, owner, observer, logPosition }), engineHost: address.host };
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "engine/unreachable") throw error;
      if (!needsDocker) return simulated(error.message);
      if (tries >= 50) throw error;
      await sleep(200);
    }
  }
}

/** A state that cannot be read may have had some too. */
function hadContainers(home: Home): boolean {
  if (!existsSync(home.database)) return false;
  let store: Store | undefined;
  try {
    store = new Store(home.database);
    return store.setting("runtime") === "docker";
  } catch (error) {
    if (error instanceof UserError && error.code === "simulator/busy") throw error;
    return true;
  } finally {
    store?.close();
  }
}

async function engineAnswers(): Promise<boolean> {
  if (process.env["PILOTFISH_RUNTIME"] === "simulated") return false;
  try {
    const { client } = await connectEngine(findEngine(process.env, homedir()));
    client.close();
    return true;
  } catch {
    return false;
  }
}

/** Removes every container of this home and then its state; a daemon must not be running. */
async function reset(home: Home): Promise<void> {
  const silent: RuntimeObserver = { exited: () => {}, lost: () => {}, log: () => {}, available: () => {} };
  const { runtime } = await connectRuntime(home, ownerOf(home), silent, undefined, hadContainers(home));
  await runtime.removeAll();
  await runtime.close();
  for (const file of [home.database, `${home.database}-wal`, `${home.database}-shm`, home.ownerFile, home.socket])
    rmSync(file, { force: true });
  rmSync(home.logs, { recursive: true, force: true });
}

function readSpeed(text: string | undefined): number {
  const speed = Number(text ?? defaultSpeed);
  if (speed >= 1 && speed <= 1000) return speed;
  throw new UserError("usage/invalid-flag", `${text} is no speed: give a number from 1 (as slow as AWS) to 1000`);
}

function readBuild(): { version: string; build: string } {
  return JSON.parse(readFileSync(new URL("build.json", import.meta.url), "utf8")) as { version: string; build: string };
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

try {
  await run();
} catch (error) {
  process.stderr.write(`${new Date().toISOString()} ${failureMark}${JSON.stringify(toWireError(error))}\n`);
  process.exit(1);
}
