import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { SimulatorClient } from "../../src/simulator/client.ts";
import { buildBusyboxImage, removeImage } from "../support/busybox-image.ts";
import { docker } from "../support/docker.ts";
import { ownerOf } from "../support/end-simulator.ts";
import { type Chapter, chapters, isSettled, type Life } from "../support/kill-switch/life.ts";
import { onEngine, statusOf, type Version } from "../support/kill-switch/life.ts";
import { missingForContainers } from "../support/missing-for-containers.ts";
import { missingForPrivateEngine, type PrivateEngine, privateEngine } from "../support/private-engine.ts";
import { cliEnvironment } from "../support/run-cli.ts";
import { pageServer } from "../support/service-folder.ts";
import { waitFor } from "../support/wait-for.ts";

const missing = missingForContainers ?? missingForPrivateEngine;
const dist = join(import.meta.dirname, "../../dist");
const repository = `pilotfish-restart-${process.pid}`;
const images: Record<Version, string> = {
  one: `${repository}:one`,
  two: `${repository}:two`,
  bad: `${repository}:bad`,
};

describe.skipIf(missing !== undefined)(`an Engine that restarts${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let engine: PrivateEngine;
  beforeAll(async () => {
    engine = await privateEngine();
    await engine.start();
    for (const version of ["one", "two"] as const) {
      await buildBusyboxImage(images[version], pageServer(version));
      await engine.takeImage(images[version]);
      await removeImage(images[version]);
    }
    process.env["DOCKER_HOST"] = engine.host;
  });
  afterAll(async () => {
    delete process.env["DOCKER_HOST"];
    await engine.end();
  });

  test("takes nothing from services, whether the daemon runs meanwhile or not", async () => {
    const home = await mkdtemp(join(tmpdir(), "pf-home-"));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    let daemon = await startDaemon(home, engine);
    const hello = JSON.parse(readFileSync(join(dist, "build.json"), "utf8")) as { version: string; build: string };
    const client = new SimulatorClient({ env: cliEnvironment(home), daemonFile: "/nonexistent", hello });
    const life: Life = { client, images, wanted: undefined };
    onTestFinished(async () => {
      await client.reset().catch(() => undefined);
      client.close();
      daemon.kill("SIGKILL");
    });

    await ask(life, "first deploy");
    await atRest(home, life, "the first deploy");

    await engine.stop();
    await waitFor("the daemon to notice", async () => !(await client.call("status", {})).runtimeAvailable);
    await engine.start();
    await atRest(home, life, "a restart of the Engine under the daemon");

    await ask(life, "rolling update");
    await engine.stop();
    await engine.start();
    await atRest(home, life, "a restart of the Engine in the middle of an update");

    daemon.kill("SIGKILL");
    await once(daemon, "exit");
    await engine.stop();
    await engine.start();
    daemon = await startDaemon(home, engine);
    await atRest(home, life, "a restart of the Engine while no daemon ran");

    const { events = [], deployments = [] } = (await statusOf(life)) ?? {};
    expect(deployments.map(({ revision, rolloutState }) => [revision, rolloutState])).toEqual([
      [2, "COMPLETED"],
      [1, "COMPLETED"],
    ]);
    expect(events.filter(({ message }) => message.includes("deployment failed"))).toEqual([]);
  });

  test("is as good as a container that somebody kills", async () => {
    const home = await mkdtemp(join(tmpdir(), "pf-home-"));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const daemon = await startDaemon(home, engine);
    const hello = JSON.parse(readFileSync(join(dist, "build.json"), "utf8")) as { version: string; build: string };
    const client = new SimulatorClient({ env: cliEnvironment(home), daemonFile: "/nonexistent", hello });
    const life: Life = { client, images, wanted: undefined };
    onTestFinished(async () => {
      await client.reset().catch(() => undefined);
      client.close();
      daemon.kill("SIGKILL");
    });
    await ask(life, "first deploy");
    const ended: string[] = [];
    for (const container of ["web", "helper", "pause"]) {
      const status = await atRest(home, life, `before the kill of ${container}`);
      const [task] = status?.tasks ?? [];
      const own = task?.containers.find(({ name }) => name === container)?.runtimeId;
      await docker("kill", own ?? `pf-${ownerOf(home)?.slice(0, 8)}-${task?.id.slice(0, 12)}-pause`);
      const after = await waitFor(`what comes of the kill of ${container}`, async () => {
        const found = await statusOf(life);
        const stopped = found?.stoppedTasks.find(({ id }) => id === task?.id);
        const restarted = found?.tasks[0]?.containers.find(({ name }) => name === container);
        if (stopped !== undefined) return `${stopped.stopCode}: ${stopped.stoppedReason}`;
        return restarted?.runtimeId !== own && restarted?.lastStatus === "RUNNING" && "restarted in its task";
      });
      ended.push(`${container}: ${after}`);
    }
    await atRest(home, life, "all kills");
    expect(ended).toMatchInlineSnapshot(`
      [
        "web: EssentialContainerExited: Essential container in task exited",
        "helper: restarted in its task",
        "pause: EssentialContainerExited: Essential container in task exited: the container that holds the task's network is gone",
      ]
    `);
  });
});

async function startDaemon(home: string, engine: PrivateEngine): Promise<ChildProcess> {
  const env = cliEnvironment(home, { PILOTFISH_SPEED: "100", DOCKER_HOST: engine.host });
  return engine.spawn(process.execPath, [join(dist, "daemon.js")], env);
}

async function ask(life: Life, name: keyof typeof chapters): Promise<void> {
  const chapter: Chapter = chapters[name];
  await waitFor("the daemon", () => life.client.isRunning());
  life.wanted = chapter.next(life.wanted);
  await chapter.ask(life, life.wanted);
}

/** Waits until the service is as it is wanted, and nothing on the Engine is orphaned or doubled. */
async function atRest(home: string, life: Life, after: string) {
  return await waitFor(
    `rest after ${after}`,
    async () => {
      const status = await statusOf(life);
      expect(isSettled(life, status)).toBe(true);
      const { found, wanted } = await onEngine(ownerOf(home) as string, status);
      expect(found).toEqual(wanted);
      return status;
    },
    { deadlineMs: 60_000 },
  );
}
