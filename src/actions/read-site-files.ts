import { UserError } from "../errors.ts";
import { contentTypeOf, mapFiles } from "../plan/site-files.ts";
import type { SiteFiles } from "../plan/static-site-plan.ts";
import type { SiteFile } from "../providers/account/sites.ts";
import type { Workspace } from "../workspace/workspace.ts";

type Files = Pick<Workspace["files"], "look" | "list" | "read">;

/** The files of a site, each key once: of several for one, that of the last entry. None is read yet.
 *  @throws UserError site/file-missing */
export async function readSiteFiles(entries: readonly SiteFiles[], { files }: { files: Files }): Promise<SiteFile[]> {
  const byKey = new Map<string, SiteFile>();
  for (const entry of entries) {
    const { kind, shown } = await files.look(entry.source);
    if (kind === "missing")
      throw new UserError("site/file-missing", `there is no file or folder ${shown} to upload`, {
        hint: "paths in a manifest start at the folder that holds `copilot`",
      });
    const found = kind === "folder" ? await below(entry.source, "", entry.recursive, files) : [""];
    for (const { path, key } of mapFiles(entry, found))
      byKey.set(key, { key, contentType: contentTypeOf(key), read: () => files.read(path, Number.MAX_SAFE_INTEGER) });
  }
  return [...byKey.values()];
}

/** Paths of all files below a folder; what is neither file nor folder, such as a broken link, is left out. */
async function below(folder: string, at: string, recursive: boolean, files: Files): Promise<string[]> {
  const names = await files.list(`${folder}/${at}`);
  const found = names.map(async (name) => {
    const path = at === "" ? name : `${at}/${name}`;
    const { kind } = await files.look(`${folder}/${path}`);
    if (kind === "file") return [path];
    return kind === "folder" && recursive ? below(folder, path, recursive, files) : [];
  });
  return (await Promise.all(found)).flat();
}
