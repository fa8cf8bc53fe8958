import type { Effect } from "./effects.ts";
import { newEventId } from "./ids.ts";
import type { Random } from "./random.ts";
import type { Deployment, Service, SimulatorState, Task } from "./state.ts";

const EVENTS_KEPT = 100;

/** The working copy of one step. Reading gives what is there; editing clones it first, once. What nobody edits keeps its
 *  identity, so that whoever stores the state finds the changed rows by comparing references. */
export class Draft {
  readonly now: number;
  readonly random: Random;
  readonly effects: Effect[] = [];
  speed: number;
  readonly #base: SimulatorState;
  readonly #services = new Map<string, Service | undefined>();
  readonly #tasks = new Map<string, Task | undefined>();
  readonly #notes = new Map<string, { serviceId: string; count: number; say: (count: number) => string }>();
  #tasksByService: Map<string, string[]> | undefined;

  constructor(base: SimulatorState, now: number, random: Random) {
    this.#base = base;
    this.now = now;
    this.random = random;
    this.speed = base.speed;
  }

  service(id: string): Service | undefined {
    if (this.#services.has(id)) return this.#services.get(id);
    return Object.hasOwn(this.#base.services, id) ? this.#base.services[id] : undefined;
  }

  task(id: string): Task | undefined {
    if (this.#tasks.has(id)) return this.#tasks.get(id);
    return Object.hasOwn(this.#base.tasks, id) ? this.#base.tasks[id] : undefined;
  }

  /** The deployment that started this task; undefined only when the task has stopped long ago. */
  deploymentOf(task: Task): Deployment | undefined {
    return this.service(task.serviceId)?.deployments.find(({ id }) => id === task.deploymentId);
  }

  serviceIds(): string[] {
    return idsOf(this.#base.services, this.#services);
  }

  /** Those that have been edited, added or have a task that has. */
  touchedServices(): Set<string> {
    const touched = new Set(this.#services.keys());
    for (const task of this.#tasks.values()) if (task !== undefined) touched.add(task.serviceId);
    return touched;
  }

  /** Oldest first. */
  tasksOf(serviceId: string): Task[] {
    this.#tasksByService ??= this.#index();
    return (this.#tasksByService.get(serviceId) ?? []).map((id) => this.task(id)).filter((task) => task !== undefined);
  }

  /** To be changed by the caller; but for `deployments`, which `editDeployment` clones. */
  editService(id: string): Service {
    const known = this.#services.get(id);
    if (known !== undefined) return known;
    const service = this.#existing(this.service(id), id);
    const copy = { ...service, deployments: [...service.deployments], events: [...service.events] };
    this.#services.set(id, copy);
    return copy;
  }

  /** To be changed by the caller; its `spec` is replaced, never changed. */
  editDeployment(serviceId: string, deploymentId: string): Deployment {
    const service = this.editService(serviceId);
    const at = service.deployments.findIndex(({ id }) => id === deploymentId);
    const deployment = this.#existing(service.deployments[at], deploymentId);
    if (this.#base.services[serviceId]?.deployments.includes(deployment) !== true) return deployment;
    const copy = { ...deployment, breaker: { ...deployment.breaker }, throttle: { ...deployment.throttle } };
    service.deployments[at] = copy;
    return copy;
  }

  /** To be changed by the caller. */
  editTask(id: string): Task {
    const known = this.#tasks.get(id);
    if (known !== undefined) return known;
    const task = this.#existing(this.task(id), id);
    const copy = {
      ...task,
      containers: task.containers.map((container) => ({ ...container })),
      targets: task.targets.map((target) => ({ ...target })),
    };
    this.#tasks.set(id, copy);
    return copy;
  }

  addService(service: Service): void {
    this.#services.set(service.id, service);
  }

  addTask(task: Task): void {
    this.#tasksByService ??= this.#index();
    this.#tasks.set(task.id, task);
    const ids = this.#tasksByService.get(task.serviceId);
    if (ids === undefined) this.#tasksByService.set(task.serviceId, [task.id]);
    else ids.push(task.id);
  }

  removeService(id: string): void {
    this.#services.set(id, undefined);
  }

  removeTask(id: string): void {
    this.#tasks.set(id, undefined);
  }

  effect(effect: Effect): void {
    this.effects.push(effect);
  }

  /** Adds a service event. */
  tell(serviceId: string, message: string): void {
    const service = this.editService(serviceId);
    service.events.unshift({ id: newEventId(this.random), at: this.now, message });
    if (service.events.length > EVENTS_KEPT) service.events.length = EVENTS_KEPT;
  }

  /** Counts something that is said once for all tasks it happened to: at the next `tellNotes`, in the order of the
   *  first occurrence. `topic` keeps apart what is counted apart. */
  note(serviceId: string, topic: string, say: (count: number) => string): void {
    const key = `${serviceId} ${topic}`;
    const note = this.#notes.get(key);
    if (note === undefined) this.#notes.set(key, { serviceId, count: 1, say });
    else note.count += 1;
  }

  tellNotes(): void {
    for (const { serviceId, count, say } of this.#notes.values()) this.tell(serviceId, say(count));
    this.#notes.clear();
  }

  finish(): SimulatorState {
    this.tellNotes();
    if (this.#services.size === 0 && this.#tasks.size === 0 && this.speed === this.#base.speed) return this.#base;
    return {
      speed: this.speed,
      services: merged(this.#base.services, this.#services),
      tasks: merged(this.#base.tasks, this.#tasks),
    };
  }

  #index(): Map<string, string[]> {
    const index = new Map<string, string[]>();
    const enter = ({ id, serviceId }: Task): void => {
      const ids = index.get(serviceId);
      if (ids === undefined) index.set(serviceId, [id]);
      else ids.push(id);
    };
    for (const task of Object.values(this.#base.tasks)) enter(task);
    for (const [id, task] of this.#tasks) if (task !== undefined && !Object.hasOwn(this.#base.tasks, id)) enter(task);
    return index;
  }

  #existing<T>(value: T | undefined, id: string): T {
    if (value === undefined) throw new Error(`nothing to edit: ${id}`);
    return value;
  }
}

function idsOf<T>(base: Record<string, T>, changes: ReadonlyMap<string, T | undefined>): string[] {
  if (changes.size === 0) return Object.keys(base);
  const kept = Object.keys(base).filter((id) => !changes.has(id) || changes.get(id) !== undefined);
  for (const [id, value] of changes) if (value !== undefined && !Object.hasOwn(base, id)) kept.push(id);
  return kept;
}

/** Without a prototype, which also makes a large record many times cheaper to copy. */
function merged<T>(base: Record<string, T>, changes: Map<string, T | undefined>): Record<string, T> {
  if (changes.size === 0) return base;
  const result = Object.create(null) as Record<string, T>;
  for (const id of Object.keys(base)) result[id] = base[id] as T;
  for (const [id, value] of changes) {
    if (value === undefined) delete result[id];
    else result[id] = value;
  }
  return result;
}
