import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { planWorkload } from "../../src/plan/plan-workload.ts";
import { createLocalProvider } from "../../src/providers/local/local-provider.ts";
import type { DeployEvent, DeployResult, WorkloadStatus } from "../../src/providers/provider.ts";
import { SimulatorClient } from "../../src/simulator/client.ts";
import { buildBusyboxImage, removeImage } from "../support/busybox-image.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { leftBehind } from "../support/docker.ts";
import { ownerOf } from "../support/end-simulator.ts";
import { cliEnvironment } from "../support/run-cli.ts";
import { pageServer } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";
import { waitFor } from "../support/wait-for.ts";

const dist = join(import.meta.dirname, "../../dist");
const repository = `pilotfish-crash-test-${process.pid}`;
const images = { one: `${repository}:one`, two: `${repository}:two` };
const workload = { app: "crash", env: "local", name: "web" };

/** When the daemon is killed: at the first event of a kind, and so long after it. */
const moments: [what: string, at: (event: DeployEvent) => boolean, afterMs: number][] = [
  ["as soon as the deployment is accepted", ({ type }) => type === "accepted", 0],
  ["while the new task is being made", ({ type }) => type === "accepted", 60],
  ["while its container starts", ({ type }) => type === "accepted", 160],
  ["when the new task has started", ({ type }) => type === "task-started", 0],
  ["when the old task drains", (event) => shows(event, "DEACTIVATING"), 0],
  ["when the old task is told to stop", (event) => shows(event, "STOPPING"), 0],
  ["while the old task is removed", (event) => shows(event, "DEPROVISIONING"), 10],
  ["at any moment", ({ type }) => type === "accepted", Math.round(Math.random() * 1500)],
];

describeWithEngine("a daemon that is killed in the middle of a deploy", () => {
  beforeAll(async () => {
    await buildBusyboxImage(images.one, pageServer("one"));
    await buildBusyboxImage(images.two, pageServer("two"));
  });
  afterAll(async () => {
    for (const image of Object.values(images)) await removeImage(image);
  });

  test("loses nothing, orphans nothing, runs nothing twice, and answers at the same address", async () => {
    const home = await simulatorHome();
    const first = await deploy(home, "one");
    expect(first.result?.outcome).toBe("completed");
    const url = first.result?.status.urls.at(-1) as string;
    let page: keyof typeof images = "one";
    for (const [what, at, afterMs] of moments) {
      page = page === "one" ? "two" : "one";
      const { error } = await deploy(home, page, at, afterMs);
      expect([what, error?.code ?? "completed"]).toEqual([
        what,
        error === undefined ? "completed" : "simulator/unreachable",
      ]);
      const client = connect(home);
      const status = await waitFor(`the deployment to complete after a kill ${what}`, async () => {
        const found = await createLocalProvider(client).describeWorkload(workload);
        return isSettled(found, images[page]) ? found : false;
      });
      client.close();
      // Its two containers, and the network of its environment.
      expect([what, await thingsOf(home, 3)]).toEqual([what, 3]);
      expect([what, status.urls.at(-1), await (await fetch(url)).text()]).toEqual([what, url, page]);
    }
  });
});

/** Deploys, and kills the daemon when the moment has come. */
async function deploy(
  home: string,
  page: keyof typeof images,
  at?: (event: DeployEvent) => boolean,
  afterMs = 0,
): Promise<{ result?: DeployResult; error?: UserError }> {
  const client = connect(home);
  const { pid } = await client.call("status", {});
  const kill = () => process.kill(pid, "SIGKILL");
  let armed = at !== undefined;
  try {
    const going = createLocalProvider(client).deployWorkload(request(page), new AbortController().signal);
    for (;;) {
      const next = await going.next();
      if (next.done) {
        // What was to come first is not part of what a deploy waits for.
        if (armed) kill();
        return { result: next.value };
      }
      if (!armed || at?.(next.value) !== true) continue;
      armed = false;
      if (afterMs === 0) kill();
      else setTimeout(kill, afterMs);
    }
  } catch (error) {
    if (error instanceof UserError) return { error };
    throw error;
  } finally {
    client.close();
    if (at !== undefined) await waitFor("the daemon's end", () => !isAlive(pid));
  }
}

function request(page: keyof typeof images) {
  const manifest = {
    name: workload.name,
    type: "Load Balanced Web Service" as const,
    image: { location: images[page], port: 8080 },
    http: { path: "/", deregistration_delay: "2s" },
  };
  const plan = planWorkload({ manifest, app: workload.app, env: workload.env });
  const deployed = { [workload.name]: { name: images[page] } };
  return { plan, images: deployed, force: false, noRollback: false, failFast: false, detach: false };
}

function connect(home: string): SimulatorClient {
  return new SimulatorClient({
    env: cliEnvironment(home, { PILOTFISH_SPEED: "20" }),
    daemonFile: join(dist, "daemon.js"),
    hello: JSON.parse(readFileSync(join(dist, "build.json"), "utf8")) as { version: string; build: string },
  });
}

function isSettled({ deployments, tasks }: WorkloadStatus, image: string): boolean {
  const going = deployments.filter(({ status }) => status !== "INACTIVE");
  return (
    going.length === 1 &&
    going[0]?.rolloutState === "COMPLETED" &&
    going[0].images[0]?.name === image &&
    tasks.length === 1 &&
    tasks[0]?.targets[0]?.state === "healthy"
  );
}

/** Waits for so many containers, networks and volumes; answers how many there are. */
async function thingsOf(home: string, wanted: number): Promise<number> {
  const owner = ownerOf(home) as string;
  await waitFor("the containers", async () => (await leftBehind(owner)).length === wanted, {
    deadlineMs: 10_000,
  }).catch(() => undefined);
  return (await leftBehind(owner)).length;
}

function shows(event: DeployEvent, lastStatus: string): boolean {
  return event.type === "progress" && event.status.tasks.some((task) => task.lastStatus === lastStatus);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
