import type { Effect } from "../../../../src/simulator/engine/effects.ts";
import { emptyState, nextWake, stepAll } from "../../../../src/simulator/engine/engine.ts";
import type { ContainerError, Input, TargetCheck } from "../../../../src/simulator/engine/inputs.ts";
import { describeDeployment, tasksOf } from "../../../../src/simulator/engine/queries.ts";
import type {
  ContainerHealth,
  DeploymentSpec,
  Service,
  SimulatorState,
  Task,
} from "../../../../src/simulator/engine/state.ts";

/** What a program does, by the image its container runs. */
export interface Behaviour {
  /** The image cannot be had. */
  missing?: boolean;
  /** The task cannot be made, for a reason that is no container's: a secret that is not there. */
  unresolved?: ContainerError;
  /** The container cannot be started. */
  startFails?: boolean;
  /** Exits so many seconds after its start, with this code. */
  exitsAfter?: number;
  exitCode?: number;
  outOfMemory?: boolean;
  /** What the container's own health check finds, so many seconds after its start. */
  health?: readonly [number, ContainerHealth][];
  /** What the load balancer's health checks see, by seconds of RUNNING; all is well when left out. */
  check?: (age: number, task: string) => TargetCheck;
  /** No health check is made: the test tells their results. */
  silent?: boolean;
  /** How long the program takes to end when it is told to, in seconds. */
  stopsIn?: number;
  /** How long the last open request goes on when its task drains, in seconds; for ever with Infinity. */
  requestOpenFor?: number;
}

export interface WorldOptions {
  speed?: number;
  seed?: number;
  /** By pinned image ID. */
  images?: Record<string, Behaviour>;
  /** What the runtime resolves web's image to when nobody pinned it. */
  resolves?: string;
}

export const SERVICE = "shop/local/api";
const START = 1_700_000_000_000;
const SECOND = 1000;
const CHECK_INTERVAL = 10 * SECOND;

/** Far more than any test needs. */
const MANY_STEPS = 20_000;

interface Pending {
  at: number;
  order: number;
  input: Input;
}

/** Runtime, load balancer and clock for the engine, all of them virtual. */
export class World {
  state: SimulatorState;
  now = START;
  readonly random: () => number;
  readonly effects: Effect[] = [];
  /** Seconds since the start and the ladder's next rung: `12 RUNNING`, by task. */
  readonly ladders = new Map<string, string[]>();
  readonly #containers = new Map<string, Map<string, string[]>>();
  readonly options: WorldOptions;
  steps = 0;
  /** Everything that has been taken in. */
  readonly inputs: Input[] = [];
  /** Called after each step. */
  afterStep: (before: SimulatorState, effects: Effect[], inputs: Input[]) => void = () => {};
  #queue: Pending[] = [];
  #checks: { at: number; task: Task }[] = [];
  #order = 0;

  constructor(options: WorldOptions = {}) {
    this.options = options;
    this.state = emptyState(options.speed ?? 1);
    this.random = mulberry(options.seed ?? 1);
  }

  deploy(spec: DeploymentSpec, force = false): string {
    const { app, env, name } = spec.plan;
    this.send({ type: "update-service", serviceId: `${app}/${env}/${name}`, spec, force });
    return this.service(`${app}/${env}/${name}`).deployments[0]?.id ?? "";
  }

  service(id = SERVICE): Service {
    const service = this.state.services[id];
    if (service === undefined) throw new Error(`no service ${id}`);
    return service;
  }

  tasks(id = SERVICE): Task[] {
    return tasksOf(this.state, id);
  }

  running(id = SERVICE): Task[] {
    return this.tasks(id).filter((task) => task.lastStatus === "RUNNING" && task.desiredStatus === "RUNNING");
  }

