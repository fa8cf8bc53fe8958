import {
  type Container,
  ECSClient,
  ExecuteCommandCommand,
  TargetNotConnectedException,
  type Task,
} from "@aws-sdk/client-ecs";
import { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { shellWord, UserError } from "../../../errors.ts";
import type { ExecOutput, ExecRequest, ExecSession } from "../../provider.ts";
import { lastPart } from "../services/arns.ts";
import { ecsServiceOf } from "../services/describe-workload.ts";
import { findWorkload, type ReadingTools } from "../services/find-workload.ts";
import { dnsSuffixOf } from "../partition.ts";
import type { AwsSession } from "../session.ts";
import { execTarget } from "./exec-target.ts";
import { checkPlugin, startPlugin } from "./session-manager-plugin.ts";

/** Runs a command in a container by ECS Exec. The session is carried by AWS's plugin; on a terminal it has the terminal.
 *  @throws UserError service/not-found, exec/* */
export async function execCommand(
  request: ExecRequest,
  tools: ReadingTools,
  signal: AbortSignal,
): Promise<ExecSession> {
  await checkPlugin();
  const workload = await findWorkload(request, tools);
  const ecs = ecsServiceOf(workload);
  const { live } = await ecs.tasks();
  const { command, terminal } = request;
  const found = { ...execTarget(live, request), cluster: ecs.cluster, command, terminal };
  return execInContainer(found, workload.session, signal);
}

interface ContainerToExecIn extends Pick<ExecRequest, "command" | "terminal"> {
  task: Task;
  container: Container;
  /** Absent: that of the task. */
  cluster: string | undefined;
}

/** The same in a container that was found already. */
export async function execInContainer(
  { task, container, cluster: wanted, ...request }: ContainerToExecIn,
  aws: AwsSession,
  signal: AbortSignal,
): Promise<ExecSession> {
  const { taskArn = "", clusterArn } = task;
  const { name: containerName = "", runtimeId } = container;
  // The agent takes the words apart as a shell does.
  const command = request.command.map(shellWord).join(" ");
  const ask = new ExecuteCommandCommand({
    cluster: wanted ?? clusterArn,
    task: taskArn,
    container: containerName,
    command,
    interactive: true,
  });
  const { session, clusterArn: cluster = clusterArn ?? "" } = await aws.client(ECSClient).send(ask).catch(notConnected);
  if (session === undefined)
    throw new UserError("exec/unavailable", "ECS has opened no session", { hint: "try again" });
  const { sessionId = "", streamUrl = "", tokenValue = "" } = session;
  const child = startPlugin({
    session: { sessionId, streamUrl, tokenValue },
    region: aws.region,
    target: `ecs:${lastPart(cluster)}_${lastPart(taskArn)}_${runtimeId}`,
    endpoint: `https://ssm.${aws.region}.${dnsSuffixOf(aws.partition)}`,
    onTerminal: request.terminal !== undefined,
  });
  const stop = () => void child.kill();
  signal.addEventListener("abort", stop, { once: true });
  const ended = once(child, "close")
    .then(([code]) => (signal.aborted ? undefined : ((code as number | null) ?? undefined)))
    .finally(() => signal.removeEventListener("abort", stop));
  ended.catch(() => undefined);
  if (signal.aborted) stop();
  return sessionOf(child, ended, lastPart(taskArn), containerName);
}

function sessionOf(
  child: ChildProcess,
  ended: Promise<number | undefined>,
  task: string,
  container: string,
): ExecSession {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null)
    return {
      task,
      container,
      ownsTerminal: true,
      output: nothingBut(ended),
      write: async () => false,
      endInput: async () => {},
      resize: async () => {},
    };
  stdin.on("error", () => undefined);
  return {
    task,
    container,
    output: outputOf({ stdout, stderr }, ended),
    async write(bytes) {
      if (!stdin.writable) return false;
      if (!stdin.write(bytes)) await Promise.race([once(stdin, "drain"), ended]).catch(() => undefined);
      return stdin.writable;
    },
    endInput: async () => void stdin.end(),
    // The pipes have no size.
    resize: async () => {},
  };
}

// oxlint-disable-next-line require-yield -- what the command prints goes to the terminal without us
async function* nothingBut(ended: Promise<number | undefined>): AsyncGenerator<ExecOutput, number | undefined, void> {
  return await ended;
}

async function* outputOf(
  streams: { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream },
  ended: Promise<number | undefined>,
): AsyncGenerator<ExecOutput, number | undefined, void> {
  const open = new Map(
    (["stdout", "stderr"] as const).map((stream) => [stream, streams[stream][Symbol.asyncIterator]()] as const),
  );
  const next = async (stream: "stdout" | "stderr") => ({ stream, step: await open.get(stream)?.next() });
  const waiting = new Map([...open.keys()].map((stream) => [stream, next(stream)] as const));
  while (waiting.size > 0) {
    const { stream, step } = await Promise.race(waiting.values());
    if (step === undefined || step.done === true) {
      waiting.delete(stream);
      continue;
    }
    yield { stream, bytes: Buffer.from(step.value) };
    waiting.set(stream, next(stream));
  }
  return await ended;
}

function notConnected(error: unknown): never {
  if (!(error instanceof TargetNotConnectedException)) throw error;
  throw new UserError("exec/unavailable", "the agent that runs commands in the task is not connected", {
    hint: "the task role needs ssmmessages:* and the task a way to AWS; try again when the task has run for a while",
    cause: error,
  });
}
