import { Problems } from "../manifest/problems.ts";
import { readDocument } from "../manifest/yaml/read-document.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** Every workload of the workspace with the type that its manifest names, as it stands there; undefined where it names
 *  none that can be read. */
export async function workloadTypes(workspace: Workspace): Promise<Map<string, string | undefined>> {
  const names = await workspace.listWorkloads();
  const types = names.map(async (name): Promise<[string, string | undefined]> => {
    const { file, text } = await workspace.readWorkload(name);
    const type = readDocument(text, new Problems(file, text))?.entries.get("type")?.value;
    return [name, type?.kind === "scalar" ? type.text : undefined];
  });
  return new Map(await Promise.all(types));
}
