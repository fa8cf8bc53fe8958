import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planWorkload } from "../../src/plan/plan-workload.ts";
import { createLocalProvider } from "../../src/providers/local/local-provider.ts";
import type { DeployResult } from "../../src/providers/provider.ts";
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
const repository = `pilotfish-life-test-${process.pid}`;
const images = { polite: `${repository}:polite`, stubborn: `${repository}:stubborn` };
const workload = { app: "life", env: "local", name: "web" };

describeWithEngine("the daemon", () => {
  beforeAll(async () => {
    await buildBusyboxImage(images.polite, pageServer("here"));
    const command = ["/bin/sh", "-c", "trap '' TERM; httpd -p 8080 -h /www; while true; do sleep 1; done"];
    await buildBusyboxImage(images.stubborn, { files: { "/www/index.html": "here" }, command });
  });
  afterAll(async () => {
    for (const image of Object.values(images)) await removeImage(image);
  });

  test("that was stopped brings its services back at the same address, and calls nothing a failure", async () => {
    const home = await simulatorHome();
    const client = connect(home);
    const { status } = await deploy(client, images.polite);
    const url = status.urls.at(-1) as string;
    await client.shutdown();
    expect(await leftBehind(ownerOf(home) as string)).toEqual([]);
    await expect(fetch(url)).rejects.toThrow();
    const provider = createLocalProvider(client);
    await provider.describeWorkload(workload);
    const page = () => fetch(url).then((answer) => answer.text());
    await waitFor("the page", async () => (await page()) === "here");
    await waitFor("the end of the old task", async () => {
      const { tasks } = await provider.describeWorkload(workload);
      return tasks.length === 1 && tasks[0]?.lastStatus === "RUNNING";
    });
    const after = await provider.describeWorkload(workload);
    expect(after.stoppedTasks.map(({ stopCode, stoppedReason }) => [stopCode, stoppedReason])).toEqual([
      ["UserInitiated", "The simulator was stopped"],
    ]);
    expect(after.deployments[0]).toMatchObject({ rolloutState: "COMPLETED", failedTasks: 0 });
    client.close();
  });

  test("is reset at once, whatever its programs make of SIGTERM", async () => {
    const home = await simulatorHome();
    const client = connect(home);
    await deploy(client, images.stubborn);
    const owner = ownerOf(home) as string;
    const started = performance.now();
    expect(await client.reset()).toEqual(["life/local/web"]);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await leftBehind(owner)).toEqual([]);
    client.close();
  });

  test("is reset when it is dead and its state broken, and starts afresh", async () => {
    const home = await simulatorHome();
    const client = connect(home);
    await deploy(client, images.polite);
    const owner = ownerOf(home) as string;
    const { pid } = await client.call("status", {});
    client.close();
    process.kill(pid, "SIGKILL");
    await expect.poll(() => client.isRunning()).toBe(false);
    for (const file of ["state.db", "state.db-wal"]) writeFileSync(join(home, file), "broken");
    await expect(client.call("status", {})).rejects.toMatchObject({
      code: "simulator/home",
      hint: "pilotfish local reset    (forgets all simulated services)",
    });
    expect(await client.reset()).toEqual([]);
    expect(await leftBehind(owner)).toEqual([]);
    expect((await client.call("status", {})).services).toEqual([]);
    client.close();
  });
});

async function deploy(client: SimulatorClient, image: string): Promise<DeployResult> {
  const manifest = {
    name: workload.name,
    type: "Load Balanced Web Service" as const,
    image: { location: image, port: 8080 },
    http: { path: "/", deregistration_delay: "2s" },
  };
  const plan = planWorkload({ manifest, app: workload.app, env: workload.env });
  const request = { plan, images: { [workload.name]: { name: image } }, force: false, noRollback: false };
  const going = createLocalProvider(client).deployWorkload(
    { ...request, failFast: false, detach: false },
    new AbortController().signal,
  );
  for (;;) {
    const next = await going.next();
    if (next.done) return next.value;
  }
}

function connect(home: string): SimulatorClient {
  return new SimulatorClient({
    env: cliEnvironment(home, { PILOTFISH_SPEED: "20" }),
    daemonFile: join(dist, "daemon.js"),
    hello: JSON.parse(readFileSync(join(dist, "build.json"), "utf8")) as { version: string; build: string },
  });
}
