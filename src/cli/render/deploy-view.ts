import type { DeployStory } from "../../actions/deploy-workload.ts";
import { annotateDiagnostics, inGitHubActions } from "../ci/annotate.ts";
import type { Context } from "../context.ts";

/** Shows a deploy while it happens. */
export interface DeployView {
  /** Whether all that a build printed has been shown and stays. */
  readonly keepsBuildOutput: boolean;
  show(event: DeployStory): void;
  /** Makes room for a question; what happens meanwhile is shown afterwards. */
  pause(): void;
  resume(): void;
  /** Leaves the last picture as it is and the terminal as it was. */
  end(): void;
  /** The same at once, in the middle of anything. */
  close(): void;
}

/** A tree that is redrawn on a terminal, lines that are appended elsewhere and in CI, JSON where it is asked for. Each is
 *  loaded when it is wanted: what measures a terminal's columns takes 30 ms to load. */
export async function deployView(context: Context): Promise<DeployView> {
  const view = await plainView(context);
  return inGitHubActions(context) ? annotating(view, context) : view;
}

async function plainView(context: Context): Promise<DeployView> {
  const { host, json } = context;
  if (json) return jsonView(context);
  const canRedraw = host.stderr.isTerminal && !host.env["CI"] && host.env["TERM"] !== "dumb";
  if (!canRedraw) return new (await import("./deploy-lines.ts")).DeployLines(context);
  return new (await import("./deploy-tree.ts")).DeployTree(context);
}

function jsonView({ emit }: Context): DeployView {
  const nothing = (): void => {};
  return {
    keepsBuildOutput: false,
    show: (event) => emit({ ...event }),
    pause: nothing,
    resume: nothing,
    end: nothing,
    close: nothing,
  };
}

function annotating(view: DeployView, context: Context): DeployView {
  return {
    keepsBuildOutput: view.keepsBuildOutput,
    show(event) {
      view.show(event);
      if (event.type === "diagnostics") annotateDiagnostics(event.diagnostics, context);
    },
    pause: () => view.pause(),
    resume: () => view.resume(),
    end: () => view.end(),
    close: () => view.close(),
  };
}
