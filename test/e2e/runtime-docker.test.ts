import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { createServer } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import type { Socket } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connectDocker } from "../../src/simulator/runtime/docker/connect-docker.ts";
import { findEngine } from "../../src/simulator/runtime/engine-address.ts";
import type { EngineAddress } from "../../src/simulator/runtime/engine-address.ts";
import type { Runtime, TaskToRun } from "../../src/simulator/runtime/runtime.ts";
import {
  buildTestImage,
  docker,
  dockerHarness,
  leftovers,
  missingForDocker,
  removeTestImage,
  shellTask,
} from "../contract/runtime/docker-harness.ts";
import { newOwner, taskWith } from "../contract/runtime/harness.ts";
import { Recorder } from "../contract/runtime/recorder.ts";
import { keepsTheRuntimeContract } from "../contract/runtime/suite.ts";
import { until } from "../contract/runtime/until.ts";

const skipped = missingForDocker === undefined ? "" : ` (skipped: ${missingForDocker})`;
const image = `pilotfish-test-${randomUUID()}:1`;

describe.skipIf(missingForDocker)(`the Docker runtime${skipped}`, () => {
  beforeAll(() => buildTestImage(image));
  afterAll(() => removeTestImage(image));

  describe("as every runtime", () => keepsTheRuntimeContract(dockerHarness(image)));

  describe("with real containers", () => {
    const opened: { runtime: Runtime; owner: string }[] = [];

    async function opening(address: EngineAddress = findEngine(process.env, homedir())) {
      const owner = newOwner();
      const recorder = new Recorder();
      const logPosition = (_service: string, task: string, container: string) => recorder.position(task, container);
      const runtime = await connectDocker({ address, owner, observer: recorder.observer, logPosition });
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

    /** The story of a task with this command, until it has ended. */
    async function storyOf(container: { command: string[]; memory?: number }): Promise<string[]> {
      const { runtime, recorder } = await opening();
      await start(runtime, taskWith({ image, ...container }));
      await until("its end is reported", () => recorder.exits.length > 0);
      return recorder.story;
    }

    test("it says which Engine it is", async () => {
      const { runtime } = await opening();
      expect(runtime.description).toMatch(/^docker \(Engine \d+\.\d+\.\d+[^+]*\)$/);
    });

    test("a program that takes more than the task's memory is killed: 137, out of memory", async () => {
      const command = ["dd", "if=/dev/zero", "of=/dev/null", "bs=200M", "count=1"];
      expect(await storyOf({ command, memory: 32 })).toEqual(["exited api/1 with 137 (out of memory)"]);
    });

    test("a child that takes too much memory is not the end of its program", async () => {
      const command = ["sh", "-c", "dd if=/dev/zero of=/dev/null bs=200M count=1; echo child: $?; exit 5"];
      const story = await storyOf({ command, memory: 32 });
      expect(story.filter((line) => !line.includes("stderr"))).toEqual([
        "api stdout: child: 137",
        "exited api/1 with 5",
      ]);
    });

    test("a program that ends by a signal has the signal's code", async () => {
      const command = ["sh", "-c", "sh -c 'kill -SEGV $$'; exit $?"];
      expect((await storyOf({ command })).at(-1)).toBe("exited api/1 with 139");
    });

    test("a program that ends with a code of its own when it is asked to stop", async () => {
      const { runtime, recorder } = await opening();
      const task = shellTask(image, "trap 'exit 42' TERM; echo ready; sleep 1000 & wait $!");
      await start(runtime, task);
      await until("it is ready", () => recorder.messages(task.id).length > 0);
      await runtime.stopContainer(task.id, "api", 1, 10);
      await until("its end is reported", () => recorder.exits.length > 0);
      expect(recorder.story.at(-1)).toBe("exited api/1 with 42");
    });

    test("a command that is not in the image cannot be started", async () => {
      const { runtime, recorder } = await opening();
      const task = taskWith({ image, command: ["/no/such/program"] });
      await runtime.prepareTask(task);
      const first = runtime.startContainer(task, "api", 1);
      await expect(first).rejects.toThrowErrorMatchingInlineSnapshot(
        `[Error: CannotStartContainerError: exec: "/no/such/program": stat /no/such/program: no such file or directory]`,
      );
      await expect(runtime.startContainer(task, "api", 1)).rejects.toMatchObject({
        error: { name: "CannotStartContainerError" },
        container: "api",
      });
      await runtime.removeTask(task.id);
      expect(recorder.story).toEqual([]);
    });

    test("a file that is no program ends with the kernel's words in its log", async () => {
      expect(await storyOf({ command: ["/garbage"] })).toMatchInlineSnapshot(`
        [
          "api stderr: exec /garbage: exec format error",
          "exited api/1 with 1",
        ]
      `);
    });

    test("lines over 16 KiB come whole, and a last line needs no line feed", async () => {
      const { runtime, recorder } = await opening();
      const task = shellTask(image, "head -c 50000 /dev/zero | tr '\\0' x; echo; echo short; printf end");
      await start(runtime, task);
      await until("its end is reported", () => recorder.exits.length > 0);
      expect(recorder.messages(task.id)).toEqual(["x".repeat(50_000), "short", "end"]);
    });

    test("both streams are told apart", async () => {
      const story = await storyOf({ command: ["sh", "-c", "echo out; echo err >&2"] });
      expect(story.toSorted()).toEqual(["api stderr: err", "api stdout: out", "exited api/1 with 0"]);
    });

    test("a program that listens on 127.0.0.1 only is seen to do so", async () => {
      const { runtime, recorder } = await opening();
      const task = shellTask(image, "httpd -p 127.0.0.1:8080 -h /; echo serving; sleep 1000");
      await start(runtime, task);
      await until("it serves", () => recorder.messages(task.id).includes("serving"));
      expect(await runtime.listeners(task.id)).toEqual([{ address: "127.0.0.1", port: 8080 }]);
    });

    test("when the pause container dies the task is lost", async () => {
      const { runtime, recorder } = await opening();
      const task = shellTask(image, "echo ready; sleep 1000");
      await start(runtime, task);
      docker("kill", await pauseOf(runtime));
      await until("it is reported", () => recorder.lost.length > 0);
      expect(recorder.lost).toEqual([task.id]);
      await expect(runtime.prepareTask(task)).rejects.toMatchObject({ error: { name: "ContainerNetworkingError" } });
    });

    test("the pause container outlives SIGTERM", async () => {
      const { runtime, recorder } = await opening();
      const task = shellTask(image, "sleep 1000");
      await runtime.prepareTask(task);
      docker("kill", "--signal", "TERM", await pauseOf(runtime));
      await runtime.startContainer(task, "api", 1);
      expect((await runtime.list()).map(({ state }) => state)).toEqual(["running", "running"]);
      expect(recorder.lost).toEqual([]);
    });

    test("the pause image is loaded again when somebody has pruned it", async () => {
      const { runtime, owner } = await opening();
      const first = shellTask(image, "sleep 1000");
      await runtime.prepareTask(first);
      await runtime.removeTask(first.id);
      docker("image", "prune", "--all", "--force", "--filter", `label=pilotfish.owner=${owner}`);
      expect(leftovers(owner)).toEqual([]);
      await runtime.prepareTask(shellTask(image, "sleep 1000"));
    });

    test("a container of somebody else that has the name is left alone", async () => {
      const { runtime, owner } = await opening();
      const task = shellTask(image, "sleep 1000");
      const name = `pf-${owner.slice(0, 8)}-${task.id.slice(0, 12)}-pause`;
      docker("create", "--name", name, image);
      try {
        await expect(runtime.prepareTask(task)).rejects.toMatchObject({ error: { name: "ContainerNetworkingError" } });
        await runtime.removeTask(task.id);
        expect(docker("inspect", "--format", "{{.State.Status}}", name)).toBe("created");
      } finally {
        docker("rm", "--force", name);
      }
    });

    test("a pinned image that is gone cannot be pulled", async () => {
      const { runtime } = await opening();
      const gone = `sha256:${"0".repeat(64)}`;
      const task = { ...shellTask(image, "true"), images: { api: gone } };
      await expect(runtime.prepareTask(task)).rejects.toMatchObject({
        error: {
          name: "CannotPullContainerError",
          message: `${gone}: the image that this deployment pinned is no longer on this machine`,
        },
      });
    });

    test("an image for another architecture than the task's cannot be pulled", async () => {
      const { runtime } = await opening();
      const task = shellTask(image, "true");
      const own = docker("image", "inspect", "--format", "{{.Architecture}}", image);
      const cpuArchitecture = own === "amd64" ? "ARM64" : "X86_64";
      task.plan.taskDefinition.runtimePlatform = { cpuArchitecture, operatingSystemFamily: "LINUX" };
      await expect(runtime.prepareTask(task)).rejects.toMatchObject({
        error: {
          name: "CannotPullContainerError",
          message: expect.stringContaining("does not contain descriptor matching"),
        },
      });
    });

    test("a container runs as the task definition says", async () => {
      const { runtime } = await opening();
      const task = taskWith({
        image,
        command: ["sleep", "1000"],
        environment: [
          { name: "GREETING", value: "hello world" },
          { name: "EMPTY", value: "" },
        ],
        user: "1000",
        workingDirectory: "/bin",
        readonlyRootFilesystem: true,
        ulimits: [{ name: "nofile", softLimit: 1024, hardLimit: 2048 }],
      });
      const id = await start(runtime, task);
      const [seen] = JSON.parse(docker("inspect", id));
      const { Config, HostConfig, State } = seen;
      expect({
        env: Config.Env,
        user: Config.User,
        folder: Config.WorkingDir,
        health: State.Health?.Status ?? "none",
        memory: HostConfig.Memory,
        memoryAndSwap: HostConfig.MemorySwap,
        cpuShares: HostConfig.CpuShares,
        cpuQuota: HostConfig.CpuQuota,
        readonly: HostConfig.ReadonlyRootfs,
        ulimits: HostConfig.Ulimits,
        log: HostConfig.LogConfig,
        restart: HostConfig.RestartPolicy.Name,
        network: HostConfig.NetworkMode.replace(/[0-9a-f]{64}/, "<pause>"),
        pid: HostConfig.PidMode,
        ipc: HostConfig.IpcMode,
      }).toMatchInlineSnapshot(`
        {
          "cpuQuota": 0,
          "cpuShares": 256,
          "env": [
            "GREETING=hello world",
            "EMPTY=",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "FROM_IMAGE=yes",
          ],
          "folder": "/bin",
          "health": "none",
          "ipc": "private",
          "log": {
            "Config": {
              "max-file": "2",
              "max-size": "10m",
            },
            "Type": "json-file",
          },
          "memory": 536870912,
          "memoryAndSwap": 536870912,
          "network": "container:<pause>",
          "pid": "",
          "readonly": true,
          "restart": "no",
          "ulimits": [
            {
              "Hard": 2048,
              "Name": "nofile",
              "Soft": 1024,
            },
          ],
          "user": "1000",
        }
      `);
    });

    test("a task of 4 vCPU starts on any machine", async () => {
      const { runtime, recorder } = await opening();
      const task = shellTask(image, "exit 0");
      task.plan.taskDefinition.cpu = "4096";
      await start(runtime, task);
      await until("its end is reported", () => recorder.exits.length > 0);
      expect(recorder.exits[0]?.exitCode).toBe(0);
    });

    test("ports of target groups are published too, on 127.0.0.1 only", async () => {
      const { runtime } = await opening();
      const task = shellTask(image, "sleep 1000");
      task.plan.targetGroups = [
        {
          key: "main",
          container: "api",
          containerPort: 8080,
          request: { HealthCheckPort: "9090" } as (typeof task.plan.targetGroups)[number]["request"],
          attributes: [],
        },
      ];
      const { ports } = await runtime.prepareTask(task);
      expect(Object.keys(ports)).toEqual(["8080", "9090"]);
      const published = docker("port", await pauseOf(runtime))
        .split("\n")
        .toSorted();
      expect(published.map((line) => line.replace(/\d+$/, "<port>"))).toEqual([
        "8080/tcp -> 127.0.0.1:<port>",
        "9090/tcp -> 127.0.0.1:<port>",
      ]);
    });
  });

  describe("when the Engine goes away for a while", () => {
    const socketPath = join(tmpdir(), `pilotfish-engine-${randomUUID().slice(0, 8)}.sock`);
    const engine = findEngine(process.env, homedir());
    const sockets = new Set<Socket>();
    const relay = createTcpServer((client) => {
      const upstream = "socketPath" in engine.connect ? connect(engine.connect.socketPath) : connect(engine.connect);
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
      }
      client.pipe(upstream).pipe(client);
      client.on("close", () => upstream.destroy());
      upstream.on("close", () => client.destroy());
    });
    const listen = () => new Promise<void>((resolve) => relay.listen(socketPath, resolve));
    const leave = async () => {
      const closed = new Promise((resolve) => relay.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      rmSync(socketPath, { force: true });
    };

    test("exits and logs that were missed are reported when it is back", async () => {
      await listen();
      const owner = newOwner();
      const recorder = new Recorder();
      const runtime = await connectDocker({
        address: { ...engine, connect: { socketPath } },
        owner,
        observer: recorder.observer,
        logPosition: () => undefined,
      });
      try {
        const task = shellTask(image, "echo before; while [ ! -e /go ]; do sleep 0.05; done; echo meanwhile; exit 7");
        await runtime.prepareTask(task);
        const { runtimeId } = await runtime.startContainer(task, "api", 1);
        await until("it has begun", () => recorder.messages(task.id).includes("before"));
        await leave();
        await until("the Engine is away", () => recorder.availability.length > 0);
        await expect(runtime.list()).rejects.toMatchObject({ name: "RuntimeUnavailableError" });
        docker("exec", runtimeId, "touch", "/go");
        await until("it has ended", () => docker("inspect", "--format", "{{.State.Status}}", runtimeId) === "exited");
        await listen();
        await until("its end is reported", () => recorder.exits.length > 0);
        await until("the Engine is back", () => recorder.availability.length > 1);
        expect(recorder.availability).toEqual([false, true]);
        expect(recorder.exits).toHaveLength(1);
        expect(recorder.story.filter((line) => line.startsWith("api") || line.startsWith("exited"))).toEqual([
          "api stdout: before",
          "api stdout: meanwhile",
          "exited api/1 with 7",
        ]);
      } finally {
        if (!relay.listening) await listen();
        await runtime.removeAll();
        await runtime.close();
        await leave();
      }
      expect(leftovers(owner)).toEqual([]);
    });

    test("health that changed meanwhile is reported when it is back", async () => {
      await listen();
      const owner = newOwner();
      const recorder = new Recorder();
      const address = { ...engine, connect: { socketPath } };
      const runtime = await connectDocker({
        address,
        owner,
        observer: recorder.observer,
        logPosition: () => undefined,
      });
      try {
        const healthCheck = { command: ["CMD-SHELL", "test ! -e /broken"], interval: 1, retries: 1 };
        const runtimeId = await start(runtime, taskWith({ image, command: ["sleep", "1000"], healthCheck }));
        await until("it is healthy", () => recorder.healths.length > 0);
        await leave();
        await until("the Engine is away", () => recorder.availability.length > 0);
        docker("exec", runtimeId, "touch", "/broken");
        const status = () => docker("inspect", "--format", "{{.State.Health.Status}}", runtimeId);
        await until("it is unhealthy", () => status() === "unhealthy");
        await listen();
        await until("its health is reported", () => recorder.healths.length > 1);
        expect(recorder.story).toEqual(["api/1 is HEALTHY", "away", "api/1 is UNHEALTHY", "available"]);
      } finally {
        if (!relay.listening) await listen();
        await runtime.removeAll();
        await runtime.close();
        await leave();
      }
      expect(leftovers(owner)).toEqual([]);
    });
  });
});

describe("an Engine that cannot be used", () => {
  const observer = new Recorder().observer;
  const parts = { owner: newOwner(), observer, logPosition: () => undefined };
  const at = (connectTo: EngineAddress["connect"], host: string) => ({
    ...parts,
    address: { host, connect: connectTo, from: "DOCKER_HOST", dockerConfig: tmpdir() },
  });

  test("a socket that is not there is named", async () => {
    const opening = connectDocker(at({ socketPath: "/nowhere/docker.sock" }, "unix:///nowhere/docker.sock"));
    await expect(opening).rejects.toMatchObject({
      code: "engine/unreachable",
      message: "No Docker Engine answers at unix:///nowhere/docker.sock (DOCKER_HOST): there is no such socket",
    });
  });

  test("something else that answers HTTP is no Engine", async () => {
    const server = createServer((_request, response) => response.end("hello"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      await expect(connectDocker(at({ host: "127.0.0.1", port }, "tcp://127.0.0.1:1234"))).rejects.toMatchObject({
        message:
          "No Docker Engine answers at tcp://127.0.0.1:1234 (DOCKER_HOST): what answers there is no Docker Engine",
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

async function start(runtime: Runtime, task: TaskToRun): Promise<string> {
  await runtime.prepareTask(task);
  return (await runtime.startContainer(task, "api", 1)).runtimeId;
}

async function pauseOf(runtime: Runtime): Promise<string> {
  return (await runtime.list()).find(({ container }) => container === undefined)!.runtimeId;
}
