import type { RuntimeObserver } from "../../../src/simulator/runtime/runtime.ts";

type Exit = Parameters<RuntimeObserver["exited"]>[0];
type Health = Parameters<NonNullable<RuntimeObserver["health"]>>[0];
type Line = Parameters<RuntimeObserver["log"]>[0];

/** Remembers what a runtime reports, in its order, as a daemon would keep it. */
export class Recorder {
  readonly exits: Exit[] = [];
  readonly lost: string[] = [];
  readonly lines: Line[] = [];
  readonly healths: Health[] = [];
  readonly availability: boolean[] = [];
  /** All of it in one line each, in order. */
  readonly story: string[] = [];

  readonly observer: RuntimeObserver = {
    exited: (exit) => {
      this.exits.push(exit);
      this.story.push(
        `exited ${exit.container}/${exit.attempt} with ${exit.exitCode}${exit.outOfMemory ? " (out of memory)" : ""}`,
      );
    },
    lost: (task) => {
      this.lost.push(task);
      this.story.push("lost");
    },
    log: (line) => {
      this.lines.push(line);
      this.story.push(`${line.container} ${line.stream}: ${line.message}`);
    },
    health: (health) => {
      this.healths.push(health);
      this.story.push(`${health.container}/${health.attempt} is ${health.health}`);
    },
    available: (up) => {
      this.availability.push(up);
      this.story.push(up ? "available" : "away");
    },
  };

  messages(task: string): string[] {
    return this.lines.filter((line) => line.task === task).map(({ message }) => message);
  }

  position(task: string, container: string): number | undefined {
    return this.lines.findLast((line) => line.task === task && line.container === container)?.at;
  }
}
