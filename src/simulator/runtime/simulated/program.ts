import type { IncomingMessage, ServerResponse } from "node:http";
import type { TaskToRun } from "../runtime.ts";

/** What a simulated container does once it is started. */
export type SimulatedProgram = (task: TaskToRun, container: string, process: SimulatedProcess) => void;

/** The world as a program in a simulated container sees it. */
export interface SimulatedProcess {
  print(stream: "stdout" | "stderr", line: string): void;
  exit(code: number): void;
  /** Without a handler a program ends with 143; with one it ends when it exits, or is killed after the time-out. */
  onStop(handler: () => void): void;
  /** Answers HTTP on all ports of the task. */
  serve(handler: (request: IncomingMessage, response: ServerResponse) => void): void;
}

/** Says who answers, and ends politely. */
export const answeringProgram: SimulatedProgram = ({ id, serviceId, revision }, container, process) => {
  process.print("stdout", `${container} of ${serviceId} revision ${revision} is simulated: nothing of its image runs`);
  process.serve((_request, response) => {
    response.setHeader("content-type", "text/plain; charset=utf-8");
    response.end(`${serviceId} revision ${revision} task ${id}\n`);
  });
  process.onStop(() => {
    process.print("stdout", `${container} stops`);
    process.exit(0);
  });
};
