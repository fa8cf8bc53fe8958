import { UserError } from "../errors.ts";
import { Problems } from "../manifest/problems.ts";
import { nearest } from "../manifest/spelling.ts";
import { readDocument } from "../manifest/yaml/read-document.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** A pipeline is named in its manifest; one that has no name there goes by that of its folder. */
export interface FoundPipeline {
  name: string;
  /** From the workspace's root. */
  folder: string;
}

/** The pipelines of the workspace, by name. @throws UserError workspace/invalid */
export async function listPipelines(workspace: Workspace): Promise<FoundPipeline[]> {
  const found = (await workspace.listPipelines()).map(async (folder): Promise<FoundPipeline> => {
    const { file, text, folder: base } = await workspace.readPipeline(folder);
    const name = readDocument(text, new Problems(file, text))?.entries.get("name")?.value;
    return { name: name?.kind === "scalar" && name.text !== "" ? name.text : base, folder };
  });
  return (await Promise.all(found)).toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** @throws UserError workspace/pipeline-not-found, workspace/invalid */
export async function findPipeline(workspace: Workspace, name: string): Promise<FoundPipeline> {
  const pipelines = await listPipelines(workspace);
  const found = pipelines.find((each) => each.name === name);
  if (found) return found;
  if (pipelines.length === 0) throw noPipeline();
  const names = pipelines.map((each) => each.name);
  const meant = pipelines.find(({ folder }) => folder.endsWith(`/${name}`))?.name ?? nearest(name, names);
  const all = names.join(", ");
  throw new UserError("workspace/pipeline-not-found", `the workspace has no pipeline named ${name}`, {
    hint: meant === undefined ? `there are: ${all}` : `did you mean ${meant}? There are: ${all}`,
  });
}

export function noPipeline(): UserError {
  return new UserError("workspace/pipeline-not-found", "the workspace has no pipeline", {
    hint: "a pipeline is described in copilot/pipelines/NAME/manifest.yml",
  });
}