  /** Takes in something at this instant, and then what follows from it at once. */
  send(...inputs: Input[]): void {
    this.#step(inputs);
    while (this.#deliverNext());
  }

  /** Takes in something and lets nothing follow: answers and reports wait for `pass`. */
  only(...inputs: Input[]): void {
    this.#step(inputs);
    this.#queue = [];
  }

  /** What has been started becomes healthy and what has been stopped is gone, all at once; then the scheduler looks. */
  pass(): void {
    this.only(...Object.values(this.state.tasks).flatMap((task) => this.#wholeStory(task)));
  }

  /** Lets time pass until this holds. @throws when it does not within so many seconds */
  until(what: string, holds: () => boolean, seconds = 3600): number {
    const began = this.now;
    const limit = this.now + seconds * SECOND;
    while (!holds())
      if (!this.#advance(limit)) throw new Error(`not within ${seconds} s: ${what}\n${this.events().join("\n")}`);
    return (this.now - began) / SECOND;
  }

  wait(seconds: number): void {
    const limit = this.now + seconds * SECOND;
    while (this.#advance(limit));
    this.now = limit;
  }

  later(seconds: number, input: Input): void {
    this.#queue.push({ at: this.now + seconds * SECOND, order: this.#order++, input });
  }

  /** Oldest first, with the seconds since the world began. */
  events(id = SERVICE): string[] {
    const events = this.state.services[id]?.events ?? [];
    return events.toReversed().map(({ at, message }) => `${this.seconds(at)} ${this.normalise(message)}`);
  }

  /** `PRIMARY COMPLETED revision 2 desired 1 running 1 pending 0 healthy 1 failed 0: …`, one for each deployment. */
  deployments(id = SERVICE): string[] {
    return this.service(id).deployments.map((deployment) => {
      const d = describeDeployment(this.state, id, deployment);
      const counts = `desired ${d.desired} running ${d.running} pending ${d.pending} healthy ${d.healthy} failed ${d.failedTasks}`;
      return this.normalise(
        `${d.id} ${d.status} ${d.rolloutState} revision ${d.revision} ${counts}: ${d.rolloutStateReason}`,
      );
    });
  }

  /** `T1 EssentialContainerExited: Essential container in task exited (web exit 1)`, in the order of their start. */
  stops(id = SERVICE): string[] {
    return this.tasks(id)
      .filter(({ stopCode }) => stopCode !== undefined)
      .map((task) => {
        const ends = task.containers.map(({ name, exitCode, reason }) =>
          [name, exitCode === undefined ? "" : `exit ${exitCode}`, reason ?? ""].filter(Boolean).join(" "),
        );
        return this.normalise(`${task.id} ${task.stopCode}: ${task.stoppedReason} (${ends.join(", ")})`);
      });
  }

  ladder(task: string): string {
    return (this.ladders.get(task) ?? []).join(" → ");
  }

  /** `web: 0 start → 0 RUNNING → 10 stop → 12 STOPPED 0`, one for each container of the task: what it was told, and what
   *  became of it with its exit code. */
  containers(task: string): string[] {
    return (
      this.state.tasks[task]?.containers.map(({ name }) => {
        const rungs = this.#containers.get(task)?.get(name) ?? [];
        return `${name}: ${rungs.join(" → ")}`;
      }) ?? []
    );
  }

  seconds(at: number): string {
    return String(Math.round((at - START) / 10) / 100).padStart(6);
  }

  /** Task ids become T1, T2 …, deployment ids D1, D2 … in the order of their creation, ARNs `G`. */
  normalise(text: string): string {
    return text
      .replaceAll(/arn:aws:elasticloadbalancing:[^\s)]+/g, "G")
      .replaceAll(/\b[0-9a-f]{32}\b/g, (id) => `T${this.#number("task", id)}`)
      .replaceAll(/ecs-svc\/\d{19}/g, (id) => `D${this.#number("deployment", id)}`);
  }

  readonly #numbers = new Map<string, number>();
  readonly #counts = new Map<string, number>();

  #number(kind: string, id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const next = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, next);
    this.#numbers.set(id, next);
    return next;
  }

  /** Does the next thing that is due before the limit. @returns whether there was one */
  #advance(limit: number): boolean {
    const due = Math.min(
      nextWake(this.state) ?? Infinity,
      ...this.#queue.map(({ at }) => at),
      ...this.#checks.map(({ at }) => at),
    );
    if (due > limit) {
      this.now = limit;
      return false;
    }
    this.now = Math.max(this.now, due);
    const checks = this.#checks.filter(({ at }) => at <= this.now);
    this.#checks = this.#checks.filter(({ at }) => at > this.now);
    for (const { task } of checks) this.#check(task);
    if (!this.#deliverNext()) this.#step([{ type: "tick" }]);
    return true;
  }

  #deliverNext(): boolean {
    const due = this.#queue.filter(({ at }) => at <= this.now).toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
    if (due === undefined) return false;
    this.#queue.splice(this.#queue.indexOf(due), 1);
    this.#step([due.input]);
    return true;
  }

  #wholeStory({ id: task, desiredStatus, lastStatus, containers }: Task): Input[] {
    const about = { task, container: "web", attempt: 1, at: this.now };
    if (desiredStatus === "STOPPED" && lastStatus !== "STOPPED") {
      return [
        { type: "container-exited", ...about, exitCode: 0, outOfMemory: false },
        { type: "task-removed", task },
      ];
    }
    if (containers[0]?.lastStatus !== "PENDING") return [];
    return [
      { type: "task-prepared", task, ports: { 80: 40_000 }, images: {} },
      { type: "container-started", ...about, runtimeId: `c-${task}` },
      { type: "target-checked", task, targetGroup: `${SERVICE}/main`, result: { ok: true } },
    ];
  }

  #step(inputs: Input[]): void {
    this.steps += 1;
    if (this.steps > MANY_STEPS)
      throw new Error(
        `does not come to rest: ${JSON.stringify(inputs)} at ${this.now}\n${this.events().slice(-20).join("\n")}`,
      );
    const before = this.state;
    this.inputs.push(...inputs);
    const { state, effects } = stepAll(before, inputs, this.now, this.random);
    this.state = state;
    this.afterStep(before, effects, inputs);
    this.#watch(before);
    this.#perform(effects);
  }

