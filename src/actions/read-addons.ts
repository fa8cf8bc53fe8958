import { referencesOfNode } from "../cloudformation/references-of-node.ts";
import { isMachinery } from "../cloudformation/overrides/machinery.ts";
import type { Template } from "../cloudformation/template.ts";
import { type Diagnostic, UserError } from "../errors.ts";
import type { Addons, AddonsOwner } from "../manifest/addons/addons.ts";
import { isAddonFile, type LoadedAddons, loadAddons } from "../manifest/addons/load-addons.ts";
import { nearest } from "../manifest/spelling.ts";
import { quoted } from "../manifest/words.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { refuseErrors } from "./load-manifest.ts";

/** Above what CloudFormation takes. */
const mostBytes = 1024 * 1024 + 1;

/** The addons in a folder, with warnings; none where there is no folder or no template in it.
 *  @param folder seen from the workspace's root: `copilot/api/addons` @throws UserError addons/invalid */
export async function readAddons(
  workspace: Pick<Workspace, "files">,
  folder: string,
  owner: AddonsOwner,
): Promise<LoadedAddons> {
  const loaded = await lookAtAddons(workspace, folder, owner);
  refuseErrors(loaded.diagnostics, "addons/invalid");
  return loaded;
}

/** The same, with errors among what is told of the files. @throws UserError addons/invalid for what cannot be read */
export async function lookAtAddons(
  { files }: Pick<Workspace, "files">,
  folder: string,
  owner: AddonsOwner,
): Promise<LoadedAddons> {
  const { kind, readable, shown } = await files.look(folder);
  if (kind !== "folder") return { diagnostics: [] };
  if (!readable) throw unreadable(shown, "this folder", `chmod u+rx ${shown}`);
  const names = (await files.list(folder)).filter(isAddonFile);
  const found = await Promise.all(names.map(async (name) => ({ name, ...(await files.look(`${folder}/${name}`)) })));
  const sources = found
    .filter((each) => each.kind !== "folder")
    .map(async ({ name, shown: file, kind: what, readable: isReadable }) => {
      if (what === "missing") throw new UserError("addons/invalid", "this link leads nowhere", { place: { file } });
      if (!isReadable || what !== "file") throw unreadable(file, "this file", `chmod u+r ${file}`);
      return { name, file, text: new TextDecoder().decode(await files.read(`${folder}/${name}`, mostBytes)) };
    });
  return loadAddons(await Promise.all(sources), owner);
}

/** What the file of parameters refers to in the template around the addons, and is not there. */
export function unknownReferences({ parameters, parameterPlace }: Addons, template: Template): Diagnostic[] {
  const known = [...Object.keys(template.Resources), ...Object.keys(template.Parameters)];
  return [...parameters].flatMap(([parameter, node]) =>
    referencesOfNode(node)
      .filter(({ name }) => !known.includes(name))
      .map(({ name, at }) => {
        const { file, line = 1, column = 1 } = parameterPlace(at);
        const meant = nearest(name, known);
        const hint = isMachinery(name)
          ? "import what it gave from the environment: `Fn::ImportValue: !Sub ${AppName}-${EnvName}-…`"
          : meant && `did you mean \`${meant}\`?`;
        const message = `the template has no resource and no parameter ${quoted(name)}`;
        const path = `Parameters.${parameter}`;
        return {
          severity: "error" as const,
          code: "addons/reference",
          message,
          ...(hint && { hint }),
          file,
          line,
          column,
          path,
        };
      }),
  );
}

function unreadable(file: string, what: string, hint: string): UserError {
  return new UserError("addons/invalid", `you may not read ${what}`, { place: { file }, hint });
}
