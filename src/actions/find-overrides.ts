import { UserError } from "../errors.ts";
import { nearest } from "../manifest/spelling.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** What is in a folder `overrides`. */
export type FoundOverrides =
  /** `path` is seen from the workspace's root. `cdk` is a CDK app's file beside it. */
  | { kind: "patches"; path: string; shown: string; readable: boolean; cdk?: string }
  /** `shown` is the app's file. */
  | { kind: "cdk"; shown: string }
  /** `shown` is the folder. */
  | { kind: "nothing"; shown: string };

export const patchFile = "cfn.patches.yml";

/** What changes a template, as Copilot looks for it: the patches before the CDK app. Undefined without the folder.
 *  @param folder seen from the workspace's root: `copilot/api/overrides` @throws UserError overrides/invalid */
export async function findOverrides(
  { files }: Pick<Workspace, "files">,
  folder: string,
): Promise<FoundOverrides | undefined> {
  const { kind, readable, shown } = await files.look(folder);
  if (kind === "missing") return undefined;
  if (kind !== "folder") throw invalid(shown, "this is not a folder", `it should be one that holds ${patchFile}`);
  if (!readable) throw invalid(shown, "you may not read this folder", `chmod u+rx ${shown}`);
  const names = await files.list(folder);
  const hasApp = names.includes("cdk.json");
  if (names.includes(patchFile)) {
    const path = `${folder}/${patchFile}`;
    const file = await files.look(path);
    if (file.kind === "missing") throw invalid(file.shown, "this link leads nowhere");
    if (file.kind !== "file") throw invalid(file.shown, "this is not a file");
    return {
      kind: "patches",
      path,
      shown: file.shown,
      readable: file.readable,
      ...(hasApp && { cdk: `${shown}/cdk.json` }),
    };
  }
  if (hasApp) return { kind: "cdk", shown: `${shown}/cdk.json` };
  return withoutEither(
    shown,
    names.filter((name) => !name.startsWith(".")),
  );
}

/** What is left of an app, or what is misspelt, was meant to change something. */
function withoutEither(shown: string, names: readonly string[]): FoundOverrides {
  if (names.length === 0) return { kind: "nothing", shown };
  const app = names.find((name) => ["package.json", "stack.ts", "bin"].includes(name));
  if (app !== undefined) return { kind: "cdk", shown: `${shown}/${app}` };
  const meant = names.find((name) => nearest(name, [patchFile]) !== undefined || /^cfn\.patch(es)?\./.test(name));
  throw invalid(
    shown,
    `there is no ${patchFile} in this folder, and nothing else in it changes the template`,
    meant === undefined ? `it holds ${names.join(", ")}` : `mv ${shown}/${meant} ${shown}/${patchFile}`,
  );
}

export function invalid(file: string, message: string, hint?: string): UserError {
  return new UserError("overrides/invalid", message, { place: { file }, ...(hint !== undefined && { hint }) });
}
