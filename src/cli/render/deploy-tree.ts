import { isOutsideEvent } from "./domain-lines.ts";
import type { DeployStory } from "../../actions/deploy-workload.ts";
import type { Context } from "../context.ts";
import { DeployLines } from "./deploy-lines.ts";
import { afterEvent, emptyPicture, pictureLines } from "./deploy-picture.ts";
import type { DeployView } from "./deploy-view.ts";
import { LiveArea } from "./live-area.ts";
import { paint } from "./paint.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/** The sign of what was going on when the picture was left. */
const still = "·";
const frameMilliseconds = 100;

/** A deploy as a tree of images, deployments and tasks at the bottom of a terminal. What does not change any more, such
 *  as a stopped task, is printed above it at once and scrolls with the text. */
export class DeployTree implements DeployView {
  readonly keepsBuildOutput = false;
  readonly #context: Context;
  readonly #area: LiveArea;
  readonly #lines: DeployLines;
  readonly #stop: (() => void)[];
  #above: string[] = [];
  #picture = emptyPicture;
  #frame = 0;
  #shown = true;

  constructor(context: Context) {
    this.#context = context;
    const { host, color } = context;
    this.#area = new LiveArea(host.stderr, paint(color.stderr));
    this.#lines = new DeployLines({ ...context, say: (text) => this.#above.push(...text.split("\n")) });
    this.#lines.end();
    this.#stop = [
      host.every(frameMilliseconds, () => {
        this.#frame++;
        this.#draw();
      }),
      host.stderr.onResize(() => this.#draw()),
    ];
  }

  show(event: DeployStory): void {
    this.#picture = afterEvent(this.#picture, event, this.#context.host.now());
    if (belongsAbove(event)) {
      this.#lines.show(event);
      this.#draw();
    }
  }

  pause(): void {
    this.#area.erase();
    this.#shown = false;
  }

  resume(): void {
    this.#shown = true;
    this.#draw();
  }

  end(): void {
    this.#draw(still);
    this.close();
  }

  close(): void {
    for (const stop of this.#stop.splice(0)) stop();
    if (this.#shown) this.#area.release();
    this.#shown = false;
  }

  #draw(busy = frames[this.#frame % frames.length] ?? still): void {
    if (!this.#shown) return;
    const lines = pictureLines(this.#picture, { now: this.#context.host.now(), busy });
    this.#area.draw(lines, this.#above.splice(0));
  }
}

/** The rest is in the tree. */
function belongsAbove({ type }: DeployStory): boolean {
  if (isOutsideEvent({ type })) return true;
  return ["target", "diagnostics", "notice", "lock-held", "hotswap", "scan-finished", "task-stopped"].includes(type);
}
