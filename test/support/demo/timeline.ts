import type { DeployEvent, DeployResult } from "../../../src/providers/provider.ts";

/** The last line of `svc deploy --json`. */
export type DeployEnd =
  | ({ type: "result" } & DeployResult)
  | { type: "error"; code: string; message: string; hint?: string };

/** Tells one deployment in short lines, each with the seconds since its start. */
export class Timeline {
  readonly #start = performance.now();
  readonly #print: (line: string) => void;
  #waitingFor = "";

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  show(event: DeployEvent | { type: string }): void {
    const line = this.#lineOf(event as DeployEvent);
    if (line !== undefined) this.say(line);
  }

  say(line: string): void {
    const seconds = (performance.now() - this.#start) / 1000;
    this.#print(`${seconds.toFixed(1).padStart(6)} s  ${line}`);
  }

  #lineOf(event: DeployEvent): string | undefined {
    switch (event.type) {
      case "notice":
        return event.message;
      case "accepted":
        return `deployment ${event.deploymentId} of revision ${event.revision} accepted`;
      case "service-event":
        return event.message;
      case "task-started":
        return `task ${event.task.slice(0, 8)} runs ${event.containers.map(nameAndId).join(", ")}`;
      case "task-stopped":
        return `task ${event.task.id.slice(0, 8)} stopped: ${event.task.reason}`;
      case "progress": {
        if (event.waitingFor === this.#waitingFor || event.waitingFor === "") return undefined;
        this.#waitingFor = event.waitingFor;
        return `waiting for ${event.waitingFor}`;
      }
      default:
        return undefined;
    }
  }
}

function nameAndId({ name, runtimeId }: { name: string; runtimeId: string }): string {
  return `${name} in container ${runtimeId.slice(0, 12)}`;
}
