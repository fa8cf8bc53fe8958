import { UserError } from "../../errors.ts";
import type { Binding, Edge, EdgeListener } from "../edge/edge.ts";
import type { SimulatorState } from "../engine/state.ts";
import { type LoadBalancerName, listenerTitle, loadBalancerListener } from "./listener-ids.ts";
import { edgePicture, emptyListener, type Listening } from "./picture.ts";
import type { Store } from "./store.ts";

const prefix = "port:";
/** A port that was taken is tried again after this time. */
const retryMs = 2000;

/** Keeps the edge in step with the state, and the ports that listeners were given once. */
export class Balancers {
  readonly #edge: Edge;
  readonly #store: Pick<Store, "setting" | "set" | "unsetAll">;
  readonly #state: () => SimulatorState;
  readonly #listening: Listening;
  /** Opened before anything stands behind them; from then on they last as long as a service does. */
  readonly #opened = new Map<string, LoadBalancerName>();
  #applied: Promise<void> = Promise.resolve();
  #wanted = false;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  #problem: string | undefined;
  readonly #watchers = new Set<() => void>();

  constructor(
    edge: Edge,
    store: Pick<Store, "setting" | "set" | "unsetAll">,
    state: () => SimulatorState,
    listening: Omit<Listening, "port"> = {},
  ) {
    this.#edge = edge;
    this.#store = store;
    this.#state = state;
    this.#listening = { ...listening, port: (id) => this.#port(id) };
  }

  /** Asks for the edge to follow the state; several askings at once are one. */
  refresh(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#applied = this.#applied.then(() => this.#apply());
  }

  /** Called whenever the edge has been brought in step. */
  onApplied(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Resolves when what was asked for so far has been done. */
  async settled(): Promise<void> {
    await this.#applied;
  }

  /** Opens the listener of a load balancer. @returns its address @throws UserError simulator/port-taken */
  async open(app: string, env: string, loadBalancer: LoadBalancerName, imported?: string): Promise<string> {
    const id = loadBalancerListener(app, env, loadBalancer, imported);
    this.#opened.set(id, loadBalancer);
    this.refresh();
    await this.settled();
    const binding = this.#edge.bindings()[id];
    if (binding !== undefined && "port" in binding) return `127.0.0.1:${binding.port}`;
    throw portTaken(id, binding);
  }

  binding(id: string): Binding | undefined {
    return this.#edge.bindings()[id];
  }

  /** @param only listeners that are of interest; all when absent */
  problems(only?: readonly string[]): string[] {
    const failed = Object.entries(this.#edge.bindings()).flatMap(([id, binding]) =>
      "error" in binding && (only?.includes(id) ?? true)
        ? [`${listenerTitle(id)} cannot listen: ${binding.error}`]
        : [],
    );
    return this.#problem === undefined || only !== undefined ? failed : [...failed, this.#problem];
  }

  /** Gives up the load balancers and the kept ports of an environment in which nothing is left. */
  async forget(app: string, env: string): Promise<void> {
    const environment = `${app}/${env}/`;
    for (const id of this.#opened.keys()) if (id.startsWith(environment)) this.#opened.delete(id);
    this.refresh();
    await this.settled();
    this.#store.unsetAll(prefix + environment);
  }

  openRequests(task: string): number {
    return this.#edge.openRequests(task);
  }

  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.settled();
    await this.#edge.close(graceMs);
  }

  async #apply(): Promise<void> {
    this.#wanted = false;
    if (this.#closed) return;
    clearTimeout(this.#retry);
    try {
      await this.#edge.apply(this.#picture());
      this.#keepPorts();
      this.#problem = undefined;
    } catch (error) {
      this.#problem = `the load balancers could not follow: ${(error as Error).message}`;
    }
    if (this.problems().length > 0 && !this.#closed) this.#retry = setTimeout(() => this.refresh(), retryMs).unref();
    for (const watcher of this.#watchers) watcher();
  }

  #keepPorts(): void {
    for (const [id, binding] of Object.entries(this.#edge.bindings()))
      if ("port" in binding && this.#store.setting(prefix + id) !== String(binding.port))
        this.#store.set(prefix + id, String(binding.port));
  }

  #picture() {
    const picture = edgePicture(this.#state(), this.#listening);
    const there = new Set(picture.listeners.map(({ id }) => id));
    for (const id of there) this.#opened.delete(id);
    const empty: EdgeListener[] = [...this.#opened]
      .filter(([id]) => !there.has(id))
      .map(([id, loadBalancer]) => emptyListener(id, loadBalancer, this.#listening));
    return { ...picture, listeners: [...picture.listeners, ...empty] };
  }

  #port(id: string): number | undefined {
    const kept = this.#store.setting(prefix + id);
    return kept === undefined ? undefined : Number(kept);
  }
}

function portTaken(id: string, binding: Binding | undefined): UserError {
  const error = binding !== undefined && "error" in binding ? binding.error : "it is not open";
  return new UserError("simulator/port-taken", `${listenerTitle(id)} cannot listen: ${error}`, {
    hint: "end that program, or give up the port with: pilotfish local reset",
  });
}
