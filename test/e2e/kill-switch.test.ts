import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { WorkloadStatus } from "../../src/providers/provider.ts";
import { SimulatorClient } from "../../src/simulator/client.ts";
import { buildBusyboxImage, removeImage } from "../support/busybox-image.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { docker } from "../support/docker.ts";
import { ownerOf } from "../support/end-simulator.ts";
import { arm, isArmed } from "../support/kill-switch/boundaries.ts";
import { buildKillableDaemon, type KillableDaemon } from "../support/kill-switch/build-daemon.ts";
import { type Chapter, chapters, DaemonGone, isSettled, type Life } from "../support/kill-switch/life.ts";
import { onEngine, statusOf, type Version } from "../support/kill-switch/life.ts";
import { killPoints } from "../support/kill-switch/points.ts";
import { cliEnvironment } from "../support/run-cli.ts";
import { pageServer } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";
import { waitFor } from "../support/wait-for.ts";

const repository = `pilotfish-kill-switch-${process.pid}`;
const images: Record<Version, string> = {
  one: `${repository}:one`,
  two: `${repository}:two`,
  bad: `${repository}:bad`,
};
/** Side by side: most of the time is waiting. */
const homes = 3;
type ChapterName = keyof typeof chapters;

describeWithEngine("a daemon that is killed at a boundary between journal, effect and tick", () => {
  let daemon: KillableDaemon;
  beforeAll(async () => {
    daemon = await buildKillableDaemon();
    await buildBusyboxImage(images.one, pageServer("one"));
    await buildBusyboxImage(images.two, pageServer("two"));
    await buildBusyboxImage(images.bad, { command: ["/bin/sh", "-c", "exit 3"] });
  });
  afterAll(async () => {
    for (const image of Object.values(images)) await removeImage(image);
    await daemon.remove();
  });

  test("comes back, and the service becomes what it would have been", async () => {
    const shares = Array.from({ length: homes }, (_, at) => share(at));
    const started = await Promise.all(shares.map(() => begin(daemon)));
    const lives = await Promise.allSettled(
      started.map(({ home, life }, at) => liveThrough(home, life, shares[at] as Map<ChapterName, string[]>)),
    );
    const failed = lives.find(({ status }) => status === "rejected");
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
    const deaths = lives.flatMap((life) => (life.status === "fulfilled" ? life.value : []));
    process.stdout.write(`${["Killed with SIGKILL, and came back whole:", ...deaths].join("\n  ")}\n`);
    const all = chosen.flatMap(([chapter, points]) => points.map((at) => `${chapter}: ${at}`));
    expect(deaths.toSorted()).toEqual(all.toSorted());
    expect(all.length).toBeGreaterThanOrEqual(20);
  }, 400_000);
});

/** Every second point of each chapter; with PILOTFISH_KILL_POINTS=all, every one. */
const chosen = (Object.entries(killPoints) as [ChapterName, string[]][]).map(
  ([chapter, points]): [ChapterName, string[]] => [
    chapter,
    points.filter((_, at) => at % 2 === 0 || process.env["PILOTFISH_KILL_POINTS"] === "all"),
  ],
);

/** Every so-manieth point of each chapter. */
function share(of: number): Map<ChapterName, string[]> {
  return new Map(chosen.map(([chapter, points]) => [chapter, points.filter((_, at) => at % homes === of)]));
}

/** A service of its own home. All have their ports before any of their daemons dies, so that none takes another one's. */
async function begin(daemon: KillableDaemon): Promise<{ home: string; life: Life }> {
  const home = await simulatorHome();
  const client = new SimulatorClient({ env: cliEnvironment(home, { PILOTFISH_SPEED: "100" }), ...daemon });
  const life: Life = { client, images, wanted: undefined };
  await client.call("status", {});
  await play(home, life, "first deploy");
  return { home, life };
}

/** Leads a service through its chapters, again and again, until the daemon has died at each of these points.
 *  @returns where it died */
async function liveThrough(home: string, life: Life, points: Map<ChapterName, string[]>): Promise<string[]> {
  const deaths: string[] = [];
  const urls = new Set<string>();
  for (let left = pointsLeft(points); left.length > 0 || life.wanted !== undefined; left = pointsLeft(points)) {
    const name = chapterAfter(life, left);
    const at = points.get(name)?.shift();
    const status = await play(home, life, name, at);
    if (at !== undefined) deaths.push(`${name}: ${at}`);
    if (status !== undefined) for (const url of await urlsOf(life)) urls.add(url);
  }
  // The same address and the same path, all its lives long.
  expect(urls.size).toBe(2);
  await expectEmptyState(home, life.client);
  return deaths;
}

