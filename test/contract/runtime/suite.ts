import { afterEach, expect, test } from "vitest";
import type { Runtime, RuntimeContainer, TaskToRun } from "../../../src/simulator/runtime/runtime.ts";
import { newOwner } from "./harness.ts";
import type { RuntimeHarness } from "./harness.ts";
import { Recorder } from "./recorder.ts";
import { until } from "./until.ts";

/** What every runtime keeps. Each test cleans up after itself, also when it fails, and leaves nothing behind. */
export function keepsTheRuntimeContract(harness: RuntimeHarness): void {
  const opened: { runtime: Runtime; owner: string }[] = [];

  async function open(owner: string, recorder: Recorder): Promise<Runtime> {
    const logPosition = (_service: string, task: string, container: string) => recorder.position(task, container);
    const runtime = await harness.open({ owner, observer: recorder.observer, logPosition });
    opened.push({ runtime, owner });
    return runtime;
  }

  async function opening() {
    const owner = newOwner();
    const recorder = new Recorder();
    return { owner, recorder, runtime: await open(owner, recorder) };
  }

  afterEach(async () => {
    const mine = opened.splice(0);
    for (const { owner } of mine) {
      const cleaner = await harness.open({ owner, observer: new Recorder().observer, logPosition: () => undefined });
      await cleaner.removeAll();
      await cleaner.close();
    }
    for (const { runtime } of mine) await runtime.close();
    for (const { owner } of mine) expect(await harness.leftovers(owner)).toEqual([]);
  });

  test("a task is prepared, started, answers on its port, is stopped and removed", async () => {
    const { recorder, runtime } = await opening();
    const task = harness.task({ does: "serve" });
    const { ports, images } = await runtime.prepareTask(task);
    expect(Object.keys(ports)).toEqual(["8080"]);
    expect(Object.keys(images)).toEqual(["api"]);
    const { startedAt } = await runtime.startContainer(task, "api", 1);
    expect(Math.abs(Date.now() - startedAt)).toBeLessThan(10_000);
    const answer = await until("it answers", () => fetch(`http://127.0.0.1:${ports[8080]}/`));
    expect(answer.status).toBe(200);
    await answer.text();
    await runtime.stopContainer(task.id, "api", 1, 10);
    await until("its end is reported", () => recorder.exits.length > 0);
    await runtime.removeTask(task.id);
    expect(await runtime.list()).toEqual([]);
    expect(recorder.exits).toMatchObject([
      { task: task.id, container: "api", attempt: 1, exitCode: 0, outOfMemory: false },
    ]);
    expect(recorder.lost).toEqual([]);
  });

  test("whatever is asked again has the same answer, and happens once", async () => {
    const { recorder, runtime } = await opening();
    const task = harness.task({ does: "serve" });
    const prepared = await runtime.prepareTask(task);
    expect(await runtime.prepareTask(task)).toEqual(prepared);
    const started = await runtime.startContainer(task, "api", 1);
    expect(await runtime.startContainer(task, "api", 1)).toEqual(started);
    expect(await runtime.prepareTask(task)).toEqual(prepared);
    await until("it has begun", () => recorder.messages(task.id).length > 0);
    expect(await runtime.list()).toHaveLength(2);
    await runtime.stopContainer(task.id, "api", 1, 10);
    await runtime.stopContainer(task.id, "api", 1, 10);
    await until("its end is reported", () => recorder.exits.length > 0);
    await runtime.removeTask(task.id);
    await runtime.removeTask(task.id);
    await runtime.stopContainer(task.id, "api", 1, 10);
    expect(recorder.exits).toHaveLength(1);
  });

  test("an exit is reported with its code, after the last line of the log", async () => {
    const { recorder, runtime } = await opening();
    const task = harness.task({ does: "exit", prints: ["one", "two", "three"], code: 3 });
    await runtime.prepareTask(task);
    await runtime.startContainer(task, "api", 1);
    await until("its end is reported", () => recorder.exits.length > 0);
    expect(recorder.story).toEqual(["api stdout: one", "api stdout: two", "api stdout: three", "exited api/1 with 3"]);
  });

  test("a container that has ended is not run again; its end is reported again", async () => {
    const { recorder, runtime } = await opening();
    const task = harness.task({ does: "exit", prints: ["once"], code: 1 });
    await runtime.prepareTask(task);
    const started = await runtime.startContainer(task, "api", 1);
    await until("its end is reported", () => recorder.exits.length === 1);
    expect(await runtime.startContainer(task, "api", 1)).toEqual(started);
    await until("its end is reported again", () => recorder.exits.length === 2);
    expect(recorder.story).toEqual(["api stdout: once", "exited api/1 with 1", "exited api/1 with 1"]);
  });

  test("the second attempt of a container is another container", async () => {
    const { recorder, runtime } = await opening();
    const task = harness.task({ does: "exit", prints: ["again"], code: 1 });
    await runtime.prepareTask(task);
    const first = await runtime.startContainer(task, "api", 1);
    await until("the first has ended", () => recorder.exits.length === 1);
    const second = await runtime.startContainer(task, "api", 2);
    await until("the second has ended", () => recorder.exits.length === 2);
    expect(second.runtimeId).not.toBe(first.runtimeId);
    expect(recorder.story).toEqual([
      "api stdout: again",
      "exited api/1 with 1",
      "api stdout: again",
      "exited api/2 with 1",
    ]);
  });

  test("a program that ignores the stop signal is killed after the time-out", async () => {
    const { recorder, runtime } = await opening();
    const task = harness.task({ does: "ignore-stop" });
    await runtime.prepareTask(task);
    await runtime.startContainer(task, "api", 1);
    await until("it is ready", () => recorder.messages(task.id).includes("ready"));
    const before = Date.now();
    await runtime.stopContainer(task.id, "api", 1, 1);
    expect(Date.now() - before).toBeGreaterThanOrEqual(950);
    await until("its end is reported", () => recorder.exits.length > 0);
    expect(recorder.story).toEqual(["api stdout: ready", "exited api/1 with 137"]);
  });

  test("the list shows what there is, with its state", async () => {
    const { recorder, runtime } = await opening();
    const serving = harness.task({ does: "serve" });
    const ended = harness.task({ does: "exit", prints: [], code: 4 });
    const { ports } = await runtime.prepareTask(serving);
    await runtime.startContainer(serving, "api", 1);
    await runtime.prepareTask(ended);
    await runtime.startContainer(ended, "api", 1);
    await until("the second has ended", () => recorder.exits.length > 0);
    const listed = await runtime.list();
    expect(listed.map(stateOf).toSorted()).toMatchInlineSnapshot(`
      [
        "{"attempt":0,"state":"running","serviceId":"shop/local/api"}",
        "{"attempt":0,"state":"running","serviceId":"shop/local/api"}",
        "{"container":"api","attempt":1,"state":"exited","exitCode":4,"outOfMemory":false,"serviceId":"shop/local/api"}",
        "{"container":"api","attempt":1,"state":"running","serviceId":"shop/local/api"}",
      ]
    `);
    const pause = listed.find(({ task, container }) => task === serving.id && container === undefined);
    expect(pause?.ports).toEqual(ports);
  });

  test("after a restart the logs are read on: no line is lost, none comes twice", async () => {
    const { owner, recorder, runtime } = await opening();
    const task = harness.task({ does: "count", to: 2000 });
    await runtime.prepareTask(task);
    await runtime.startContainer(task, "api", 1);
    await until("some lines have come", () => recorder.lines.length > 200);
    await runtime.close();
    const kept = recorder.lines.length;
    expect(kept).toBeLessThan(2000);
    const restarted = await open(owner, recorder);
    await restarted.adopt([task]);
    await until("its end is reported", () => recorder.exits.length > 0);
    const wanted = Array.from({ length: 2000 }, (_, index) => `line ${index + 1}`);
    expect(recorder.messages(task.id)).toEqual(wanted);
    const instants = recorder.lines.map(({ at }) => at);
    expect(instants).toEqual([...new Set(instants)].toSorted((a, b) => a - b));
  });

  test("what ended while nobody looked is reported at the restart, with its log", async () => {
    const { owner, recorder, runtime } = await opening();
    const task = harness.task({ does: "count", to: 100 });
    await runtime.prepareTask(task);
    await runtime.startContainer(task, "api", 1);
    await runtime.close();
    const onlooker = await open(owner, new Recorder());
    await until("it has ended", async () => (await onlooker.list()).some(({ state }) => state === "exited"));
    const restarted = await open(owner, recorder);
    expect(recorder.exits).toEqual([]);
    await restarted.adopt([task]);
    await until("its end is reported", () => recorder.exits.length > 0);
    expect(recorder.messages(task.id)).toHaveLength(100);
    expect(recorder.story.at(-1)).toBe("exited api/1 with 0");
  });

  test("two owners do not see each other, even with the same task", async () => {
    const one = await opening();
    const other = await opening();
    const task = harness.task({ does: "serve" });
    for (const { runtime } of [one, other]) {
      await runtime.prepareTask(task);
      await runtime.startContainer(task, "api", 1);
    }
    await until("both have begun", () => one.recorder.lines.length > 0 && other.recorder.lines.length > 0);
    const othersBefore = await ids(other);
    expect(othersBefore).toHaveLength(2);
    expect(new Set([...(await ids(one)), ...othersBefore]).size).toBe(4);
    await one.runtime.removeAll();
    expect(await ids(one)).toEqual([]);
    expect(await ids(other)).toEqual(othersBefore);
    expect(other.recorder.exits).toEqual([]);
    expect(other.recorder.lost).toEqual([]);
  });

  test("removing a task that runs ends it, and keeps what it has printed", async () => {
    const { recorder, runtime } = await opening();
    const task = harness.task({ does: "serve" });
    await runtime.prepareTask(task);
    await runtime.startContainer(task, "api", 1);
    await until("it has begun", () => recorder.messages(task.id).length > 0);
    await runtime.removeTask(task.id);
    expect(await runtime.list()).toEqual([]);
    expect(recorder.story[0]).toBe("api stdout: serving");
  });

  test("an image that cannot be had fails the preparation with ECS's name for it", async () => {
    const { runtime } = await opening();
    const task = harness.task({ does: "serve" });
    task.plan.taskDefinition.containerDefinitions![0]!.image = harness.missingImage;
    await expect(runtime.prepareTask(task)).rejects.toMatchObject({
      container: "api",
      error: { name: "CannotPullContainerError", message: expect.stringContaining(harness.missingImage) },
    });
    expect(await runtime.imageId(harness.missingImage)).toBeUndefined();
  });

  test("a pinned image is used, whatever the reference says now", async () => {
    const { recorder, runtime } = await opening();
    const task = harness.task({ does: "serve" });
    const reference = task.plan.taskDefinition.containerDefinitions![0]!.image!;
    const id = await runtime.imageId(reference);
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
    const pinned = { ...task, images: { api: id! } };
    pinned.plan.taskDefinition.containerDefinitions![0]!.image = harness.missingImage;
    expect((await runtime.prepareTask(pinned)).images).toEqual({ api: id });
    await runtime.startContainer(pinned, "api", 1);
    await until("it has begun", () => recorder.messages(task.id).includes("serving"));
  });

  test("it says where the program of a task listens", async () => {
    const { recorder, runtime } = await opening();
    const task = harness.task({ does: "serve" });
    await runtime.prepareTask(task);
    expect(await runtime.listeners(task.id)).toEqual([]);
    await runtime.startContainer(task, "api", 1);
    await until("it serves", () => recorder.messages(task.id).includes("serving"));
    const [listener, ...others] = (await runtime.listeners(task.id)) ?? [];
    expect(others).toEqual([]);
    expect(listener?.port).toBe(8080);
    expect(["0.0.0.0", "::"]).toContain(listener?.address);
    await runtime.removeTask(task.id);
    expect(await runtime.listeners(task.id)).toBeUndefined();
  });

  test("the containers of a task begin and end each for itself, and share its ports", async () => {
    const { recorder, runtime } = await opening();
    const task = harness.task({ does: "serve" }, { migration: { does: "exit", prints: ["migrated"], code: 0 } });
    const { ports, images } = await runtime.prepareTask(task);
    expect(Object.keys(images).toSorted()).toEqual(["api", "migration"]);
    await runtime.startContainer(task, "api", 1);
    await until("it serves", () => recorder.messages(task.id).includes("serving"));
    await runtime.startContainer(task, "migration", 1);
    await until("an end is reported", () => recorder.exits.length > 0);
    expect(recorder.story).toEqual(["api stdout: serving", "migration stdout: migrated", "exited migration/1 with 0"]);
    const answer = await until("it answers", () => fetch(`http://127.0.0.1:${ports[8080]}/`));
    expect(answer.status).toBe(200);
    await answer.text();
  });

  test("a container with a health check turns healthy, which whoever adopts it hears again", async () => {
    const { owner, recorder, runtime } = await opening();
    const task = harness.task({ does: "serve" });
    Object.assign(task.plan.taskDefinition.containerDefinitions![0]!, { healthCheck: harness.healthCheck });
    await runtime.prepareTask(task);
    await runtime.startContainer(task, "api", 1);
    const healthy = [{ task: task.id, container: "api", attempt: 1, health: "HEALTHY" }];
    await until("its health is reported", () => recorder.healths.length > 0);
    expect(recorder.healths).toEqual(healthy);
    expect((await runtime.list()).map(({ health }) => health).filter(Boolean)).toEqual(["HEALTHY"]);
    await runtime.close();
    const second = new Recorder();
    await (await open(owner, second)).adopt([task]);
    await until("its health is reported again", () => second.healths.length > 0);
    expect(second.healths).toEqual(healthy);
  });

  test("names resolve from the moment they are attached until they are detached, to each task that has them", async () => {
    const { owner, recorder, runtime } = await opening();
    const [asking, first, second] = [0, 1, 2].map(() => harness.task({ does: "serve" })) as [
      TaskToRun,
      TaskToRun,
      TaskToRun,
    ];
    for (const task of [asking, first, second]) {
      await runtime.prepareTask(task);
      await runtime.startContainer(task, "api", 1);
    }
    await until("they serve", () => recorder.lines.length >= 3);
    const names = ["api.local.shop.local", "api"];
    const attach = (task: TaskToRun, given: string[]) =>
      runtime.attachDiscovery(task.id, { names: given, aliases: [] });
    const seen = async () =>
      await Promise.all(names.map((name) => harness.resolve(name, { runtime, owner, task: asking })));
    expect(await seen()).toEqual([0, 0]);
    await attach(first, names);
    await attach(first, names);
    expect(await seen()).toEqual([1, 1]);
    await attach(second, names);
    expect(await seen()).toEqual([2, 2]);
    await attach(second, ["api"]);
    expect(await seen()).toEqual([1, 2]);
    await runtime.detachDiscovery(first.id);
    await runtime.detachDiscovery(first.id);
    expect(await seen()).toEqual([0, 1]);
    await runtime.removeTask(second.id);
    expect(await seen()).toEqual([0, 0]);
    await attach(second, names);
    await runtime.detachDiscovery(second.id);
    expect(recorder.lost).toEqual([]);
  });

  test("an alias is found by tasks with Service Connect only, and wins over a name there", async () => {
    const { runtime, recorder, owner } = await opening();
    const tasks = [0, 1, 2, 3].map(() => harness.task({ does: "serve" }));
    const [asking, apart, first, second] = tasks as [TaskToRun, TaskToRun, TaskToRun, TaskToRun];
    for (const { plan } of [asking, first, second]) plan.service.serviceConnectConfiguration = { enabled: true };
    for (const task of tasks) {
      await runtime.prepareTask(task);
      await runtime.startContainer(task, "api", 1);
    }
    await until("they serve", () => recorder.lines.length >= 4);
    const seen = async (task: TaskToRun) =>
      await Promise.all(["api", "shop"].map((name) => harness.resolve(name, { runtime, owner, task })));
    await runtime.attachDiscovery(first.id, { names: ["api"], aliases: ["shop"] });
    await runtime.attachDiscovery(apart.id, { names: ["api"], aliases: ["shop"] });
    expect([await seen(asking), await seen(apart)]).toEqual([
      [2, 1],
      [2, 0],
    ]);
    await runtime.attachDiscovery(second.id, { names: ["second"], aliases: ["api"] });
    expect([await seen(asking), await seen(apart)]).toEqual([
      [1, 1],
      [2, 0],
    ]);
    await runtime.detachDiscovery(first.id);
    await runtime.detachDiscovery(second.id);
    expect([await seen(asking), await seen(apart)]).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  test("a secret or an environment file that was not given a value stops the task before it begins", async () => {
    const { runtime } = await opening();
    const secret = harness.task({ does: "serve" });
    const valueFrom = "/copilot/shop/local/secrets/PASSWORD";
    Object.assign(secret.plan.taskDefinition.containerDefinitions![0]!, { secrets: [{ name: "PASSWORD", valueFrom }] });
    await expect(runtime.prepareTask(secret)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Error: ResourceInitializationError: unable to pull secrets or registry auth: /copilot/shop/local/secrets/PASSWORD for PASSWORD has no value]`,
    );
    const file = harness.task({ does: "serve" });
    const environmentFiles = [{ type: "s3", value: "arn:aws:s3:::files/api.env" }];
    Object.assign(file.plan.taskDefinition.containerDefinitions![0]!, { environmentFiles });
    await expect(runtime.prepareTask(file)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Error: ResourceInitializationError: failed to download env files: arn:aws:s3:::files/api.env was not read]`,
    );
    expect(await runtime.list()).toEqual([]);
  });

  test("what Fargate refuses is refused", async () => {
    const { runtime } = await opening();
    const folder = harness.task({ does: "serve" });
    folder.plan.taskDefinition.volumes = [{ name: "home", host: { sourcePath: "/home" } }];
    await expect(runtime.prepareTask(folder)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Error: ClientException: volume home: Fargate mounts no folders of a host, only EFS]`,
    );
    const unknown = harness.task({ does: "serve" });
    const mountPoints = [{ sourceVolume: "data", containerPath: "/data" }];
    Object.assign(unknown.plan.taskDefinition.containerDefinitions![0]!, { mountPoints });
    await expect(runtime.prepareTask(unknown)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Error: ClientException: Unknown volume 'data'.]`,
    );
    const capability = harness.task({ does: "serve" });
    const linuxParameters = { capabilities: { add: ["NET_ADMIN"] } };
    Object.assign(capability.plan.taskDefinition.containerDefinitions![0]!, { linuxParameters });
    await expect(runtime.prepareTask(capability)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Error: ClientException: Fargate adds no capability but SYS_PTRACE: NET_ADMIN]`,
    );
    expect(await runtime.list()).toEqual([]);
  });

  test("a container that does not run takes no commands", async () => {
    const { runtime } = await opening();
    const task = harness.task({ does: "serve" });
    await runtime.prepareTask(task);
    await expect(runtime.exec(task.id, "api", ["true"])).rejects.toMatchObject({
      error: { name: "TargetNotConnectedException" },
      container: "api",
    });
  });
}

function stateOf({ container, attempt, state, exitCode, outOfMemory, serviceId }: RuntimeContainer): string {
  return JSON.stringify({ container, attempt, state, exitCode, outOfMemory, serviceId });
}

async function ids({ runtime }: { runtime: Runtime }): Promise<string[]> {
  return (await runtime.list()).map(({ runtimeId }) => runtimeId);
}
