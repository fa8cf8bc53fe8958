import { UserError } from "../../errors.ts";
import type { Service } from "../engine/state.ts";
import type { Balancers } from "./balancers.ts";
import { logLine } from "./daemon-log.ts";
import type { Disk } from "./disk.ts";
import { listenersOf } from "./listener-ids.ts";
import type { Simulator } from "./simulator.ts";

/** Something that is wrong right now and keeps a service from what it wants. */
export interface Trouble {
  code: string;
  message: string;
}

export interface TroubleSources {
  balancers: Pick<Balancers, "problems" | "onApplied">;
  simulator: Pick<Simulator, "problem">;
  disk: Pick<Disk, "problem" | "onChange" | "look">;
}

/** What is wrong right now: an Engine that is away, a full disk, a port that is taken, a state that cannot be written. */
export class Troubles {
  readonly #sources: TroubleSources;
  readonly #watchers = new Set<() => void>();
  #engine = { up: true, why: "" };

  constructor(sources: TroubleSources) {
    this.#sources = sources;
    sources.disk.onChange(() => {
      logLine(sources.disk.problem?.message ?? "the disk has space again");
      this.#changed();
    });
  }

  get engineUp(): boolean {
    return this.#engine.up;
  }

  engine(up: boolean, why: string): void {
    if (up !== this.#engine.up) logLine(up ? "the Docker Engine is back" : `the Docker Engine is away: ${why}`);
    this.#engine = { up, why };
    this.#changed();
  }

  /** What keeps a service from what it wants. */
  of(service: Service): Trouble[] {
    const plan = service.deployments.find(({ status }) => status === "PRIMARY")?.spec.plan;
    const taken = this.#sources.balancers.problems(plan === undefined ? [] : listenersOf(service.id, plan));
    return [...this.#common(), ...taken.map((message) => ({ code: "simulator/port-taken", message }))];
  }

  all(): string[] {
    const { problem } = this.#sources.simulator;
    const isSaid = this.#sources.disk.problem !== undefined;
    return [
      ...this.#common().map(({ message }) => message),
      ...this.#sources.balancers.problems(),
      ...(problem === undefined || isSaid ? [] : [problem.message]),
    ];
  }

  /** What every command says before anything else. */
  urgent(): string[] {
    const { problem } = this.#sources.disk;
    return problem === undefined ? [] : [problem.message];
  }

  /** @throws UserError engine/unreachable, simulator/disk-full when nothing new can be started */
  async refuseNew(): Promise<void> {
    if (!this.#engine.up)
      throw new UserError("engine/unreachable", `the Docker Engine does not answer: ${this.#engine.why}`, {
        hint: "start Docker again; the simulator goes on by itself",
      });
    await this.#sources.disk.look();
    if (this.#sources.disk.problem !== undefined) throw this.#sources.disk.problem;
  }

  /** Called when what {@link of} says may have changed. */
  onChange(watcher: () => void): () => void {
    const stop = this.#sources.balancers.onApplied(watcher);
    this.#watchers.add(watcher);
    return () => {
      stop();
      this.#watchers.delete(watcher);
    };
  }

  #common(): Trouble[] {
    const { problem } = this.#sources.disk;
    return [
      ...(this.#engine.up
        ? []
        : [{ code: "engine/unreachable", message: `the Docker Engine does not answer: ${this.#engine.why}` }]),
      ...(problem === undefined ? [] : [{ code: problem.code, message: problem.message }]),
    ];
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
