import type { Task } from "@aws-sdk/client-ecs";
import { waitingFor } from "../../deployment/waiting-for.ts";
import type { DeployEvent, StoppedTask, WorkloadStatus } from "../../provider.ts";
import type { Pace } from "../pace.ts";
import { lastPart } from "../services/arns.ts";
import { type ServicePicture, workloadStatus } from "../services/workload-status.ts";
import type { AwsSession } from "../session.ts";
import { isReportable, stopReport } from "./stop-report.ts";

/** What one follower of a deployment has not been told yet. */
export class News {
  /** The first task of the deployment that failed. */
  firstFailure: StoppedTask | undefined;
  readonly #session: AwsSession;
  readonly #pace: Pace;
  readonly #deploymentId: string;
  /** What happened before is old news. */
  readonly #since: number;
  readonly #told = new Set<string>();
  readonly #lastChecks = new Map<string, string>();
  readonly #pending = new Set<Promise<void>>();
  readonly #reports: DeployEvent[] = [];
  #lastProgress = "";

  constructor(session: AwsSession, pace: Pace, { deploymentId, since }: { deploymentId: string; since: number }) {
    this.#session = session;
    this.#pace = pace;
    this.#deploymentId = deploymentId;
    this.#since = since;
  }

  /** Each task and each event of the service once, and the state of all when it has changed. */
  of(picture: ServicePicture): DeployEvent[] {
    const status = workloadStatus(picture);
    for (const { id, targets } of status.tasks)
      for (const { description } of targets) if (description !== undefined) this.#lastChecks.set(id, description);
    const events: DeployEvent[] = (picture.service.events ?? [])
      .toReversed()
      .filter(({ id = "", createdAt }) => this.#isRecent(createdAt) && this.#isNew(id))
      .map(({ createdAt, message = "" }) => ({ type: "service-event", at: iso(createdAt), message }));
    const started = status.tasks.flatMap((task) => this.#start(task));
    for (const task of [...picture.live, ...picture.stopped]) this.#report(task, picture);
    return [...events, ...started, ...this.#reported(), ...this.#progress(status, picture.now)];
  }

  /** What is still to be reported of failed tasks. */
  async rest(): Promise<DeployEvent[]> {
    await Promise.all(this.#pending);
    return this.#reported();
  }

  #start({ id, createdAt, startedAt, containers }: WorkloadStatus["tasks"][number]): DeployEvent[] {
    const running = containers.flatMap(({ name, runtimeId }) => (runtimeId === undefined ? [] : [{ name, runtimeId }]));
    const isWhole = running.length > 0 && running.length === containers.length;
    if (Date.parse(createdAt) < this.#since || !isWhole || !this.#isNew(`started ${id}`)) return [];
    return [{ type: "task-started", at: startedAt ?? createdAt, task: id, containers: running }];
  }

  /** Of other deployments only what fails while this one goes on. */
  #report(task: Task, { workload, service, definitions }: ServicePicture): void {
    const id = lastPart(task.taskArn ?? "");
    const ended = task.stoppedAt ?? task.stoppingAt ?? task.executionStoppedAt ?? task.createdAt;
    if (!isReportable(task) || !this.#isRecent(ended) || !this.#isNew(`stopped ${id}`)) return;
    const failed = {
      workload,
      task,
      definition: definitions[task.taskDefinitionArn ?? ""],
      groups: (service.loadBalancers ?? []).map(({ targetGroupArn: arn = "", containerPort = 0 }) => ({
        arn,
        containerPort,
      })),
      lastCheck: this.#lastChecks.get(id),
    };
    const made = stopReport(failed, this.#session, this.#pace).then((stopped) => {
      if (stopped.deploymentId === this.#deploymentId) this.firstFailure ??= stopped;
      this.#reports.push({ type: "task-stopped", at: iso(ended), task: stopped });
    });
    this.#pending.add(made);
    void made.finally(() => this.#pending.delete(made));
  }

  #reported(): DeployEvent[] {
    return this.#reports.splice(0);
  }

  #progress(status: WorkloadStatus, now: number): DeployEvent[] {
    const waiting = waitingFor(status);
    const text = JSON.stringify([status, waiting]);
    if (text === this.#lastProgress) return [];
    this.#lastProgress = text;
    return [{ type: "progress", at: new Date(now).toISOString(), status, waitingFor: waiting }];
  }

  #isRecent(at: Date | undefined): boolean {
    return at !== undefined && at.getTime() >= this.#since;
  }

  #isNew(name: string): boolean {
    if (this.#told.has(name)) return false;
    this.#told.add(name);
    return true;
  }
}

function iso(at: Date | undefined): string {
  return at?.toISOString() ?? "";
}
