import { UserError } from "../../src/errors.ts";
import type {
  DeployedWorkload,
  DeployEvent,
  DeploymentStatus,
  DeploymentToRepeat,
  DeployRequest,
  DeployResult,
  LeftOut,
  ExecOutput,
  ExecRequest,
  ExecSession,
  Environment,
  EnvironmentRef,
  LogLine,
  LogsRequest,
  NewEnvironment,
  LocalProvider,
  ProviderTarget,
  PutResult,
  TaskStatus,
  ValueDescription,
  ValueKind,
  ValueRef,
  ValueToPut,
  WorkloadRef,
  WorkloadStatus,
} from "../../src/providers/provider.ts";

import { FakeTasks, type TaskScript } from "./fake-tasks.ts";

/** What a scripted operation does next: tell an event, or do something and wait for it. */
export type Step = DeployEvent | ((signal: AbortSignal) => void | Promise<void>);

export interface Played {
  steps: Step[];
  result: DeployResult;
}

export interface Script {
  leavesOut?: LeftOut[];
  /** What a plan is refused with before anything is built. */
  refusal?: UserError;
  /** Of these names no value can be kept. */
  putFails?: (name: string) => boolean;
  target?: ProviderTarget;
  deploy?: Played | ((request: DeployRequest) => Played);
  rollBack?: { steps: Step[]; result: DeployResult };
  delete?: Step[];
  status?: WorkloadStatus;
  /** What there is of all environments, for those who ask what was deployed. */
  deployed?: DeployedWorkload[];
  exec?: ExecScript;
  /** Beside `local`, which every application has. */
  environments?: Omit<Environment, "provider">[];
  /** What one-off tasks do. */
  tasks?: TaskScript;
  logs?: (LogLine | ((signal: AbortSignal) => void | Promise<void>))[];
}

/** What a command does: prints, waits, and ends; `"input"` stands for what it was given. */
export interface ExecScript {
  steps: ({ stream: "stdout" | "stderr"; text: string } | "input" | ((signal: AbortSignal) => void | Promise<void>))[];
  exitCode: number;
  /** Another program has the terminal. */
  ownsTerminal?: true;
}

/** A back end that tells what a test has written down, and remembers what it was asked. As every provider does, it ends
 *  a deploy as `interrupted` when the signal has aborted, and knows no service that was not given to it. */
