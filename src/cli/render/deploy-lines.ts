import type { DeployStory } from "../../actions/deploy-workload.ts";
import type { StoppedTask } from "../../providers/provider.ts";
import { inGitHubActions } from "../ci/annotate.ts";
import { workflowCommand } from "../ci/workflow-command.ts";
import type { Context } from "../context.ts";
import { clean } from "./clean.ts";
import { countsText, shownDeployments, stoppedTaskLines } from "./deploy-texts.ts";
import type { DeployView } from "./deploy-view.ts";
import { renderDiagnostics } from "./diagnostics.ts";
import { type Paint, paint } from "./paint.ts";
import { placeText } from "./problem.ts";
import { scanLines } from "./scan-text.ts";
import { SignOfLife } from "./sign-of-life.ts";
import { hotswapLines } from "./hotswap-text.ts";
import { isOutsideEvent, outsideEventLine } from "./domain-lines.ts";
import { isStackEvent, stackEventLine } from "./stack-picture.ts";
import { durationText, imageLabel, shortImage, shortTask, targetText } from "./words.ts";

/** A deploy as lines that are only ever appended: one for each change of substance, and a sign of life in between. */
export class DeployLines implements DeployView {
  readonly keepsBuildOutput = true;
  readonly #context: Context;
  readonly #paint: Paint;
  readonly #sign: SignOfLife;
  #held: string[] | undefined;
  #progress = "";
  #waitingFor = "";
  #followed: string | undefined;
  #lastStopped = "";
  /** The images that something is done with. */
  readonly #images = new Map<string, "building" | "pushing">();
  /** With several, each line says whose it is. */
  #severalImages = false;
  /** Under GitHub Actions what builds print is folded away. */
  #group: "none" | "open" | "unused";

  constructor(context: Context) {
    this.#context = context;
    this.#paint = paint(context.color.stderr);
    this.#group = inGitHubActions(context) ? "unused" : "none";
    const doing = () => {
      const [work] = this.#images.values();
      if (work !== undefined) return `${work} ${[...this.#images.keys()].join(", ")}`;
      return this.#waitingFor === "" ? "working" : `waiting for ${this.#waitingFor}`;
    };
    this.#sign = new SignOfLife(context.host, doing, (line) => this.#print(line));
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
    this.close();
  }

  close(): void {
    this.#sign.end();
    for (const line of this.#endGroup()) this.#print(line);
  }

  #print(line: string): void {
    this.#sign.heard();
    if (this.#held === undefined) this.#context.say(line);
    else this.#held.push(line);
  }

  #linesOf(event: DeployStory): string[] {
    if (isStackEvent(event)) {
      this.#waitingFor = "stackSet" in event ? `the stack set ${event.stackSet}` : `the stack ${event.stack}`;
      const line = stackEventLine(event);
      return line === undefined ? [] : [clean(line)];
    }
    if (isOutsideEvent(event)) return [clean(outsideEventLine(event))];
    switch (event.type) {
      case "target":
        return [this.#paint.bold(clean(targetText(event, event.target)))];
      case "diagnostics":
        return [renderDiagnostics(event.diagnostics, this.#paint)];
      case "build-started":
        this.#severalImages = this.#images.set(imageLabel(event), "building").size > 1;
        return [clean(`image of ${imageLabel(event)}: building ${event.dockerfile} for ${event.platform}`)];
      case "build-output":
        return [...this.#beginGroup(), this.#outputLine(event)];
      case "build-finished": {
        const { image, durationMs } = event;
        this.#images.delete(imageLabel(event));
        return [
          ...(this.#images.size === 0 ? this.#endGroup() : []),
          clean(
            `image of ${imageLabel(event)}: built ${image.name} (${shortImage(image.id)}) in ${durationText(durationMs)}`,
          ),
        ];
      }
      case "push-started":
        this.#severalImages = this.#images.set(imageLabel(event), "pushing").size > 1;
        return [clean(`image of ${imageLabel(event)}: pushing ${event.uri}`)];
      case "push-output":
        // A line for each layer and state is much; what somebody reads afterwards is what came of it.
        return this.#context.host.env["CI"] ? [] : [this.#outputLine(event)];
      case "push-finished": {
        const { image, skipped, durationMs } = event;
        this.#images.delete(imageLabel(event));
        const what = skipped ? "is in the registry:" : "pushed";
        const took = skipped ? "" : ` in ${durationText(durationMs)}`;
        return [
          clean(
            `image of ${imageLabel(event)}: ${what} ${image.tagged ?? image.uri} (${shortImage(image.digest)})${took}`,
          ),
        ];
      }
      case "scan-finished":
        return scanLines(event).map(clean);
      case "notice":
        return [clean(`${event.place === undefined ? "" : `${placeText(event.place)}  `}note: ${event.message}`)];
      case "hotswap":
        return hotswapLines(event).map(clean);
      case "lock-held": {
        const { env, workload, holder } = event;
        this.#waitingFor = `the lock of ${holder.from}`;
        const what = workload === undefined ? `the environment ${env}` : `${workload} in ${env}`;
        return [clean(`waiting: ${holder.from} (${holder.arn}) changes ${what} since ${holder.since}`)];
      }
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

  #beginGroup(): string[] {
    if (this.#group !== "unused") return [];
    this.#group = "open";
    return [workflowCommand("group", {}, clean(`building ${[...this.#images.keys()].join(", ")}`))];
  }

  #endGroup(): string[] {
    if (this.#group !== "open") return [];
    this.#group = "unused";
    return [workflowCommand("endgroup")];
  }

  #outputLine(event: { workload?: string; container: string; line: string }): string {
    const whose = this.#severalImages ? `${clean(imageLabel(event))} ` : "";
    return `  ${whose}${this.#paint.dim("|")} ${clean(event.line)}`;
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
