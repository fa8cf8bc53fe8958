import { openWorkloadManifest } from "../manifest/load.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** The environments that the workspace names, in a folder of their own or in an overlay; sorted. A manifest that cannot be
 *  read names none. */
export async function environmentsNamed(workspace: Workspace): Promise<string[]> {
  const context = { app: workspace.application, variables: {} };
  const overlays = (await workspace.listWorkloads()).map(async (name) => {
    const source = await workspace.readWorkload(name).catch(() => undefined);
    return source?.text.includes("environments") ? openWorkloadManifest(source, context).overlays : [];
  });
  return [...new Set([...(await workspace.listEnvironments()), ...(await Promise.all(overlays)).flat()])].toSorted();
}