export class FakeProvider implements LocalProvider {
  readonly kind = "local";
  readonly deployed: DeployRequest[] = [];
  readonly rolledBack: { workload: WorkloadRef; deploymentId: string }[] = [];
  readonly repeated: DeploymentToRepeat[] = [];
  readonly deleted: WorkloadRef[] = [];
  readonly logsAsked: LogsRequest[] = [];
  readonly executed: ExecRequest[] = [];
  readonly resized: string[] = [];
  environments: Omit<Environment, "provider">[];
  /** What has been put, by `kind name`. */
  readonly values = new Map<string, string>();
  readonly tasks: FakeTasks;
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
    this.tasks = new FakeTasks(script.tasks, ({ place: { app = "", env = "" }, group, ...request }) =>
      this.exec({ ...request, app, env, name: group }, new AbortController().signal),
    );
    this.environments = script.environments ?? [];
  }

  async target(): Promise<ProviderTarget> {
    return this.#script.target ?? simulatorTarget;
  }

  leavesOut(): LeftOut[] {
    return this.#script.leavesOut ?? [];
  }

  async *deployWorkload(request: DeployRequest, signal: AbortSignal): AsyncGenerator<DeployEvent, DeployResult, void> {
    this.deployed.push(request);
    const { deploy } = this.#script;
    return yield* play(typeof deploy === "function" ? deploy(request) : deploy, signal);
  }

  async *repeatDeployment(
    request: DeploymentToRepeat,
    signal: AbortSignal,
  ): AsyncGenerator<DeployEvent, DeployResult, void> {
    this.repeated.push(request);
    return yield* play(this.#script.rollBack, signal);
  }

  async *rollBackDeployment(
    workload: WorkloadRef,
    deploymentId: string,
    signal: AbortSignal,
  ): AsyncGenerator<DeployEvent, DeployResult, void> {
    this.rolledBack.push({ workload, deploymentId });
    return yield* play(this.#script.rollBack, signal);
  }

  async checkDeploy(): Promise<void> {
    if (this.#script.refusal !== undefined) throw this.#script.refusal;
  }

  async putValue({ kind, name, value, overwrite }: ValueToPut): Promise<PutResult> {
    const key = `${kind} ${name}`;
    const isThere = this.values.has(key);
    if (isThere && !overwrite) return "exists";
    if (this.#script.putFails?.(name)) throw new UserError("simulator/disk-full", "the disk is full");
    this.values.set(key, value);
    return isThere ? "updated" : "created";
  }

  async listValues(): Promise<ValueDescription[]> {
    return [...this.values.keys()].map((key) => {
      const [kind = "", name = ""] = key.split(" ");
      const stages = kind === "secret" ? ["AWSCURRENT"] : [];
      return { kind: kind as ValueKind, name, versions: [{ id: "1", stages, createdAt: at }] };
    });
  }

  async deleteValue({ kind, name }: ValueRef): Promise<boolean> {
    return this.values.delete(`${kind} ${name}`);
  }

  async deleteValues(): Promise<void> {
    this.values.clear();
  }

  async describeWorkload(workload: WorkloadRef): Promise<WorkloadStatus> {
    return this.#script.status ?? notFound(workload);
  }

  async listWorkloads({ app, env }: { app: string; env?: string }): Promise<WorkloadStatus[]> {
    const all =
      this.#script.deployed?.map(statusOf) ?? (this.#script.status === undefined ? [] : [this.#script.status]);
    return all.filter((each) => each.app === app && (env ?? each.env) === each.env);
  }

  async deployedWorkload({ app, env, name }: WorkloadRef): Promise<DeployedWorkload> {
    const found = this.#script.deployed?.find((each) => each.app === app && each.env === env && each.name === name);
    return found ?? notFound({ app, env, name });
  }

  async listEnvironments(app?: string): Promise<Environment[]> {
    const known = this.environments.filter((each) => app === undefined || each.app === app);
    const local = app === undefined || known.some(({ name }) => name === "local") ? [] : [{ app, name: "local" }];
    return [...local, ...known].map((each) => ({ ...each, provider: "local" }));
  }

  async createEnvironment({ app, name, like }: NewEnvironment): Promise<"created" | "updated" | "unchanged"> {
    const present = (await this.listEnvironments(app)).find((each) => each.name === name);
    if (present !== undefined && (like === undefined || like === (present.like ?? name))) return "unchanged";
    const others = this.environments.filter((each) => each.app !== app || each.name !== name);
    this.environments = [...others, { app, name, like: like === name ? undefined : like }];
    return present === undefined ? "created" : "updated";
  }

  async deleteEnvironment({ app, env }: EnvironmentRef): Promise<void> {
    this.environments = this.environments.filter((each) => each.app !== app || each.name !== env);
  }

  async *deleteWorkload(workload: WorkloadRef, signal: AbortSignal): AsyncGenerator<DeployEvent, void, void> {
    if (this.#script.status === undefined) notFound(workload);
    this.deleted.push(workload);
    for (const step of this.#script.delete ?? [])
      if (typeof step === "function") await step(signal);
      else yield step;
  }

  async exec(request: ExecRequest, signal: AbortSignal): Promise<ExecSession> {
    this.executed.push(request);
    const script = this.#script.exec;
    if (script === undefined) notFound(request);
    let end: () => void = () => {};
    const input = { text: "", ended: new Promise<void>((resolve) => (end = resolve)) };
    return {
      task: "1".repeat(32),
      container: request.container ?? request.name,
      ownsTerminal: script.ownsTerminal,
      output: playExec(script, input, signal),
      write: async (bytes) => {
        input.text += Buffer.from(bytes).toString("utf8");
        return true;
      },
      endInput: async () => end(),
      resize: async (columns, rows) => void this.resized.push(`${columns}x${rows}`),
    };
  }

  async *logs(request: LogsRequest, signal: AbortSignal): AsyncGenerator<LogLine, void, void> {
    this.logsAsked.push(request);
    if (this.#script.logs === undefined) notFound(request);
    for (const step of this.#script.logs) {
      if (signal.aborted) return;
      if (typeof step === "function") await step(signal);
      else yield step;
    }
  }
}

async function* playExec(
  { steps, exitCode }: ExecScript,
  input: { text: string; ended: Promise<void> },
  signal: AbortSignal,
): AsyncGenerator<ExecOutput, number | undefined, void> {
  for (const step of steps) {
    if (typeof step === "function") await step(signal);
    else if (step === "input") {
      await input.ended;
      yield { stream: "stdout", bytes: Buffer.from(input.text) };
    } else yield { stream: step.stream, bytes: Buffer.from(step.text) };
    if (signal.aborted) return undefined;
  }
  return exitCode;
}

async function* play(script: Played | undefined, signal: AbortSignal): AsyncGenerator<DeployEvent, DeployResult, void> {
  if (script === undefined) throw new Error("this test has written nothing down for it");
  for (const step of script.steps) {
    if (typeof step === "function") await step(signal);
    else yield step;
    if (signal.aborted) return { ...script.result, outcome: "interrupted" };
  }
  return script.result;
}

function statusOf({ app, env, name, urls }: DeployedWorkload): WorkloadStatus {
  return service([completed(1)], { app, env, name, urls });
}

/** Waits until the caller does not listen any more. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function notFound({ app, env, name }: WorkloadRef): never {
  throw new UserError("service/not-found", `there is no service ${app}/${env}/${name}`);
}

export const simulatorTarget: ProviderTarget = {
  provider: "local",
  label: "simulator on this machine",
  runtime: "docker (Engine 20.10.24)",
  speed: 10,
};

const at = "2026-01-02T03:04:00.000Z";

/** A deployment of one task; what is given counts. */
export function deployment(revision: number, given: Partial<DeploymentStatus> = {}): DeploymentStatus {
  return {
    id: `ecs-svc/${String(revision).padStart(19, "0")}`,
    status: "PRIMARY",
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: "",
    revision,
    desiredCount: 1,
    runningCount: 0,
    pendingCount: 0,
    healthyCount: 0,
    failedTasks: 0,
    createdAt: at,
    updatedAt: at,
    images: [{ container: "api", name: "demo/api:latest", id: `sha256:${"ab".repeat(32)}` }],
    ...given,
  };
}

export function completed(revision: number): DeploymentStatus {
  return deployment(revision, { rolloutState: "COMPLETED", runningCount: 1, healthyCount: 1 });
}

export function task(digit: string, revision: number, given: Partial<TaskStatus> = {}): TaskStatus {
  return {
    id: digit.repeat(32),
    deploymentId: deployment(revision).id,
    revision,
    lastStatus: "RUNNING",
    desiredStatus: "RUNNING",
    health: "UNKNOWN",
    createdAt: at,
    containers: [],
    targets: [],
    ...given,
  };
}

/** The service `api` of the application `demo`, with counts from its deployments. */
export function service(deployments: DeploymentStatus[], given: Partial<WorkloadStatus> = {}): WorkloadStatus {
  const sum = (count: (each: DeploymentStatus) => number): number =>
    deployments.reduce((total, each) => total + count(each), 0);
  return {
    app: "demo",
    env: "local",
    name: "api",
    status: "ACTIVE",
    desiredCount: deployments[0]?.desiredCount ?? 0,
    runningCount: sum((each) => each.runningCount),
    pendingCount: sum((each) => each.pendingCount),
    deployments,
    tasks: [],
    stoppedTasks: [],
    events: [],
    urls: ["http://127.0.0.1:8080/"],
    ...given,
  };
}

export function progress(status: WorkloadStatus, waitingFor = ""): DeployEvent {
  return { type: "progress", at, status, waitingFor };
}

export function accepted(revision: number): DeployEvent {
  return {
    type: "accepted",
    at,
    deploymentId: deployment(revision).id,
    revision,
    taskDefinition: `demo-local-api:${revision}`,
  };
}
