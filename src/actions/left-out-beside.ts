import { isLeftToAws, type Patch } from "../cloudformation/overrides/patch.ts";
import { readPatches } from "../cloudformation/overrides/read-patches.ts";
import { UserError } from "../errors.ts";
import { quoted } from "../manifest/words.ts";
import type { AddonOutput } from "../manifest/addons/addons.ts";
import type { LoadedAddons } from "../manifest/addons/load-addons.ts";
import { addonOutputs } from "../plan/addon-outputs.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { findOverrides } from "./find-overrides.ts";
import type { LeftOutNotice } from "./left-out.ts";
import { mostPatchBytes } from "./override-template.ts";
import { lookAtAddons } from "./read-addons.ts";

/** What lies beside a manifest and counts for AWS alone: a simulator makes nothing of addons, and renders no template that
 *  could be changed. */
export async function leftOutBeside(workspace: Pick<Workspace, "files">, name: string): Promise<LeftOutNotice[]> {
  const found = await Promise.all([ofAddons(workspace, name), ofOverrides(workspace, name)]);
  return found.flat();
}

async function ofAddons(workspace: Pick<Workspace, "files">, name: string): Promise<LeftOutNotice[]> {
  const folder = `copilot/${name}/addons`;
  const { addons, diagnostics } = await lookAtAddons(workspace, folder, "workload").catch(nothingIfRefused);
  if (!addons && diagnostics.length === 0) return [];
  const message = `addons are left out: nothing in the folder is made${variablesWithout(addons?.outputs ?? [])}`;
  return [{ code: "left-out/addons", message, place: { file: (await workspace.files.look(folder)).shown } }];
}

function variablesWithout(outputs: readonly AddonOutput[]): string {
  const { variables, secrets } = addonOutputs(outputs);
  const names = [...variables, ...secrets].map((each) => each.name);
  return names.length === 0 ? "" : `, and containers lack ${names.join(", ")}`;
}

async function ofOverrides(workspace: Pick<Workspace, "files">, name: string): Promise<LeftOutNotice[]> {
  const found = await findOverrides(workspace, `copilot/${name}/overrides`).catch(nothingIfRefused);
  if (found === undefined || !("kind" in found) || found.kind === "nothing") return [];
  const { shown: file } = found;
  const notice = (message: string, place = { file }) => ({ code: "left-out/overrides", message, place });
  if (found.kind === "cdk") return [notice("the CDK app is left out: what runs is what the manifest says")];
  if (!found.readable) return [notice("patches of the template are left out")];
  const text = new TextDecoder().decode(await workspace.files.read(found.path, mostPatchBytes));
  const { patches, places } = readPatches(file, text);
  return patches.flatMap((patch, i) =>
    isLeftToAws(patch) ? [] : [notice(`this patch is left out: ${changeOf(patch)} is as the manifest says`, places[i])],
  );
}

function changeOf({ path }: Patch): string {
  const [, , id] = path.split("/");
  return id === undefined ? "the service" : quoted(id);
}

/** What cannot be read is told by what makes templates. */
function nothingIfRefused(error: unknown): LoadedAddons {
  if (error instanceof UserError) return { diagnostics: [] };
  throw error;
}