  #watch(before: SimulatorState): void {
    for (const service of Object.values(this.state.services)) {
      for (const { id } of service.deployments.toReversed()) this.#number("deployment", id);
    }
    for (const task of Object.values(this.state.tasks)) {
      const old = before.tasks[task.id];
      if (old === task) continue;
      this.#number("task", task.id);
      if (old?.lastStatus !== task.lastStatus) this.#rung(task);
      for (const [at, container] of task.containers.entries()) {
        const { name, lastStatus, health, exitCode } = container;
        const former = old?.containers[at];
        const exit = exitCode === undefined ? "" : ` ${exitCode}`;
        if (former !== undefined && former.lastStatus !== lastStatus && lastStatus !== "PENDING")
          this.#containerRung(task.id, name, `${lastStatus}${exit}`);
        if (former?.health !== health && health !== "UNKNOWN") this.#containerRung(task.id, name, `${health}`);
      }
      if (old?.lastStatus !== "RUNNING" && task.lastStatus === "RUNNING") this.#check(task);
      if (old?.lastStatus !== "DEACTIVATING" && task.lastStatus === "DEACTIVATING") {
        const open = this.#behaviour(task, "web").requestOpenFor ?? 0;
        if (Number.isFinite(open)) this.later(open, { type: "task-idle", task: task.id });
      }
    }
  }

  #rung(task: Task): void {
    const ladder = this.ladders.get(task.id) ?? [];
    ladder.push(`${this.seconds(this.now).trim()} ${task.lastStatus}`);
    this.ladders.set(task.id, ladder);
  }

  #containerRung(task: string, container: string, what: string): void {
    const ladders = this.#containers.get(task) ?? new Map<string, string[]>();
    this.#containers.set(task, ladders);
    ladders.set(container, [...(ladders.get(container) ?? []), `${this.seconds(this.now).trim()} ${what}`]);
  }

  /** The load balancer's checks: the first at once, then one at each interval, for as long as the target is there. */
  #check(task: Task): void {
    const present = this.state.tasks[task.id];
    if (present?.lastStatus !== "RUNNING" || present.desiredStatus !== "RUNNING") return;
    const groups = this.#deployment(task)?.spec.plan.targetGroups ?? [];
    const age = (this.now - (present.startedAt ?? 0)) / SECOND;
    let again = false;
    for (const { targetGroup } of present.targets) {
      const container = groups.find(({ key }) => targetGroup.endsWith(`/${key}`))?.container ?? "web";
      const { check, silent } = this.#behaviour(task, container);
      if (silent) continue;
      const result = check?.(age, task.id) ?? { ok: true };
      this.later(0, { type: "target-checked", task: task.id, targetGroup, result });
      // A target about which nothing will change needs no second look.
      again ||= check !== undefined;
    }
    if (again) this.#checks.push({ at: this.now + CHECK_INTERVAL / this.state.speed, task });
  }

  #perform(effects: Effect[]): void {
    for (const effect of effects) {
      this.effects.push(effect);
      if (effect.type === "start-container")
        this.#containerRung(effect.task, effect.container, effect.attempt === 1 ? "start" : `start ${effect.attempt}`);
      if (effect.type === "stop-container") this.#containerRung(effect.task, effect.container, "stop");
      this.#answer(effect);
    }
  }

  #deployment(task: Task): Service["deployments"][number] | undefined {
    return this.state.services[task.serviceId]?.deployments.find(({ id }) => id === task.deploymentId);
  }

  /** The image that a container of this task runs. */
  #image(task: Task, container: string): string {
    const spec = this.#deployment(task)?.spec;
    const pinned = spec?.images[container];
    if (pinned !== undefined) return pinned;
    if (container === "web") return this.options.resolves ?? "sha256:resolved";
    return spec?.plan.taskDefinition.containerDefinitions?.find(({ name }) => name === container)?.image ?? "";
  }

  #behaviour(task: Task, container: string): Behaviour {
    const image = task.containers.find(({ name }) => name === container)?.imageId ?? this.#image(task, container);
    return this.options.images?.[image] ?? {};
  }

  #answer(effect: Effect): void {
    const task = this.state.tasks[effect.task];
    if (task === undefined) return;
    switch (effect.type) {
      case "prepare-task":
        return this.later(0, this.#prepare(task));
      case "start-container":
        return this.#start(effect, this.#behaviour(task, effect.container));
      case "stop-container":
        return this.#stop(effect, this.#behaviour(task, effect.container));
      case "remove-task":
        return this.later(0, { type: "task-removed", task: task.id });
    }
  }

  #prepare(task: Task): Input {
    const images = Object.fromEntries(task.containers.map(({ name }) => [name, this.#image(task, name)]));
    for (const [container, image] of Object.entries(images)) {
      const { missing, unresolved } = this.options.images?.[image] ?? {};
      const error = { name: "CannotPullContainerError", message: `pull access denied for ${container}` };
      if (missing) return { type: "task-prepare-failed", task: task.id, container, error };
      if (unresolved !== undefined) return { type: "task-prepare-failed", task: task.id, error: unresolved };
    }
    return { type: "task-prepared", task: task.id, ports: { 80: 40_000 }, images };
  }

  #start(effect: Extract<Effect, { type: "start-container" }>, behaviour: Behaviour): void {
    const { task, container, attempt } = effect;
    if (behaviour.startFails) {
      const error = { name: "CannotStartContainerError", message: "exec format error" };
      return this.later(0, { type: "container-failed", task, container, attempt, error });
    }
    this.later(0, { type: "container-started", task, container, attempt, runtimeId: `c-${task}`, at: this.now });
    for (const [after, health] of behaviour.health ?? [])
      this.later(after, { type: "container-health", task, container, attempt, health });
    if (behaviour.exitsAfter === undefined) return;
    const { exitsAfter, exitCode = 1, outOfMemory = false } = behaviour;
    this.later(exitsAfter, {
      type: "container-exited",
      task,
      container,
      attempt,
      exitCode,
      outOfMemory,
      at: this.now + exitsAfter * SECOND,
    });
  }

  #stop(
    { task, container, attempt, timeoutSeconds }: Extract<Effect, { type: "stop-container" }>,
    behaviour: Behaviour,
  ): void {
    const takes = Math.min(behaviour.stopsIn ?? 0, timeoutSeconds);
    const killed = (behaviour.stopsIn ?? 0) > timeoutSeconds;
    const at = this.now + takes * SECOND;
    this.later(takes, {
      type: "container-exited",
      task,
      container,
      attempt,
      exitCode: killed ? 137 : 0,
      outOfMemory: false,
      at,
    });
    this.later(takes, { type: "container-stopped", task, container, attempt, at });
  }
}

/** A small seeded generator. */
function mulberry(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
