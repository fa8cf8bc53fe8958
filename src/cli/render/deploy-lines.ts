import type { DeployStory } from "../../actions/deploy-workload.ts";
import type { StoppedTask } from "../../providers/provider.ts";
import type { Context } from "../context.ts";
import { clean } from "./clean.ts";
import { countsText, shownDeployments, stoppedTaskLines } from "./deploy-texts.ts";
import type { DeployView } from "./deploy-view.ts";
import { renderDiagnostics } from "./diagnostics.ts";
import { type Paint, paint } from "./paint.ts";
import { placeText } from "./problem.ts";
import { isStackEvent, stackEventLine } from "./stack-picture.ts";
import { durationText, shortImage, shortTask, targetText } from "./words.ts";

const longestSilence = 30_000;

/** A deploy as lines that are only ever appended: one for each change of substance, and a sign of life in between. */
export class DeployLines implements DeployView {
  readonly keepsBuildOutput = true;
  readonly #context: Context;
  readonly #paint: Paint;
  readonly #startedAt: number;
  readonly #stopWatching: () => void;
  #held: string[] | undefined;
  #lastAt: number;
  #progress = "";
  #waitingFor = "";
  #followed: string | undefined;
  #lastStopped = "";
  /** The images that are being built. */
  readonly #building = new Set<string>();
  /** With several, each line says whose it is. */
  #severalBuilds = false;

  constructor(context: Context) {
    this.#context = context;
    this.#paint = paint(context.color.stderr);
    this.#startedAt = this.#lastAt = context.host.now();
    this.#stopWatching = context.host.every(1000, () => this.#breakSilence());
  }

  show(event: DeployStory): void {
    for (const line of this.#linesOf(event)) this.#print(line);
  }

  pause(): void {
    this.#held = [];
  }

  resume(): void {
    const lines = this.#held ?? [];
    this.#held = undefined;
    for (const line of lines) this.#print(line);
  }

  end(): void {
    this.#stopWatching();
  }

  close(): void {
    this.#stopWatching();
  }

  #print(line: string): void {
    this.#lastAt = this.#context.host.now();
    if (this.#held === undefined) this.#context.say(line);
    else this.#held.push(line);
  }

  #breakSilence(): void {
    const now = this.#context.host.now();
    if (now - this.#lastAt < longestSilence) return;
    const what = this.#waitingFor === "" ? "still working" : `still waiting for ${clean(this.#waitingFor)}`;
    this.#print(`${what}, ${durationText(now - this.#startedAt)} so far`);
  }

  #linesOf(event: DeployStory): string[] {
    if (isStackEvent(event)) {
      const line = stackEventLine(event);
      return line === undefined ? [] : [clean(line)];
    }
    switch (event.type) {
      case "target":
        return [this.#paint.bold(clean(targetText(event, event.target)))];
      case "diagnostics":
        return [renderDiagnostics(event.diagnostics, this.#paint)];
      case "build-started":
        this.#severalBuilds = this.#building.add(event.container).size > 1;
        return [clean(`image of ${event.container}: building ${event.dockerfile} for ${event.platform}`)];
      case "build-output":
        return [
          `  ${this.#severalBuilds ? `${clean(event.container)} ` : ""}${this.#paint.dim("|")} ${clean(event.line)}`,
        ];
      case "build-finished": {
        const { container, image, durationMs } = event;
        this.#building.delete(container);
        return [
          clean(`image of ${container}: built ${image.name} (${shortImage(image.id)}) in ${durationText(durationMs)}`),
        ];
      }
      case "notice":
        return [clean(`${event.place === undefined ? "" : `${placeText(event.place)}  `}note: ${event.message}`)];
      case "accepted":
        this.#followed = event.deploymentId;
        return [clean(`deployment ${event.deploymentId} of ${event.taskDefinition}: accepted`)];
      case "service-event":
        return [clean(`event: ${event.message}`)];
      case "task-started":
        return [
          clean(
            `task ${shortTask(event.task)}: started ${event.containers.map(({ name, runtimeId }) => `${name} (${runtimeId.slice(0, 12)})`).join(", ")}`,
          ),
        ];
      case "task-stopped":
        return this.#stopped(event.task);
      case "progress":
        return this.#changed(event);
    }
  }

  /** The same failure again is told in one line. */
  #stopped(task: StoppedTask): string[] {
    const lines = stoppedTaskLines(task, this.#paint);
    const told = JSON.stringify([task.deploymentId, task.reason, task.lastLogs]);
    if (told === this.#lastStopped) return [`${lines[0]} (as above)`];
    this.#lastStopped = told;
    return lines;
  }

  #changed({ status, waitingFor }: Extract<DeployStory, { type: "progress" }>): string[] {
    this.#waitingFor = waitingFor;
    const line = [
      ...shownDeployments(status.deployments, this.#followed).map(
        (deployment) => `revision ${deployment.revision}: ${countsText(deployment)}`,
      ),
      ...(waitingFor === "" ? [] : [`waiting for ${waitingFor}`]),
    ].join("; ");
    if (line === this.#progress || line === "") return [];
    this.#progress = line;
    return [clean(line)];
  }
}
