import type { IncomingMessage, ServerResponse } from "node:http";
import type { ContainerHealth } from "../../engine/state.ts";
import type { TaskToRun } from "../runtime.ts";

/** What a simulated container does once it is started. */
export type SimulatedProgram = (task: TaskToRun, container: string, process: SimulatedProcess) => void;

/** The world as a program in a simulated container sees it. */
export interface SimulatedProcess {
  print(stream: "stdout" | "stderr", line: string): void;
  exit(code: number): void;
  /** Without a handler a program ends with 143; with one it ends when it exits, or is killed after the time-out. */
  onStop(handler: () => void): void;
  /** The result of its health check; one without is not asked. */
  health(health: ContainerHealth): void;
  /** Answers HTTP on the ports that its container maps, and on those that no serving container does. */
  serve(handler: (request: IncomingMessage, response: ServerResponse) => void): void;
}

/** Says who answers, is healthy, and ends politely; in a one-off task, and where others wait for its end, it ends at once. */
export const answeringProgram: SimulatedProgram = (task, container, process) => {
  const { id, serviceId, revision } = task;
  process.print("stdout", `${container} of ${serviceId} revision ${revision} is simulated: nothing of its image runs`);
  if (task.isOneOff === true || isWaitedFor(task, container)) {
    process.exit(0);
    return;
  }
  process.health("HEALTHY");
  process.serve((_request, response) => {
    response.setHeader("content-type", "text/plain; charset=utf-8");
    response.end(`${serviceId} revision ${revision} task ${id}\n`);
  });
  process.onStop(() => {
    process.print("stdout", `${container} stops`);
    process.exit(0);
  });
};

function isWaitedFor({ plan }: TaskToRun, container: string): boolean {
  const dependencies = (plan.taskDefinition.containerDefinitions ?? []).flatMap(({ dependsOn = [] }) => dependsOn);
  return dependencies.some(
    ({ containerName, condition }) =>
      containerName === container && (condition === "COMPLETE" || condition === "SUCCESS"),
  );
}
