/** The daemon's process: `node daemon.js` runs it, `node daemon.js --reset` removes all that it ever made. */
import { existsSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import type { EngineSettings } from "../protocol.ts";
import { homedir } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import { Connection } from "../control/connection.ts";
import type { Hello } from "../control/frames.ts";
import { type Home, locateHome, prepareHome } from "../control/home.ts";
import { startReporter } from "../control/start-report.ts";
import { toWireError } from "../control/wire-error.ts";
import { connectDocker } from "../runtime/docker/connect-docker.ts";
import { connectEngine } from "../runtime/docker/connect-engine.ts";
import { findEngine } from "../runtime/engine-address.ts";
import { createSimulatedRuntime } from "../runtime/simulated.ts";
import type { LogPosition, Runtime, RuntimeObserver } from "../runtime/runtime.ts";
import { Daemon } from "./daemon.ts";
import { logLine } from "./daemon-log.ts";
import type { LogStore } from "./log-store.ts";
import { ownerOf } from "./owner.ts";
import { removeFolders } from "./remove-folders.ts";
import { serve } from "./serve.ts";
import { readFirstPort } from "./first-port.ts";
import { readSpeed } from "./speed.ts";
import { Store } from "./store.ts";

async function run(): Promise<void> {
  const home = locateHome(process.env);
  prepareHome(home);
  if (process.argv.includes("--reset")) {
    await reset(home);
    process.exit(0);
  }
  const hello = { ...readBuild(), pid: process.pid };
  const store = await openStore(home, hello);
  const speed = readSpeed(argument("--speed") ?? process.env["PILOTFISH_SPEED"] ?? store.setting("speed"));
  store.set("speed", String(speed));
  const firstPort = readFirstPort(process.env["PILOTFISH_FIRST_PORT"]);
  const owner = ownerOf(home);
  const connect = async (observer: RuntimeObserver, logs: LogStore) => {
    const needsDocker = store.setting("runtime") === "docker" && store.hasLiveTasks();
    const connected = await connectRuntime(home, owner, observer, logs, needsDocker);
    store.set("runtime", connected.runtime.kind);
    return connected;
  };
  const daemon = await Daemon.start({ home, owner, hello, store, speed, firstPort, connect, engineAnswers });
  const end = await serve(daemon, store, home, hello, () => process.exit(0));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void end("shutdown"));
  process.on("SIGHUP", () => undefined);
  logLine(`pilotfish ${hello.version} (${hello.build}) with ${daemon.runtime.description}, pid ${process.pid}`);
}

/** A daemon that is handing over still holds the state for a moment; one that answers keeps it. */
async function openStore(home: Home, hello: Omit<Hello, "pid">): Promise<Store> {
  for (let tries = 0; ; tries++) {
    try {
      return new Store(home.database);
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "simulator/busy" || tries > 500) throw error;
      const other = await Connection.open(home.socket, { ...hello, resume: true });
      if (other !== undefined && other !== "moved") {
        other.close();
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
  const asked = process.env["PILOTFISH_RUNTIME"] ?? "";
  if (asked === "simulated") return simulated("PILOTFISH_RUNTIME asks for it");
  if (asked !== "" && asked !== "docker")
    throw new UserError("usage/invalid-flag", `PILOTFISH_RUNTIME is ${asked}: it may be simulated or docker`);
  for (let tries = 0; ; tries++) {
    try {
      const address = findEngine(process.env, homedir());
      const logPosition: LogPosition = (service, task, container) => logs?.position(service, task, container);
      return {
        runtime: await connectDocker({ address, owner, observer, logPosition, efsFolder: home.efs }),
        engineHost: address.host,
      };
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "engine/unreachable") throw error;
      if (!needsDocker) return simulated(error.message);
      if (tries >= 50) throw error;
      await sleep(200);
    }
  }
}

async function engineAnswers(settings: EngineSettings): Promise<boolean> {
  if (settings.PILOTFISH_RUNTIME === "simulated") return false;
  try {
    const { client } = await connectEngine(findEngine(settings, homedir()));
    client.close();
    return true;
  } catch {
    return false;
  }
}

/** Removes every container of this home and then its state, which is held meanwhile where it can be read: no daemon can
 *  start on it. */
async function reset(home: Home): Promise<void> {
  const store = existsSync(home.database) ? await openReadable(home) : undefined;
  // A state that cannot be read may have had containers, too.
  const hadContainers = store === "unreadable" || (store !== undefined && store.setting("runtime") === "docker");
  const silent: RuntimeObserver = { exited: () => {}, lost: () => {}, log: () => {}, available: () => {} };
  const { runtime } = await connectRuntime(home, ownerOf(home), silent, undefined, hadContainers);
  await runtime.removeAll();
  await runtime.close();
  const kept = removeFolders([home.logs, home.efs]);
  const key = [home.keyFile, `${home.keyFile}.new`];
  const database = [home.database, `${home.database}-wal`, `${home.database}-shm`];
  for (const file of [home.socket, home.ownerFile, home.environments, ...key, ...database])
    rmSync(file, { force: true });
  if (dirname(home.socket) !== home.folder) rmdirSync(dirname(home.socket));
  if (store !== "unreadable") store?.close();
  if (kept !== undefined) throw kept;
}

/** @throws UserError simulator/busy */
async function openReadable(home: Home): Promise<Store | "unreadable"> {
  try {
    return await openStore(home, readBuild());
  } catch (error) {
    if (error instanceof UserError && error.code === "simulator/home") return "unreadable";
    throw error;
  }
}

function readBuild(): { version: string; build: string } {
  return JSON.parse(readFileSync(new URL("build.json", import.meta.url), "utf8")) as { version: string; build: string };
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

// Whatever is written here is its user's alone.
process.umask(0o077);
process.stderr.on("error", () => undefined);
const report = startReporter(process.env);
try {
  await run();
  report({ ready: true });
  // The daemon outlives its own mistakes: what was committed is done, what was not is tried again.
  for (const event of ["uncaughtException", "unhandledRejection"])
    process.on(event, (error: unknown) => logLine(error instanceof Error ? `${error.stack}` : String(error)));
} catch (error) {
  logLine(`cannot start: ${error instanceof UserError ? error.message : (error as Error).stack}`);
  report({ failed: toWireError(error) });
  process.exit(1);
}
