import { realpathSync } from "node:fs";
import { isAbsolute, posix, relative, resolve } from "node:path";
import type { Diagnostic, Place } from "../../errors.ts";
import type { Context } from "../context.ts";
import { cleanLines } from "../render/clean.ts";
import { placeText, type Problem } from "../render/problem.ts";
import { workflowCommand } from "./workflow-command.ts";

/** Whether the program runs as a step of GitHub Actions. */
export function inGitHubActions({ host }: Pick<Context, "host">): boolean {
  return host.env["GITHUB_ACTIONS"] === "true";
}

/** Under GitHub Actions: shows problems beside the lines that they are about. They go to stderr, which the runner reads as
 *  well, so that stdout holds results alone. */
export function annotate(problems: readonly Problem[], context: Context): void {
  if (!inGitHubActions(context)) return;
  for (const problem of problems) context.host.stderr.write(`${annotation(problem, context)}\n`);
}

export function annotateDiagnostics(diagnostics: readonly Diagnostic[], context: Context): void {
  annotate(
    diagnostics.map(({ file, line, column, ...problem }) => ({ ...problem, place: { file, line, column } })),
    context,
  );
}

function annotation({ severity, code, message, hint, place, details = [] }: Problem, context: Context): string {
  const file = place && inRepository(place.file, context);
  const said = [message, ...details, ...(hint === undefined ? [] : [hint])].flatMap(cleanLines);
  // A file that the repository does not have cannot be shown beside its lines.
  const lines = place !== undefined && file === undefined ? [placeText(place), ...said] : said;
  return workflowCommand(severity, { ...placed(file, place), title: code }, lines.join("\n"));
}

function placed(file: string | undefined, place: Place | undefined) {
  return file === undefined ? {} : { file, line: place?.line, col: place?.column };
}

/** The path of a file as the repository has it; undefined for one outside. Where nobody says what the repository's folder
 *  is, it is the one that the program runs in. */
function inRepository(file: string, { host }: Context): string | undefined {
  const root = host.env["GITHUB_WORKSPACE"] || host.cwd;
  const path = relative(real(root), resolve(real(host.cwd), file));
  if (path === "" || path.startsWith("..") || isAbsolute(path)) return undefined;
  return path.replaceAll("\\", posix.sep);
}

/** A folder's own path, whatever links lead to it. */
function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
