import { applyPatches, type Misfit } from "../cloudformation/overrides/apply-patches.ts";
import { type ReadPatches, readPatches } from "../cloudformation/overrides/read-patches.ts";
import type { Template } from "../cloudformation/template.ts";
import { type Diagnostic, UserError } from "../errors.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { findOverrides, invalid, patchFile } from "./find-overrides.ts";
import { refuseErrors } from "./load-manifest.ts";

export interface OverrideChoice {
  /** Whether the template is to stay as Copilot makes it. */
  ignoreOverrides?: boolean;
  /** The command that says so. */
  withoutOverrides?: string;
}

/** Above what anybody writes. */
export const mostPatchBytes = 1024 * 1024 + 1;

/** A template with what the user's overrides change in it, and warnings. What cannot be done is refused.
 *  @param folder seen from the workspace's root: `copilot/api/overrides`
 *  @throws UserError overrides/cdk, overrides/invalid */
export async function overrideTemplate(
  template: Template,
  { workspace, folder }: { workspace: Pick<Workspace, "files">; folder: string },
  { ignoreOverrides = false, withoutOverrides }: OverrideChoice,
): Promise<{ template: Template; diagnostics: Diagnostic[] }> {
  const found = await findOverrides(workspace, folder);
  if (found === undefined) return { template, diagnostics: [] };
  const { shown } = found;
  if (found.kind === "nothing") {
    const message = "this folder holds nothing that changes the template";
    return { template, diagnostics: [warning(shown, "overrides/nothing", message, `write ${patchFile} in it`)] };
  }
  if (ignoreOverrides) {
    const message = "what this file changes is not in the template";
    return { template, diagnostics: [warning(shown, "overrides/ignored", message)] };
  }
  if (found.kind === "cdk") throw cdkApp(shown, folder, withoutOverrides);
  const beside = found.cdk === undefined ? [] : [appWithoutEffect(found.cdk)];
  const read = await readFound(found, workspace);
  const { template: changed, misfits } = applyPatches(template, read.patches);
  const diagnostics = [...beside, ...read.diagnostics, ...misfits.map((misfit) => diagnosticOf(misfit, read))];
  refuseErrors(diagnostics, "overrides/invalid");
  return { template: changed, diagnostics };
}

/** What can be said of a folder `overrides` without a template. @throws UserError overrides/invalid */
export async function lookAtOverrides(workspace: Pick<Workspace, "files">, folder: string): Promise<Diagnostic[]> {
  const found = await findOverrides(workspace, folder);
  if (found === undefined || found.kind === "nothing") return [];
  if (found.kind === "patches") return (await readFound(found, workspace)).diagnostics;
  const message = "a CDK app changes this template; it is not run by pilotfish, which makes no template beside it";
  const hint = `write what it changes as patches in ${folder}/${patchFile}, or package with --ignore-overrides`;
  return [warning(found.shown, "overrides/cdk", message, hint)];
}

async function readFound(
  { path, shown, readable }: { path: string; shown: string; readable: boolean },
  { files }: Pick<Workspace, "files">,
): Promise<ReadPatches> {
  if (!readable) throw invalid(shown, "you may not read this file", `chmod u+r ${shown}`);
  return readPatches(shown, new TextDecoder().decode(await files.read(path, mostPatchBytes)));
}

function diagnosticOf({ patch, ...problem }: Misfit, { places }: ReadPatches): Diagnostic {
  const { file = "", line = 1, column = 1 } = places[patch] ?? {};
  return { ...problem, file, line, column, path: `[${patch}].path` };
}

function cdkApp(file: string, folder: string, withoutOverrides: string | undefined): UserError {
  const ways = [
    ...(withoutOverrides === undefined ? [] : [withoutOverrides]),
    `or write what the app changes as patches: ${folder}/${patchFile} takes its place`,
  ];
  return new UserError(
    "overrides/cdk",
    "a CDK app changes this template; it is not run by pilotfish, and without it the template would lack what it changes",
    { place: { file }, hint: ways.join("\n") },
  );
}

function appWithoutEffect(file: string): Diagnostic {
  const message = `the CDK app has no effect: ${patchFile} lies beside it`;
  return warning(file, "overrides/ignored", message, "remove the one that is not meant");
}

function warning(file: string, code: string, message: string, hint?: string): Diagnostic {
  return {
    severity: "warning",
    code,
    message,
    ...(hint !== undefined && { hint }),
    file,
    line: 1,
    column: 1,
    path: "",
  };
}
