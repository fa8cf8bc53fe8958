import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { planWorkload } from "../../../src/plan/plan-workload.ts";
import { resolvePlan } from "../../../src/plan/resolve.ts";
import type { WorkloadStatus } from "../../../src/providers/provider.ts";
import { SimulatorClient } from "../../../src/simulator/client.ts";
import { findEngine } from "../../../src/simulator/runtime/engine-address.ts";
import { docker } from "../docker.ts";
import { ownerOf } from "../end-simulator.ts";
import { startLoad } from "../load.ts";
import { cliEnvironment, pilotfish } from "../run-cli.ts";
import { waitFor } from "../wait-for.ts";
import { engineGate } from "./engine-gate.ts";

export interface ChaosOptions {
  /** The simulator's state folder; whoever asks removes what is left. */
  home: string;
  /** A web server on port 8080. */
  image: string;
  seconds: number;
  seed: number;
  print?: (line: string) => void;
}

export interface ChaosReport {
  /** What was done, how often. */
  blows: Record<string, number>;
  /** How often all services came to rest as they should be, each time after one to three blows. */
  convergences: number;
  slowestMs: number;
  requests: number;
  failedRequests: number;
  /** Why, how often. */
  failures: Record<string, number>;
}

const services = { web: 3, back: 1 };

/** Two services under load, on which blows fall until the time is over; after each burst all must come to rest again.
 *  @throws when something does not within 90 s */
export async function runChaos({ home, image, seconds, seed, print = () => {} }: ChaosOptions): Promise<ChaosReport> {
  const socket = join(home, "gate.sock");
  const { connect: engine } = findEngine(process.env, homedir());
  const gate = await engineGate(socket, "socketPath" in engine ? { path: engine.socketPath } : engine);
  const env = cliEnvironment(home, { PILOTFISH_SPEED: "100", DOCKER_HOST: `unix://${socket}` });
  const dist = join(dirname(pilotfish), "../dist");
  const hello = JSON.parse(readFileSync(join(dist, "build.json"), "utf8")) as { version: string; build: string };
  const client = new SimulatorClient({ env, daemonFile: join(dist, "daemon.js"), hello });
  const pick = picker(seed);
  const report: ChaosReport = {
    blows: {},
    convergences: 0,
    slowestMs: 0,
    requests: 0,
    failedRequests: 0,
    failures: {},
  };
  const { pid } = await client.call("status", {});
  for (const [name, count] of Object.entries(services)) await deploy(client, name, count, image, false);
  await settled(client, home);
  const [url = ""] = (await client.call("list-services", {})).find(({ name }) => name === "web")?.urls.slice(-1) ?? [];
  const load = startLoad({ url, connections: 8 });

  const container = async (which: (task: WorkloadStatus["tasks"][number]) => string | undefined) => {
    const tasks = (await client.call("list-services", {})).flatMap((service) => service.tasks);
    const running = tasks.filter(({ lastStatus }) => lastStatus === "RUNNING");
    return running.length === 0 ? undefined : which(pick(running));
  };
  const named = (name: "main" | "helper") => container(({ containers }) => find(containers, name)?.runtimeId);
  const pause = () => container(({ id }) => `pf-${(ownerOf(home) as string).slice(0, 8)}-${id.slice(0, 12)}-pause`);
  const blows: Record<string, () => Promise<unknown>> = {
    "killed an essential container": async () => kill(await named("main")),
    "killed a container that is not essential": async () => kill(await named("helper")),
    "killed the container that holds a task's network": async () => kill(await pause()),
    "removed a container": async () => remove(await named("main")),
    "removed the container that holds a task's network": async () => remove(await pause()),
    "reset the daemon's connections to the Engine": async () => gate.cut(),
    "kept the daemon from the Engine for a second": async () => {
      gate.close();
      await sleep(1000);
      gate.open();
    },
    "cut off a client in the middle of its answer": () => cutOff(client.home.socket, hello),
    "deployed again": async () => {
      const name = pick(Object.keys(services)) as keyof typeof services;
      await waitFor("the deploy to be taken", () => deploy(client, name, services[name], image, true));
    },
  };
  try {
    for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
      const burst = Array.from({ length: pick([1, 1, 2, 3]) }, () => pick(Object.keys(blows)));
      for (const blow of burst) {
        await blows[blow]?.();
        report.blows[blow] = (report.blows[blow] ?? 0) + 1;
        await sleep(pick([0, 50, 300]));
      }
      const began = performance.now();
      await settled(client, home);
      const took = performance.now() - began;
      report.convergences += 1;
      report.slowestMs = Math.max(report.slowestMs, took);
      print(`${burst.join(", ")}: at rest after ${(took / 1000).toFixed(1)} s`);
    }
    if ((await client.call("status", {})).pid !== pid) throw new Error("the daemon has died");
  } finally {
    const { requests, failed, reasons } = await load.stop();
    Object.assign(report, { requests, failedRequests: failed, failures: inFewWords(reasons) });
    gate.open();
    await client.shutdown().catch(() => undefined);
    client.close();
    await gate.end();
  }
  return report;
}

