import { createHash } from "node:crypto";
import type { StackFacts } from "../cloudformation/facts.ts";
import { artifactKeys } from "../plan/artifact-keys.ts";
import type { Account } from "../providers/account.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { readAddons } from "./read-addons.ts";

/** Uploads the template of a workload's addons, or of those of the environments.
 *  @returns its address; undefined when there are none @throws UserError addons/invalid, aws/* */
export async function uploadAddons(
  { workspace, workload }: { workspace: Pick<Workspace, "files">; workload?: string },
  { account, facts }: { account: Account; facts: StackFacts },
): Promise<string | undefined> {
  const folder = `copilot/${workload ?? "environments"}/addons`;
  const { addons } = await readAddons(workspace, folder, workload === undefined ? "environment" : "workload");
  if (!addons) return undefined;
  const key = artifactKeys.addons(workload, createHash("sha256").update(addons.text).digest("hex"));
  const place = { ...facts.artifacts, region: facts.region };
  const [uploaded] = await account.artifacts.upload([{ key, body: addons.text }], place);
  return uploaded?.url;
}
