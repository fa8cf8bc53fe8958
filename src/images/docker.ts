import { execa, type ResultPromise } from "execa";
import { UserError } from "../errors.ts";

/** How the docker client is called. */
export interface DockerContext {
  /** The Engine to talk to; absent: the client's own choice. */
  dockerHost?: string;
  /** The environment of the client, as the user has it. */
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

export interface DockerRun {
  folder?: string;
  env?: Record<string, string>;
  /** What the client reads from its standard input. */
  input?: string;
  /** Every line of both streams, as they come. */
  onLine?: (line: string, stream: "stdout" | "stderr") => void;
}

export interface DockerResult {
  ok: boolean;
  stdout: string;
}

/** Runs the docker client in a process group of its own, which ends with the signal or with this process.
 *  A client that fails is a result. @throws UserError image/docker-missing, interrupted */
export async function docker(args: string[], context: DockerContext, run: DockerRun = {}): Promise<DockerResult> {
  const { signal } = context;
  if (signal.aborted) throw interrupted();
  const child = execa("docker", args, {
    cwd: run.folder,
    extendEnv: false,
    env: { ...context.env, ...run.env, ...(context.dockerHost && { DOCKER_HOST: context.dockerHost }) },
    reject: false,
    ...(run.input === undefined ? { stdin: "ignore" } : { input: run.input }),
    detached: true,
    buffer: !run.onLine,
  });
  const end = () => endGroup(child.pid, "SIGTERM");
  const insist = () => endGroup(child.pid, "SIGKILL");
  let insisting: NodeJS.Timeout | undefined;
  const abort = () => {
    end();
    insisting = setTimeout(insist, 5_000);
  };
  signal.addEventListener("abort", abort, { once: true });
  process.once("exit", end);
  try {
    if (run.onLine) await Promise.all([eachLine(child, "stdout", run.onLine), eachLine(child, "stderr", run.onLine)]);
    const result = await child;
    if (signal.aborted) throw interrupted();
    if (result.code === "ENOENT" || result.code === "EACCES") throw dockerMissing(result.originalMessage);
    return { ok: !result.failed, stdout: typeof result.stdout === "string" ? result.stdout : "" };
  } finally {
    clearTimeout(insisting);
    signal.removeEventListener("abort", abort);
    process.removeListener("exit", end);
  }
}

async function eachLine(
  child: ResultPromise,
  stream: "stdout" | "stderr",
  onLine: NonNullable<DockerRun["onLine"]>,
): Promise<void> {
  try {
    for await (const line of child.iterable({ from: stream })) onLine(String(line), stream);
  } catch {
    // A client that could not be started or was killed ends its streams early; its result tells.
  }
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

function interrupted(): UserError {
  return new UserError("interrupted", "interrupted", { exitCode: 130 });
}

function dockerMissing(why: string | undefined): UserError {
  return new UserError("image/docker-missing", "the docker client is not on the PATH", {
    hint: "install Docker, or name a finished image in the manifest: `image: {location: NAME}`",
    details: why ? [why] : [],
  });
}