async function deploy(client: SimulatorClient, name: string, count: number, image: string, force: boolean) {
  const manifest = {
    name,
    type: "Load Balanced Web Service" as const,
    image: { location: image, port: 8080 },
    http: { path: name, deregistration_delay: "5s", healthcheck: { path: "/", interval: "5s", timeout: "2s" } },
    count,
    storage: { volumes: { data: { path: "/data", read_only: false } } },
    sidecars: {
      helper: { image, command: ["/bin/sh", "-c", "trap 'exit 0' TERM; sleep 1000 & wait"], essential: false },
    },
  };
  const plan = resolvePlan(planWorkload({ manifest, app: "chaos", env: "local" }), (later) =>
    "image" in later ? image : "known",
  );
  return client.call("update-service", { plan, images: {}, force, noRollback: false });
}

/** Every service runs as it is wanted, and on the Engine is what the state says, each container once. */
async function settled(client: SimulatorClient, home: string): Promise<void> {
  const filter = ["--filter", `label=pilotfish.owner=${ownerOf(home)}`];
  const list = async (...what: string[]) =>
    (await docker(...what, ...filter))
      .split("\n")
      .filter(Boolean)
      .map((line) => line.trim())
      .toSorted();
  await waitFor(
    "all services to be as they are wanted",
    async () => {
      const all = await client.call("list-services", {});
      const isWell = all.every(
        ({ name, tasks, deployments, desiredCount }) =>
          desiredCount === services[name as keyof typeof services] &&
          tasks.length === desiredCount &&
          deployments.filter(({ status }) => status !== "INACTIVE").length === 1 &&
          deployments[0]?.rolloutState === "COMPLETED" &&
          tasks.every(
            ({ lastStatus, targets }) => lastStatus === "RUNNING" && targets.every(({ state }) => state === "healthy"),
          ),
      );
      const describe = () =>
        all.map(
          ({ name, tasks, deployments }) =>
            `${name}: ${tasks.map((task) => task.lastStatus).join(" ")}; ${deployments[0]?.rolloutState}`,
        );
      if (!isWell || all.length !== 2) throw new Error(describe().join(", "));
      const tasks = all.flatMap((service) => service.tasks);
      const containers = await list(
        "ps",
        "--all",
        "--format",
        `{{.Label "pilotfish.task"}} {{.Label "pilotfish.container"}}`,
      );
      const volumes = await list("volume", "ls", "--format", `{{.Label "pilotfish.task"}}`);
      const wanted = tasks.flatMap(({ id, containers: own }) =>
        ["", ...own.map(({ name }) => name)].map((name) => `${id} ${name}`.trim()),
      );
      if (JSON.stringify(containers) !== JSON.stringify(wanted.toSorted()))
        throw new Error(`on the Engine are ${containers.length} containers instead of ${wanted.length}`);
      if (JSON.stringify(volumes) !== JSON.stringify(tasks.map(({ id }) => id).toSorted()))
        throw new Error(`on the Engine are ${volumes.length} volumes instead of ${tasks.length}`);
      return true;
    },
    { deadlineMs: 90_000 },
  );
}

/** Asks for much and goes away. */
async function cutOff(path: string, hello: object): Promise<void> {
  const socket = connect(path);
  socket.on("error", () => undefined);
  socket.write(`${JSON.stringify({ hello })}\n`);
  for (const [id, name] of Object.keys(services).entries())
    socket.write(`${JSON.stringify({ id, method: "follow-service", params: { serviceId: `chaos/local/${name}` } })}\n`);
  await new Promise((resolve) => socket.once("data", resolve).once("close", resolve));
  socket.write(`{"id": 7, "method": "stat`);
  socket.destroy();
}

async function kill(id: string | undefined): Promise<void> {
  if (id !== undefined) await docker("kill", id).catch(gone);
}

async function remove(id: string | undefined): Promise<void> {
  if (id !== undefined) await docker("rm", "--force", id).catch(gone);
}

/** The daemon may have been faster. */
function gone(error: Error): void {
  if (!/No such container|is not running|already in progress/i.test(error.message)) throw error;
}

function find<T extends { name: string; runtimeId?: string }>(
  containers: T[],
  which: "main" | "helper",
): T | undefined {
  return containers.find(({ name }) => (name === "helper") === (which === "helper"));
}

/** Without what differs from target to target. */
function inFewWords(reasons: Record<string, number>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [reason, times] of Object.entries(reasons)) {
    const text = reason.replaceAll(/<[^>]*>|\s+/g, " ").replaceAll(/\d+\.\d+\.\d+\.\d+:\d+/g, "…");
    const why = text
      .replace(/^(status \d+): +(?:\d+ [A-Z][\w ]*?)\1?(?= target| no |$)/, "$1:")
      .replaceAll(/ +/g, " ")
      .trim();
    counts[why] = (counts[why] ?? 0) + times;
  }
  return counts;
}

/** Draws the same from the same seed. */
function picker(seed: number): <T>(from: readonly T[]) => T {
  let state = seed;
  return (from) => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647 || 1;
    return from[state % from.length] as (typeof from)[number];
  };
}
