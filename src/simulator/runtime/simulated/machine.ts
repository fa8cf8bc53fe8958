import { type Socket, createSocket } from "node:dgram";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ContainerHealth } from "../../engine/state.ts";
import type { DiscoveryNames, RuntimeContainer } from "../runtime.ts";

export interface SimulatedLine {
  stream: "stdout" | "stderr";
  at: number;
  message: string;
}

/** A container on the machine. It outlives the runtime that started it, as one on a real Engine outlives the daemon. */
export interface SimulatedContainer extends RuntimeContainer {
  log: SimulatedLine[];
  stop: (() => void) | undefined;
  serve: RequestListener | undefined;
}

/** The network of one task: a server on 127.0.0.1 for each port. The container that maps the port answers, else any that
 *  serves; connections are dropped while none does. A UDP port sends back what it gets. */
export interface SimulatedTask {
  owner: string;
  id: string;
  serviceId: string;
  runtimeId: string;
  startedAt: number;
  servers: Server[];
  echoes: Socket[];
  ports: Record<number, number>;
  containers: SimulatedContainer[];
  /** Whether its service has Service Connect. */
  connect: boolean;
  /** By which other tasks would find it. */
  known: DiscoveryNames;
}

/** Hears of every line, without one of a container that has ended, and with its health of one whose health changed. */
export type SimulatedChange = (
  task: SimulatedTask,
  container: SimulatedContainer,
  change: { line: SimulatedLine } | { health: ContainerHealth } | "exited",
) => void;

/** Where simulated tasks live. Runtimes that are given the same machine see the same tasks, each its owner's. */
export class SimulatedMachine {
  readonly #tasks = new Map<string, SimulatedTask>();
  readonly #listeners = new Set<SimulatedChange>();
  #lastLineAt = 0;

  tasks(owner: string): SimulatedTask[] {
    return [...this.#tasks.values()].filter((task) => task.owner === owner);
  }

  task(owner: string, id: string): SimulatedTask | undefined {
    return this.#tasks.get(`${owner}/${id}`);
  }

  onChange(listener: SimulatedChange): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async addTask(
    identity: Pick<SimulatedTask, "owner" | "id" | "serviceId" | "runtimeId" | "connect">,
    ports: { port: number; protocol: string; container: string | undefined }[],
  ): Promise<SimulatedTask> {
    const task: SimulatedTask = {
      ...identity,
      startedAt: Date.now(),
      servers: [],
      echoes: [],
      ports: {},
      containers: [],
      known: { names: [], aliases: [] },
    };
    this.#tasks.set(`${task.owner}/${task.id}`, task);
    for (const { port, protocol, container } of ports) {
      if (protocol === "udp") {
        const echo = await openEcho(() => task.containers.some(({ serve }) => serve !== undefined));
        task.echoes.push(echo);
        task.ports[port] ??= echo.address().port;
        continue;
      }
      const server = createServer((request, response) => {
        const serving = task.containers.filter(({ serve }) => serve !== undefined);
        const answering = serving.find((one) => one.container === container) ?? serving[0];
        if (answering?.serve === undefined) request.socket.destroy();
        else answering.serve(request, response);
      });
      await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
      task.servers.push(server);
      task.ports[port] = (server.address() as AddressInfo).port;
    }
    return task;
  }

  print(task: SimulatedTask, container: SimulatedContainer, stream: "stdout" | "stderr", message: string): void {
    // Each line has an instant of its own, as with a real Engine.
    this.#lastLineAt = Math.max(Date.now(), this.#lastLineAt + 1 / 1024);
    const line = { stream, at: this.#lastLineAt, message };
    container.log.push(line);
    for (const listener of this.#listeners) listener(task, container, { line });
  }

  setHealth(task: SimulatedTask, container: SimulatedContainer, health: ContainerHealth): void {
    if (container.state !== "running" || container.health === health) return;
    container.health = health;
    for (const listener of this.#listeners) listener(task, container, { health });
  }

  /** The tasks of an owner that this one finds by a name. */
  resolve(owner: string, asking: string, name: string): string[] {
    const by = (kind: keyof DiscoveryNames) =>
      this.tasks(owner).flatMap(({ id, known }) => (known[kind].includes(name) ? [id] : []));
    const found = this.task(owner, asking)?.connect ? by("aliases") : [];
    return found.length > 0 ? found : by("names");
  }

  exit(task: SimulatedTask, container: SimulatedContainer, exitCode: number): void {
    if (container.state !== "running") return;
    container.state = "exited";
    container.exitCode = exitCode;
    container.outOfMemory = false;
    container.finishedAt = Date.now();
    container.serve = undefined;
    for (const listener of this.#listeners) listener(task, container, "exited");
  }

  async remove(task: SimulatedTask): Promise<void> {
    this.#tasks.delete(`${task.owner}/${task.id}`);
    for (const echo of task.echoes) echo.close();
    await Promise.all(
      task.servers.map(async (server) => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        await closed;
      }),
    );
  }
}

function openEcho(serves: () => boolean): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.on("message", (datagram, { port, address }) => {
    if (serves()) socket.send(datagram, port, address);
  });
  return new Promise((resolve, reject) => {
    socket.once("error", reject).bind(0, "127.0.0.1", () => resolve(socket));
  });
}
