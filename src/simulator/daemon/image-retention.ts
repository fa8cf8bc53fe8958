import { lastCompleted, neededImages } from "../engine/needed-images.ts";
import type { SimulatorState } from "../engine/state.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { logLine } from "./daemon-log.ts";

/** Keeps the images that deployments need, and prunes the others of theirs when a deployment has completed or a service
 *  has gone. What fails is tried again the next time. */
export class ImageRetention {
  readonly #runtime: Pick<Runtime, "keepImages" | "pruneImages">;
  readonly #state: () => SimulatorState;
  #prunes = false;
  #again = false;
  #running: Promise<void> | undefined;

  constructor(runtime: Pick<Runtime, "keepImages" | "pruneImages">, state: () => SimulatorState) {
    this.#runtime = runtime;
    this.#state = state;
  }

  follow(before: SimulatorState, after: SimulatorState): void {
    if (before.services === after.services) return;
    const isPruned = Object.entries(before.services).some(([id]) => after.services[id] === undefined);
    const isCompleted = completedOf(after).some((id) => !completedOf(before).includes(id));
    this.#prunes ||= isPruned || isCompleted;
    const needed = new Set(neededImages(before));
    if (this.#prunes || neededImages(after).some((id) => !needed.has(id))) this.#start();
  }

  /** Names again what a former daemon may not have come to name. */
  recover(): void {
    this.#start();
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  #start(): void {
    this.#again = true;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        await this.#runtime.keepImages(neededImages(this.#state()));
        if (!this.#prunes) continue;
        const state = this.#state();
        const repositories = Object.values(state.services).map(({ app, name }) => `${app}/${name}`);
        await this.#runtime.pruneImages(neededImages(state), repositories);
        this.#prunes = this.#again;
      } catch (error) {
        logLine(`images: ${(error as Error).message}`);
      }
    }
  }
}

function completedOf({ services }: SimulatorState): string[] {
  return Object.values(services).flatMap(({ id, deployments }) =>
    lastCompleted(deployments).map((deployment) => `${id} ${deployment.id} ${deployment.completedAt}`),
  );
}
