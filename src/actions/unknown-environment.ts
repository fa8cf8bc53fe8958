import type { StackFacts } from "../cloudformation/facts.ts";
import type { Diagnostic } from "../errors.ts";
import { nearest } from "../manifest/spelling.ts";
import { listed, quoted } from "../manifest/words.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { environmentsNamed } from "./environments-named.ts";

/** A warning of an environment that neither the workspace nor the facts name, where the workspace has manifests of others:
 *  its name may be misspelt. */
export async function unknownEnvironment(
  workspace: Workspace,
  env: string,
  { environments = {}, stacks = {} }: Pick<StackFacts, "environments" | "stacks">,
): Promise<Diagnostic[]> {
  if (Object.hasOwn(environments, env) || Object.hasOwn(stacks, `${workspace.application}-${env}`)) return [];
  // Before Copilot had manifests of environments, none was named but by overlays, and not all of them.
  const described = await workspace.listEnvironments();
  if (described.length === 0 || described.includes(env)) return [];
  const known = await environmentsNamed(workspace);
  if (known.includes(env)) return [];
  const meant = nearest(env, known);
  return [
    {
      severity: "warning",
      code: "environment/unknown",
      message: `neither the workspace nor the facts know an environment ${quoted(env)}`,
      hint: meant === undefined ? `the workspace names ${listed(known, "and")}` : `did you mean \`${meant}\`?`,
      file: "copilot/environments",
      line: 1,
      column: 1,
      path: "",
    },
  ];
}
