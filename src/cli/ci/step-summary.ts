import { appendFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../context.ts";
import { clean } from "../render/clean.ts";
import { renderProblem } from "../render/problem.ts";
import { paint } from "../render/paint.ts";
import { annotate } from "./annotate.ts";

/** In characters. GitHub refuses the summary of a step that is larger than 1 MiB. */
const largest = 200_000;

/** Under GitHub Actions: adds to the page that the step leaves behind. What keeps it from being written is a warning: the
 *  command has done what it had to. @param markdown asked for where there is such a page */
export async function appendSummary(context: Context, markdown: () => string): Promise<void> {
  const { host } = context;
  const file = host.env["GITHUB_STEP_SUMMARY"];
  if (!file) return;
  try {
    await appendFile(resolve(host.cwd, file), `${cut(markdown().trimEnd())}\n\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const problem = { severity: "warning", message: clean(`the step's summary was not written: ${reason}`) } as const;
    context.say(renderProblem(problem, paint(context.color.stderr)));
    annotate([problem], context);
  }
}

function cut(text: string): string {
  return text.length <= largest ? text : `${text.slice(0, largest)}\n\n… and more`;
}