/** Where the service answers, and does. While a daemon is dead another program may have taken its port for a moment. */
async function urlsOf(life: Life): Promise<string[]> {
  return waitFor("the service to answer", async () => {
    const urls = (await statusOf(life))?.urls ?? [];
    const page = await (await fetch(urls.at(-1) as string)).text();
    return urls.length === 2 && page === life.wanted?.version && urls;
  });
}

/** One with a point that is left, or one that leads to it. */
function chapterAfter({ wanted }: Life, left: ChapterName[]): ChapterName {
  if (wanted === undefined) return "first deploy";
  if (wanted.count === 2) return "scaling in";
  const next = left.find((one) => one !== "first deploy") ?? "deletion";
  return next === "scaling in" ? "scaling out" : next;
}

/** @returns the service when it has come to rest */
async function play(home: string, life: Life, name: ChapterName, at?: string): Promise<WorkloadStatus | undefined> {
  const chapter: Chapter = chapters[name];
  const title = `${name}, killed at: ${at ?? "no point"}`;
  const next = chapter.next(life.wanted);
  if (at?.startsWith("load image")) await removePauseImage(home);
  if (at !== undefined) arm(home, at);
  let isAnswered = await ask(chapter, life, next);
  life.wanted = next;
  const [settled] = await waitFor(title, async () => {
    const hasDied = !isArmed(home);
    const status = await statusOf(life);
    if (!chapter.isTaken(life, next, status)) {
      if (isAnswered) throw new Error("what was accepted is lost");
      isAnswered = await ask(chapter, life, next);
      return false;
    }
    return hasDied && isSettled(life, status) && [status];
  }).catch(async (error: Error) => {
    const { deployments, tasks, events } = (await statusOf(life)) ?? {};
    const status = JSON.stringify(
      { deployments: deployments?.slice(0, 3), tasks, events: events?.slice(0, 8) },
      undefined,
      1,
    );
    throw new Error(`${title}: ${error.message}\n${status}\n${readFileSync(join(home, "daemon.log"), "utf8")}`);
  });
  const owner = ownerOf(home) as string;
  await waitFor(`nothing to be orphaned or doubled after ${title}`, async () => {
    const { found, wanted } = await onEngine(owner, settled);
    expect(found).toEqual(wanted);
    return true;
  });
  return settled;
}

async function ask(chapter: Chapter, life: Life, next: Life["wanted"]): Promise<boolean> {
  try {
    await chapter.ask(life, next);
    return true;
  } catch (error) {
    if (error instanceof DaemonGone) return false;
    throw error;
  }
}

async function removePauseImage(home: string): Promise<void> {
  const label = `label=pilotfish.owner=${ownerOf(home)}`;
  for (const id of (await docker("image", "ls", "--quiet", "--filter", label)).split("\n")) await removeImage(id);
}

function pointsLeft(points: Map<ChapterName, string[]>): ChapterName[] {
  return [...points].flatMap(([chapter, left]) => (left.length > 0 ? [chapter] : []));
}

/** Of a service that is deleted nothing is left but the ports, once its last task has been ticked off. */
async function expectEmptyState(home: string, client: SimulatorClient): Promise<void> {
  let lifeMs = 100;
  await waitFor("a state without services, tasks and a journal", async () => {
    const { pid } = await client.call("status", {});
    // Its file can be read once it is dead; each daemon lives twice as long as the one before, to remove what is left.
    await delay(lifeMs);
    lifeMs *= 2;
    process.kill(pid, "SIGKILL");
    return (await rowsOf(join(home, "state.db"))) === "0 rows of state, 0 of the journal";
  });
  client.close();
}

/** Read by a process of its own: this one would hold the file. */
async function rowsOf(database: string): Promise<string> {
  const count = (table: string) => `db.prepare("SELECT count(*) AS n FROM ${table}").get().n`;
  const program = `const db = new (require("libsql"))(${JSON.stringify(database)});
    console.log(${count("state")} + " rows of state, " + ${count("journal")} + " of the journal")`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { cwd: import.meta.dirname });
  return stdout.trim();
}
