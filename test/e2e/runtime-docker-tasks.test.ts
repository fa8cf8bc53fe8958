import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connectDocker } from "../../src/simulator/runtime/docker/connect-docker.ts";
import { findEngine } from "../../src/simulator/runtime/engine-address.ts";
import type { Runtime, TaskToRun } from "../../src/simulator/runtime/runtime.ts";
import {
  addresses,
  buildTestImage,
  docker,
  leftovers,
  missingForDocker,
  removeTestImage,
  run,
} from "../contract/runtime/docker-harness.ts";
import { newOwner, taskWith } from "../contract/runtime/harness.ts";
import type { ContainerDefinition } from "../contract/runtime/harness.ts";
import { Recorder } from "../contract/runtime/recorder.ts";
import { until } from "../contract/runtime/until.ts";

const skipped = missingForDocker === undefined ? "" : ` (skipped: ${missingForDocker})`;
const image = `pilotfish-test-${randomUUID()}:1`;
const sleep = ["sleep", "1000"];

/** Whether this Engine can hold the memory of a task's containers together. */
const taskCgroups =
  missingForDocker === undefined && docker("info", "--format", "{{.CgroupDriver}} {{.CgroupVersion}}") === "cgroupfs 1";

describe.skipIf(missingForDocker)(`tasks on the Docker runtime${skipped}`, () => {
  const opened: { runtime: Runtime; owner: string }[] = [];
  let efsFolder = "";

  beforeAll(() => {
    buildTestImage(image);
    efsFolder = mkdtempSync(join(tmpdir(), "pilotfish-efs-"));
  });
  afterAll(() => {
    removeTestImage(image);
    rmSync(efsFolder, { recursive: true, force: true });
  });

  async function opening() {
    const owner = newOwner();
    const recorder = new Recorder();
    const runtime = await connectDocker({
      address: findEngine(process.env, homedir()),
      owner,
      observer: recorder.observer,
      logPosition: () => undefined,
      efsFolder,
    });
    opened.push({ runtime, owner });
    return { owner, recorder, runtime };
  }

  afterEach(async () => {
    for (const { runtime, owner } of opened.splice(0)) {
      await runtime.removeAll();
      await runtime.close();
      expect(leftovers(owner)).toEqual([]);
    }
  });

  /** A task with these containers, the first named `api`. */
  function taskOf(first: ContainerDefinition, ...others: ContainerDefinition[]): TaskToRun {
    return taskWith(
      { image, ...first },
      others.map((other) => ({ image, ...other })),
    );
  }

  const shell = (script: string) => ["sh", "-c", script];

  async function startAll(runtime: Runtime, task: TaskToRun): Promise<void> {
    await runtime.prepareTask(task);
    for (const { name = "" } of task.plan.taskDefinition.containerDefinitions ?? [])
      await runtime.startContainer(task, name, 1);
  }

  describe("the containers of a task", () => {
    test("reach each other on localhost", async () => {
      const { runtime } = await opening();
      const task = taskOf(
        { command: shell("echo from the api > /index.html; httpd -f -p 127.0.0.1:8080 -h /") },
        { name: "sidecar", command: sleep },
      );
      await startAll(runtime, task);
      const fetchFromSidecar = ["wget", "-q", "-O", "-", "http://localhost:8080/index.html"];
      const { output } = await until("it answers", async () => {
        const answer = await run(runtime, task, fetchFromSidecar, "sidecar");
        return answer.exitCode === 0 ? answer : undefined;
      });
      expect(output).toBe("from the api\n");
    });

    test("share a volume, read-only where that is said, which is empty in every task and gone with it", async () => {
      const { owner, runtime } = await opening();
      const mount = (readOnly: boolean) => ({
        mountPoints: [{ sourceVolume: "data", containerPath: "/data", readOnly }],
      });
      const task = taskOf({ command: sleep, ...mount(false) }, { name: "reader", command: sleep, ...mount(true) });
      task.plan.taskDefinition.volumes = [{ name: "data" }];
      await startAll(runtime, task);
      const list = async (of: TaskToRun) => (await run(runtime, of, ["ls", "/data"], "reader")).output;
      expect(await list(task)).toBe("");
      await run(runtime, task, shell("echo hello > /data/greeting"));
      expect((await run(runtime, task, ["cat", "/data/greeting"], "reader")).output).toBe("hello\n");
      expect(await run(runtime, task, ["touch", "/data/mine"], "reader")).toEqual({
        output: "",
        errors: "touch: /data/mine: Read-only file system\n",
        exitCode: 1,
      });
      const next = { ...task, id: randomUUID().replaceAll("-", "") };
      await startAll(runtime, next);
      expect(await list(next)).toBe("");
      await runtime.removeTask(next.id);
      await runtime.removeTask(task.id);
      expect(docker("volume", "ls", "--quiet", "--filter", `label=pilotfish.owner=${owner}`)).toBe("");
    });

    test("are each held to a memory limit of their own", async () => {
      const { runtime, recorder } = await opening();
      const greedy = ["dd", "if=/dev/zero", "of=/dev/null", "bs=100M", "count=1"];
      const task = taskOf({ command: shell("sleep 1000") }, { name: "greedy", command: greedy, memory: 32 });
      await startAll(runtime, task);
      await until("an end is reported", () => recorder.exits.length > 0);
      expect(recorder.story).toEqual(["exited greedy/1 with 137 (out of memory)"]);
      expect((await runtime.list()).find(({ container }) => container === "api")?.state).toBe("running");
    });

    test.skipIf(!taskCgroups)("are held together to the memory of the task", async () => {
      const { runtime, recorder } = await opening();
      const taking = (megabytes: number) =>
        shell(`dd if=/dev/zero of=/dev/shm/it bs=1M count=${megabytes}; echo; exec sleep 1000`);
      const linuxParameters = { sharedMemorySize: 256 };
      const task = taskOf(
        { command: taking(40), linuxParameters },
        { name: "greedy", command: ["dd", "if=/dev/zero", "of=/dev/null", "bs=60M", "count=1000000"] },
      );
      task.plan.taskDefinition.memory = "96";
      await runtime.prepareTask(task);
      await runtime.startContainer(task, "api", 1);
      await until("it has taken its share", () => recorder.messages(task.id).includes(""));
      await runtime.startContainer(task, "greedy", 1);
      await until("an end is reported", () => recorder.exits.length > 0);
      expect(recorder.story.at(-1)).toBe("exited greedy/1 with 137 (out of memory)");
      expect(recorder.lost).toEqual([]);
    });
  });

  describe("a container", () => {
    test("has its secrets and environment files in its environment, in ECS's order, and nowhere else", async () => {
      const { runtime } = await opening();
      const task = taskOf({
        command: sleep,
        environment: [{ name: "BOTH", value: "environment" }],
        environmentFiles: [
          { type: "s3", value: "arn:aws:s3:::files/first.env" },
          { type: "s3", value: "arn:aws:s3:::files/second.env" },
        ],
        secrets: [{ name: "PASSWORD", valueFrom: "/copilot/shop/local/secrets/PASSWORD" }],
      });
      task.values = {
        secrets: { api: { PASSWORD: "marker-secret" } },
        environmentFiles: {
          api: ["# a comment\nBOTH=file\nFIRST= one two \nTWICE=1\n", 'TWICE=2\r\nQUOTED="x"\nEMPTY=\n'],
        },
      };
      await runtime.prepareTask(task);
      const { runtimeId } = await runtime.startContainer(task, "api", 1);
      const { output } = await run(runtime, task, ["env"]);
      const ours = output.split("\n").filter((line) => /^(BOTH|FIRST|TWICE|QUOTED|EMPTY|PASSWORD)=/.test(line));
      expect(ours.toSorted()).toEqual(
        ["BOTH=environment", "FIRST= one two ", 'QUOTED="x"', "PASSWORD=marker-secret", "TWICE=1"].toSorted(),
      );
      const [inspected] = JSON.parse(docker("inspect", runtimeId));
      delete inspected.Config.Env;
      expect(JSON.stringify(inspected)).not.toContain("marker-secret");
    });

    test("that cannot be made does not show its secrets", async () => {
      const { runtime } = await opening();
      const task = taskOf({
        command: sleep,
        user: "marker-secret",
        secrets: [{ name: "USER_NAME", valueFrom: "USER_NAME" }],
      });
      task.values = { secrets: { api: { USER_NAME: "marker-secret" } }, environmentFiles: {} };
      await runtime.prepareTask(task);
      await expect(runtime.startContainer(task, "api", 1)).rejects.toThrowErrorMatchingInlineSnapshot(
        `[Error: CannotStartContainerError: unable to find user ***: no matching entries in passwd file]`,
      );
    });

    test("runs with the Linux parameters and the health check of its definition", async () => {
      const { runtime } = await opening();
      const task = taskOf({
        command: sleep,
        entryPoint: ["/bin/busybox"],
        dockerLabels: { team: "shop", "pilotfish.owner": "somebody else" },
        stopTimeout: 90,
        healthCheck: { command: ["CMD-SHELL", "true"], interval: 10, startPeriod: 60 },
        linuxParameters: {
          initProcessEnabled: true,
          sharedMemorySize: 128,
          tmpfs: [{ containerPath: "/scratch", size: 16, mountOptions: ["noexec"] }],
          capabilities: { add: ["SYS_PTRACE"], drop: ["NET_RAW"] },
        },
      });
      await runtime.prepareTask(task);
      const { runtimeId } = await runtime.startContainer(task, "api", 1);
      const [{ Config, HostConfig }] = JSON.parse(docker("inspect", runtimeId));
      expect({
        entryPoint: Config.Entrypoint,
        team: Config.Labels.team,
        stopTimeout: Config.StopTimeout,
        health: Config.Healthcheck,
        init: HostConfig.Init,
        shm: HostConfig.ShmSize,
        tmpfs: HostConfig.Tmpfs,
        add: HostConfig.CapAdd,
        drop: HostConfig.CapDrop,
      }).toMatchInlineSnapshot(`
        {
          "add": [
            "SYS_PTRACE",
          ],
          "drop": [
            "NET_RAW",
          ],
          "entryPoint": [
            "/bin/busybox",
          ],
          "health": {
            "Interval": 10000000000,
            "Retries": 3,
            "StartPeriod": 60000000000,
            "Test": [
              "CMD-SHELL",
              "true",
            ],
            "Timeout": 5000000000,
          },
          "init": true,
          "shm": 134217728,
          "stopTimeout": 90,
          "team": "shop",
          "tmpfs": {
            "/scratch": "size=16m,noexec",
          },
        }
      `);
    });

    test("turns unhealthy after its retries, and healthy again", async () => {
      const { runtime, recorder } = await opening();
      const healthCheck = { command: ["CMD-SHELL", "test ! -e /broken"], interval: 1, retries: 2 };
      const task = taskOf({ command: sleep, healthCheck });
      await startAll(runtime, task);
      await until("it is healthy", () => recorder.healths.length === 1);
      await run(runtime, task, ["touch", "/broken"]);
      await until("it is unhealthy", () => recorder.healths.length === 2);
      await run(runtime, task, ["rm", "/broken"]);
      await until("it is healthy again", () => recorder.healths.length === 3);
      expect(recorder.story).toEqual(["api/1 is HEALTHY", "api/1 is UNHEALTHY", "api/1 is HEALTHY"]);
    });
  });

  describe("an EFS volume", () => {
    function taskOn(efs: { fileSystemId: string; rootDirectory?: string; accessPointId?: string }): TaskToRun {
      const mountPoints = [{ sourceVolume: "files", containerPath: "/files" }];
      const task = taskOf({ command: sleep, mountPoints });
      const { accessPointId, ...rest } = efs;
      const authorizationConfig = accessPointId === undefined ? {} : { authorizationConfig: { accessPointId } };
      task.plan.taskDefinition.volumes = [
        { name: "files", efsVolumeConfiguration: { ...rest, ...authorizationConfig } },
      ];
      return task;
    }

    test("is one folder for all services, and outlives them", async () => {
      const { runtime } = await opening();
      const [whole, part] = [
        taskOn({ fileSystemId: "fs-1" }),
        taskOn({ fileSystemId: "fs-1", rootDirectory: "/reports/new" }),
      ];
      part.serviceId = "shop/local/worker";
      await startAll(runtime, whole);
      await startAll(runtime, part);
      await run(runtime, part, shell("echo hello > /files/one; chmod a+rw /files/one"));
      expect((await run(runtime, whole, ["cat", "/files/reports/new/one"])).output).toBe("hello\n");
      await runtime.removeAll();
      expect(readFileSync(join(efsFolder, "fs-1", "reports", "new", "one"), "utf8")).toBe("hello\n");
    });

    test("behind an access point has its directory and owner, and any user of a container may write", async () => {
      const { runtime } = await opening();
      const task = taskOn({ fileSystemId: "fs-2", accessPointId: "fsap-1" });
      task.accessPoints = { "fsap-1": { path: "/api", uid: 4_225_294_584, gid: 1000 } };
      const command = shell("echo hello > /files/one; exec sleep 1000");
      Object.assign(task.plan.taskDefinition.containerDefinitions![0]!, { user: "7", command });
      await startAll(runtime, task);
      expect((await run(runtime, task, shell("stat -c '%u %g' /files"))).output).toBe("4225294584 1000\n");
      await expect.poll(() => statSync(join(efsFolder, "fs-2", "api", "one")).uid).toBe(7);
      const again = { ...task, id: randomUUID().replaceAll("-", "") };
      await startAll(runtime, again);
      expect((await run(runtime, again, ["cat", "/files/one"])).output).toBe("hello\n");
    });

    test("never leads out of its file system", async () => {
      const { runtime } = await opening();
      const up = taskOn({ fileSystemId: "fs-3", rootDirectory: "/../../outside" });
      await startAll(runtime, up);
      expect(statSync(join(efsFolder, "fs-3", "outside")).isDirectory()).toBe(true);
      writeFileSync(join(efsFolder, "secret"), "nobody reads this");
      symlinkSync(efsFolder, join(efsFolder, "fs-3", "link"));
      const link = taskOn({ fileSystemId: "fs-3", rootDirectory: "/link" });
      await expect(runtime.prepareTask(link)).rejects.toThrowErrorMatchingInlineSnapshot(
        `[Error: CannotCreateVolumeError: volume files: /link is a symbolic link]`,
      );
      const name = taskOn({ fileSystemId: ".." });
      await expect(runtime.prepareTask(name)).rejects.toThrowErrorMatchingInlineSnapshot(
        `[Error: CannotCreateVolumeError: volume files: '..' names no file system]`,
      );
    });
  });

  describe("a command in a container", () => {
    async function running() {
      const { runtime } = await opening();
      const task = taskOf({ command: sleep });
      await startAll(runtime, task);
      return { runtime, task };
    }

    test("has its input, output, errors and exit code", async () => {
      const { runtime, task } = await running();
      const command = shell("cat; echo oops >&2; exit 7");
      expect(await run(runtime, task, command, "api", "one\ntwo\n")).toEqual({
        output: "one\ntwo\n",
        errors: "oops\n",
        exitCode: 7,
      });
      expect((await run(runtime, task, shell("yes | head -c 5000000"))).output).toHaveLength(5_000_000);
      expect((await run(runtime, task, ["no-such-program"])).exitCode).toBeGreaterThanOrEqual(126);
    });

    test("on a terminal knows its size, also a later one", async () => {
      const { runtime, task } = await running();
      const terminal = { tty: true, columns: 101, rows: 33 };
      const session = await runtime.exec(
        task.id,
        "api",
        shell("read a; stty size; read b; stty size; exit 3"),
        terminal,
      );
      const output = text(session.stream);
      session.stream.write("\n");
      await session.resize(50, 20);
      session.stream.write("\n");
      expect(await output).toMatch(/20 50\r\n$/);
      expect(await text(session.errors)).toBe("");
      expect(await session.exitCode).toBe(3);
      await session.resize(80, 24);
    });

    test("on a terminal ends with its input", async () => {
      const { runtime, task } = await running();
      const session = await runtime.exec(task.id, "api", ["cat"], { tty: true });
      session.stream.end("hello\n");
      expect(await text(session.stream)).toContain("hello\r\n");
      expect(await session.exitCode).toBe(0);
    });

    test("is left alone when its stream is destroyed", async () => {
      const { runtime, task } = await running();
      const session = await runtime.exec(task.id, "api", shell("echo begun; exec sleep 77"));
      await until("it has begun", () => session.stream.read() as Buffer | null);
      session.stream.destroy();
      await expect(session.exitCode).rejects.toMatchObject({ name: "RuntimeUnavailableError" });
      expect((await run(runtime, task, ["ps"])).output).toContain("sleep 77");
    });

    test("waits while its container stands still, as it does when its task gets names", async () => {
      const { runtime, task } = await running();
      const filters = ["--filter", `label=pilotfish.task=${task.id}`, "--filter", "label=pilotfish.container=api"];
      const container = docker("ps", "--quiet", ...filters);
      docker("pause", container);
      const going = run(runtime, task, shell("exit 5"));
      docker("unpause", container);
      expect((await going).exitCode).toBe(5);
    });

    test("goes to the attempt that runs", async () => {
      const { runtime, recorder } = await opening();
      const task = taskOf({ command: shell("trap 'exit 0' TERM; echo up; sleep 1000 & wait $!") });
      await startAll(runtime, task);
      await until("it is up", () => recorder.messages(task.id).length === 1);
      await runtime.stopContainer(task.id, "api", 1, 10);
      await runtime.startContainer(task, "api", 2);
      expect(await run(runtime, task, ["echo", "here"])).toMatchObject({ output: "here\n", exitCode: 0 });
    });
  });

  describe("a name", () => {
    const serving = (words: string) =>
      taskOf({ command: shell(`echo ${words} > /index.html; httpd -p 8080 -h /; echo serving; sleep 1000`) });

    test("leads from one service to the other, and a task that is just starting may ask", async () => {
      const { runtime, recorder } = await opening();
      const back = serving("from the back");
      await startAll(runtime, back);
      await until("it serves", () => recorder.messages(back.id).includes("serving"));
      await runtime.attachDiscovery(back.id, { names: ["back.local.shop.local", "back"], aliases: [] });
      const front = taskOf({ command: ["wget", "-q", "-O", "-", "http://back.local.shop.local:8080/index.html"] });
      await startAll(runtime, front);
      await until("its end is reported", () => recorder.exits.length > 0);
      expect(recorder.story.slice(-2)).toEqual(["api stdout: from the back", "exited api/1 with 0"]);
    });

    test("comes and goes without a broken connection or another port", async () => {
      const { runtime, recorder } = await opening();
      const counting = "i=0; while [ $i -lt 60 ]; do i=$((i+1)); echo $i; sleep 0.05; done";
      const back = taskOf({ command: shell(`echo serving; nc -ll -p 9000 -e sh -c '${counting}'`) });
      await startAll(runtime, back);
      await until("it serves", () => recorder.messages(back.id).includes("serving"));
      await runtime.attachDiscovery(back.id, { names: ["back"], aliases: [] });
      const { ports } = await runtime.prepareTask(back);
      const front = taskOf({ command: ["nc", "back", "9000"] });
      await startAll(runtime, front);
      const [before] = await addresses(runtime, back, "back");
      await until("numbers come", () => recorder.messages(front.id).length > 5);
      await runtime.detachDiscovery(back.id);
      expect(await addresses(runtime, back, "back")).toEqual([]);
      await runtime.attachDiscovery(front.id, { names: ["front"], aliases: [] });
      await runtime.attachDiscovery(back.id, { names: ["back", "other"], aliases: [] });
      expect(await addresses(runtime, back, "other")).toEqual([before]);
      await until("all numbers have come", () => recorder.messages(front.id).includes("60"));
      expect(recorder.messages(front.id)).toHaveLength(60);
      expect((await runtime.prepareTask(back)).ports).toEqual(ports);
    });

    test("is found and reached all the time by a task that is given names itself", async () => {
      const { runtime, recorder } = await opening();
      const asking =
        "i=0; while [ $i -lt 300 ]; do i=$((i+1)); wget -q -O /dev/null http://back:8080/ || echo lost; done";
      const back = serving("back");
      const front = taskOf({ command: shell(`${asking}; echo done; sleep 1000`) });
      await startAll(runtime, back);
      await until("it serves", () => recorder.messages(back.id).includes("serving"));
      await runtime.attachDiscovery(back.id, { names: ["back"], aliases: [] });
      await startAll(runtime, front);
      let rounds = 0;
      for (; !recorder.messages(front.id).includes("done"); rounds++)
        await runtime.attachDiscovery(front.id, { names: [`front-${rounds}`], aliases: [] });
      expect(recorder.messages(front.id)).toEqual(["done"]);
      expect(rounds).toBeGreaterThan(3);
    });

    test("a container with a health check stays healthy when its task is given names", async () => {
      const { runtime, recorder } = await opening();
      const task = taskOf({ command: sleep, healthCheck: { command: ["CMD", "true"], interval: 1 } });
      await startAll(runtime, task);
      await until("it is healthy", () => recorder.story.some((line) => line.includes("HEALTHY")));
      await runtime.attachDiscovery(task.id, { names: ["api"], aliases: [] });
      expect(await addresses(runtime, task, "api")).toHaveLength(1);
      expect((await runtime.list()).find(({ container }) => container === "api")?.health).toBe("HEALTHY");
    });

    test("a process that died in the middle of it leaves nothing standing still", async () => {
      const { runtime, owner } = await opening();
      const task = taskOf({ command: sleep });
      await startAll(runtime, task);
      const name = `pf-${owner.slice(0, 8)}-${task.id.slice(0, 12)}-api-1`;
      docker("pause", name);
      await runtime.adopt([task]);
      expect(docker("inspect", "--format", "{{.State.Status}}", name)).toBe("running");
    });

    test("is given to a task that was left between leaving and joining, at another address when its own is taken", async () => {
      const { owner, runtime } = await opening();
      const [asking, left] = [taskOf({ command: sleep }), taskOf({ command: sleep })];
      await startAll(runtime, asking);
      await startAll(runtime, left);
      await runtime.attachDiscovery(left.id, { names: ["api"], aliases: [] });
      const [before = ""] = await addresses(runtime, asking, "api");
      const network = `pf-${owner.slice(0, 8)}-shop-local`;
      const pause = `pf-${owner.slice(0, 8)}-${left.id.slice(0, 12)}-pause`;
      docker("network", "disconnect", network, pause);
      const other = docker("run", "--detach", "--network", network, "--ip", before, image, ...sleep);
      try {
        expect(() => docker("network", "connect", "--ip", before, "--alias", "api", network, pause)).toThrow(/in use/);
        await runtime.attachDiscovery(left.id, { names: ["api"], aliases: [] });
        const [after = ""] = await addresses(runtime, asking, "api");
        expect(after).not.toBe(before);
        expect(after).not.toBe("");
      } finally {
        docker("rm", "--force", other);
      }
    });

    test("means nothing in another environment, whose network goes with its last task", async () => {
      const { owner, runtime } = await opening();
      const networks = () =>
        docker("network", "ls", "--format", "{{.Name}}", "--filter", `label=pilotfish.owner=${owner}`)
          .split("\n")
          .toSorted();
      const [here, there] = [taskOf({ command: sleep }), taskOf({ command: sleep })];
      there.plan.env = "test";
      await startAll(runtime, here);
      await startAll(runtime, there);
      await runtime.attachDiscovery(here.id, { names: ["api"], aliases: [] });
      expect(await addresses(runtime, here, "api")).toHaveLength(1);
      expect(await addresses(runtime, there, "api")).toEqual([]);
      const prefix = `pf-${owner.slice(0, 8)}-shop`;
      expect(networks()).toEqual([`${prefix}-local`, `${prefix}-test`]);
      await runtime.removeTask(there.id);
      expect(networks()).toEqual([`${prefix}-local`]);
    });
  });
});
