import { type Place, UserError } from "../errors.ts";
import { logRouter } from "../manifest/containers.ts";
import type { EnvFilePlan, WorkloadPlan } from "../plan/workload-plan.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** A larger file is no environment file: no process could be started with as many variables. */
const largest = 2 ** 20;

/** The environment files of a plan's containers, which have been checked, by container. What is in them appears in no error.
 *  @throws UserError manifest/invalid */
export async function readEnvFiles(
  { name, envFiles = [] }: Pick<WorkloadPlan, "name" | "envFiles">,
  { files }: Pick<Workspace, "files">,
  place: (path: readonly (string | number)[]) => Place,
): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for (const file of envFiles) {
    const refused = (problem: string, cause?: unknown) =>
      new UserError("manifest/invalid", `the environment file ${file.path} ${problem}`, {
        place: place(fieldOf(name, file)),
        cause,
      });
    const bytes = await files.read(file.path, largest + 1).catch((error: unknown) => {
      throw refused("cannot be read", error);
    });
    if (bytes.length > largest) throw refused("is larger than 1 MiB");
    contents[file.container] = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  }
  return contents;
}

function fieldOf(workload: string, { container }: EnvFilePlan): string[] {
  if (container === workload) return ["env_file"];
  return container === logRouter ? ["logging", "env_file"] : ["sidecars", container, "env_file"];
}
