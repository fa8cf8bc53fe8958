import { UserError } from "../../errors.ts";
import { HandedOver, type SimulatorClient } from "../../simulator/client.ts";
import type { ExecEvent } from "../../simulator/protocol.ts";
import type { ExecOutput, ExecRequest, ExecSession } from "../provider.ts";

/** Starts a command in a container. What goes in and out passes the control socket, at the pace of the slower side. */
export async function execCommand(
  client: SimulatorClient,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<ExecSession> {
  const events = client.streamOnce("exec", request, signal);
  const first = await events.next();
  if (first.done || first.value.type !== "started")
    throw new UserError("interrupted", "interrupted before the command had begun", { exitCode: 130 });
  const { session, task, container } = first.value;
  const input = async (more: { data?: string; end?: true }): Promise<boolean> =>
    (await client.call("exec-input", { session, ...more }, { patient: true })).open;
  return {
    task,
    container,
    output: outputOf(events),
    write: (bytes) => input({ data: Buffer.from(bytes).toString("base64") }),
    endInput: async () => void (await input({ end: true })),
    resize: async (columns, rows) => void (await client.call("exec-resize", { session, columns, rows })),
  };
}

async function* outputOf(
  events: AsyncGenerator<ExecEvent, void, void>,
): AsyncGenerator<ExecOutput, number | undefined> {
  try {
    for await (const event of events) {
      if (event.type === "output") yield { stream: event.stream, bytes: Buffer.from(event.data, "base64") };
      if (event.type === "exit") return event.code;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof HandedOver)) throw error;
    throw new UserError(
      "exec/broken-off",
      "the session has ended: the simulator was taken over by another build of pilotfish; the task runs on",
      { hint: "run the command again", cause: error },
    );
  }
}
