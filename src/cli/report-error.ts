import { UserError } from "../errors.ts";
import { inGitHubActions } from "./ci/annotate.ts";
import type { Context } from "./context.ts";
import { paint } from "./render/paint.ts";
import { renderError, renderUnexpected } from "./render/error.ts";

/** Tells what went wrong and answers the exit code. With `--json` the error is the last line on stdout. */
export async function reportError(error: unknown, context: Context, debug: boolean): Promise<number> {
  const { host, json, color, emit } = context;
  if (error instanceof UserError) {
    const { code, message, hint, place, details, diagnostics, exitCode } = error;
    emit({ type: "error", code, message, hint, place, details, diagnostics });
    if (!json) host.stderr.write(`${renderError(error, paint(color.stderr))}\n`);
    if (inGitHubActions(context)) await (await import("./ci/report-failure.ts")).reportFailure(error, context);
    return exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  emit({ type: "error", code: "internal", message, diagnostics: [] });
  if (!json || debug) host.stderr.write(`${renderUnexpected(error, debug, paint(color.stderr))}\n`);
  // A command whose exit code 1 means something else says so.
  return error instanceof Error && "exitCode" in error && error.exitCode === 2 ? 2 : 1;
}
