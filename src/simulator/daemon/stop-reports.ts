import type { StoppedTask } from "../../providers/provider.ts";
import type { TargetCheck } from "../engine/inputs.ts";
import type { Deployment, SimulatorState, Task } from "../engine/state.ts";
import type { Listener, Runtime } from "../runtime/runtime.ts";
import { putHint } from "../neighbours/put-hint.ts";
import { type Evidence, explainStop, failedContainer, hasFailed } from "../../providers/deployment/explain-stop.ts";
import type { LogStore } from "./log-store.ts";

/** How long a look into a task may take before its end goes on without it. */
const patienceMs = 2000;

/** Collects the evidence of failed tasks while it is there, and tells what became of them. */
export class StopReports {
  readonly #runtime: Runtime;
  readonly #logs: LogStore;
  readonly #listeners = new Map<string, Listener[] | undefined>();
  readonly #lastChecks = new Map<string, string>();
  readonly #reports = new Map<string, Promise<StoppedTask>>();

  constructor(runtime: Runtime, logs: LogStore) {
    this.#runtime = runtime;
    this.#logs = logs;
  }

  /** Keeps what the last health check of a task said, since the task's stop takes that away. */
  checked(task: string, result: TargetCheck): void {
    if (result.ok) this.#lastChecks.delete(task);
    else this.#lastChecks.set(task, result.description);
  }

  /** Looks where the programs of a task listen, when its health checks are why it goes. */
  async beforeStop(task: Task | undefined): Promise<void> {
    if (task === undefined || this.#listeners.has(task.id) || !/health checks/.test(task.stoppedReason ?? "")) return;
    const looking = this.#runtime.listeners(task.id).catch(() => undefined);
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), patienceMs).unref());
    this.#listeners.set(task.id, await Promise.race([looking, late]));
  }

  /** The report of a task that failed; made once. Undefined for one that was only not needed any more. */
  report(state: SimulatorState, task: Task): Promise<StoppedTask> | undefined {
    if (!hasFailed(task)) return undefined;
    const known = this.#reports.get(task.id);
    if (known !== undefined) return known;
    const { deployments = [], taskGroup = false } = state.services[task.serviceId] ?? {};
    const deployment = deployments.find(({ id }) => id === task.deploymentId);
    const made = this.#make(task, deployment, taskGroup);
    this.#reports.set(task.id, made);
    return made;
  }

  forget(task: string): void {
    this.#listeners.delete(task);
    this.#lastChecks.delete(task);
    this.#reports.delete(task);
  }

  async #make(task: Task, deployment: Deployment | undefined, isOneOff: boolean): Promise<StoppedTask> {
    await this.beforeStop(task);
    const container = failedContainer(task);
    const lastLogs = container === undefined ? [] : await this.#logs.tail(task.serviceId, task.id, container.name, 20);
    const evidence: Evidence = {
      on: "local",
      isOneOff,
      lastLogs,
      listeners: this.#listeners.get(task.id),
      lastCheck: this.#lastChecks.get(task.id),
      valuesHint: putHint,
    };
    return explainStop(task, deployment?.spec.plan, evidence);
  }
}

/** A failed task is reported as soon as what explains it is known: its container has ended, or it was sent away. */
export function isReportable(task: Task): boolean {
  if (!hasFailed(task)) return false;
  return task.stopCode !== "EssentialContainerExited" || task.containers.some(({ exitCode }) => exitCode !== undefined);
}
