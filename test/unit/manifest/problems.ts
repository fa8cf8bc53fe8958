import type { Diagnostic } from "../../../src/errors.ts";
import { type LoadContext, type LoadedManifest, loadWorkloadManifest } from "../../../src/manifest/load.ts";

const file = "copilot/api/manifest.yml";

/** Loads a text as the manifest of `api` in the application `demo`. */
export function load(text: string, context: Partial<LoadContext> = {}): LoadedManifest {
  return loadWorkloadManifest(
    { file, text: dedented(text), folder: "api" },
    { app: "demo", variables: {}, ...context },
  );
}

/** What is wrong with it, as people read it. */
export function problems(text: string, context: Partial<LoadContext> = {}): string {
  return lines(load(text, context).diagnostics);
}

/** The values that a good manifest gives. */
export function manifest(text: string, context: Partial<LoadContext> = {}): LoadedManifest["manifest"] | string {
  const loaded = load(text, context);
  return loaded.manifest ?? lines(loaded.diagnostics);
}

/** A good Backend Service with more lines at its end. */
export function backend(more = "", context: Partial<LoadContext> = {}): [string, Partial<LoadContext>] {
  return [`name: api\ntype: Backend Service\nimage: { location: nginx, port: 80 }\n${dedented(more)}`, context];
}

/** A good Load Balanced Web Service whose `http` holds more lines. */
export function web(http = "", context: Partial<LoadContext> = {}): [string, Partial<LoadContext>] {
  const inside = dedented(http).replaceAll(/^(?=.)/gm, "  ");
  const head = "name: api\ntype: Load Balanced Web Service\nimage: { location: nginx, port: 80 }\nhttp:\n  path: /\n";
  return [head + inside, context];
}

function lines(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ line, column, severity, message, code, hint }) => {
      const place = `${line}:${column}`.padEnd(6);
      const first = `${place} ${severity}  ${message}  (${code})`;
      return hint ? `${first}\n${" ".repeat(9 + severity.length)}${hint}` : first;
    })
    .join("\n");
}

/** Takes off the first line, when it is empty, and what all lines are indented by. */
function dedented(text: string): string {
  const all = text.replace(/^\n/, "").split("\n");
  const indents = all.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const common = indents.reduce((least, indent) => Math.min(least, indent), 80);
  return all.map((line) => line.slice(Math.min(common, /^ */.exec(line)?.[0].length ?? 0))).join("\n");
}
