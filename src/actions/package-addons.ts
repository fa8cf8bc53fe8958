import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { StackFacts } from "../cloudformation/facts.ts";
import type { Diagnostic } from "../errors.ts";
import type { Addons } from "../manifest/addons/addons.ts";
import { artifactKeys } from "../plan/artifact-keys.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { readAddons } from "./read-addons.ts";

interface AddonsToPackage {
  workspace: Pick<Workspace, "files">;
  /** A workload; undefined for the environments. */
  workload?: string;
  /** Where the running stack has their template from. */
  deployed: string | undefined;
}

export interface PackagedAddons {
  addons?: Addons;
  /** The template's file. */
  file?: { file: string; text: string };
  /** Where CloudFormation finds the template; empty while nobody knows. */
  url: string;
  diagnostics: Diagnostic[];
}

/** The addons of a workload, or of the environments, with the file of their template. It is uploaded by nobody yet, and so
 *  no stack finds it, as in Copilot; what a running stack has stays, because without it the stack would lose the addons
 *  with their data. @throws UserError addons/invalid */
export async function packageAddons(
  { workspace, workload, deployed = "" }: AddonsToPackage,
  { artifacts, addonsTemplateUrl: given }: Pick<StackFacts, "artifacts" | "addonsTemplateUrl">,
): Promise<PackagedAddons> {
  const folder = `copilot/${workload ?? "environments"}/addons`;
  const { addons, diagnostics } = await readAddons(
    workspace,
    folder,
    workload === undefined ? "environment" : "workload",
  );
  if (!addons) return { url: "", diagnostics };
  const { text } = addons;
  const file = { file: workload === undefined ? "env.addons.yml" : `${workload}.addons.stack.yml`, text };
  const key = artifactKeys.addons(workload, createHash("sha256").update(text).digest("hex"));
  if (given !== undefined || deployed.endsWith(`/${posix.basename(key)}`))
    return { addons, file, url: given ?? deployed, diagnostics };
  const message =
    deployed === ""
      ? "the template of the addons is not uploaded: while the parameter AddonsTemplateURL is empty, no stack has them"
      : "the template of the addons is another one than the running stack has, and it is not uploaded: the stack keeps its own";
  const hint = `upload ${file.file} as s3://${artifacts.bucket}/${key} and give its address: AddonsTemplateURL, or "addonsTemplateUrl" in the facts`;
  const { shown } = await workspace.files.look(folder);
  const warning: Diagnostic = {
    severity: "warning",
    code: "addons/not-uploaded",
    message,
    hint,
    file: shown,
    line: 1,
    column: 1,
    path: "",
  };
  return { addons, file, url: deployed, diagnostics: [...diagnostics, warning] };
}
