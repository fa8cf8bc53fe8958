import { Problems } from "../manifest/problems.ts";
import { readDocument } from "../manifest/yaml/read-document.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** The type that a manifest names, whatever else is wrong with it; empty when it names none.
 *  @throws UserError workspace/workload-not-found */
export async function writtenType(name: string, workspace: Workspace): Promise<string> {
  const { file, text } = await workspace.readWorkload(name);
  const type = readDocument(text, new Problems(file, text))?.entries.get("type")?.value;
  return type?.kind === "scalar" ? type.text : "";
}
