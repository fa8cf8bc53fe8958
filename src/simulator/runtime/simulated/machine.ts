import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { RuntimeContainer } from "../runtime.ts";

export interface SimulatedLine {
  stream: "stdout" | "stderr";
  at: number;
  message: string;
}

/** A container on the machine. It outlives the runtime that started it, as one on a real Engine outlives the daemon. */
export interface SimulatedContainer extends RuntimeContainer {
  log: SimulatedLine[];
  stop: (() => void) | undefined;
}

/** The network of one task: a server on 127.0.0.1 for each port, which drops connections while no program serves. */
export interface SimulatedTask {
  owner: string;
  id: string;
  serviceId: string;
  runtimeId: string;
  startedAt: number;
  servers: Server[];
  ports: Record<number, number>;
  serve: RequestListener | undefined;
  containers: SimulatedContainer[];
}

/** Where simulated tasks live. Runtimes that are given the same machine see the same tasks, each its owner's. */
export class SimulatedMachine {
  readonly #tasks = new Map<string, SimulatedTask>();
  readonly #listeners = new Set<(task: SimulatedTask, container: SimulatedContainer, line?: SimulatedLine) => void>();
  #lastLineAt = 0;

  tasks(owner: string): SimulatedTask[] {
    return [...this.#tasks.values()].filter((task) => task.owner === owner);
  }

  task(owner: string, id: string): SimulatedTask | undefined {
    return this.#tasks.get(`${owner}/${id}`);
  }

  /** Called with every line, and without one when a container has ended. */
  onChange(listener: (task: SimulatedTask, container: SimulatedContainer, line?: SimulatedLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async addTask(
    identity: Pick<SimulatedTask, "owner" | "id" | "serviceId" | "runtimeId">,
    ports: number[],
  ): Promise<SimulatedTask> {
    const task: SimulatedTask = {
      ...identity,
      startedAt: Date.now(),
      servers: [],
      ports: {},
      serve: undefined,
      containers: [],
    };
    this.#tasks.set(`${task.owner}/${task.id}`, task);
    for (const port of ports) {
      const server = createServer((request, response) =>
        task.serve === undefined ? request.socket.destroy() : task.serve(request, response),
      );
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
    for (const listener of this.#listeners) listener(task, container, line);
  }

  exit(task: SimulatedTask, container: SimulatedContainer, exitCode: number): void {
    if (container.state !== "running") return;
    container.state = "exited";
    container.exitCode = exitCode;
    container.outOfMemory = false;
    container.finishedAt = Date.now();
    task.serve = undefined;
    for (const listener of this.#listeners) listener(task, container);
  }

  async remove(task: SimulatedTask): Promise<void> {
    this.#tasks.delete(`${task.owner}/${task.id}`);
    await Promise.all(
      task.servers.map(async (server) => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        await closed;
      }),
    );
  }
}
