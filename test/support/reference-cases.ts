import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openWorkspace } from "../../src/actions/open-workspace.ts";
import { packageEnvironment } from "../../src/actions/package-environment.ts";
import { packagePipeline } from "../../src/actions/package-pipeline.ts";
import { packageRoot } from "../../src/actions/package-root.ts";
import { packageWorkload } from "../../src/actions/package-workload.ts";
import type { PackagedStack } from "../../src/actions/packaged-stack.ts";
import { readFacts } from "../../src/actions/read-facts.ts";

/** A workspace beside the stack that Copilot makes of it. */
export interface ReferenceCase {
  id: string;
  env: string;
  name: string;
  command: "svc" | "job" | "env" | "pipeline";
  variables: Record<string, string>;
  workspace: string;
  facts: string;
  template: string;
  params: string | null;
}

const folder = join(packageRoot(import.meta.url), "../shared/copilot-cases");
const list = join(folder, "cases.json");

/** Empty where the cases are not there. */
export const referenceCases: ReferenceCase[] = existsSync(list)
  ? (JSON.parse(readFileSync(list, "utf8")) as { cases: ReferenceCase[] }).cases
  : [];

/** The file with what Copilot renders for it. */
export function copilotTemplate({ template }: ReferenceCase): string {
  return inCases(template);
}

function inCases(path: string): string {
  return join(folder, path);
}

/** The stack that we make of a case. */
export async function packageCase(each: ReferenceCase): Promise<PackagedStack> {
  const { command, name, env, variables } = each;
  const workspace = await openWorkspace(inCases(each.workspace));
  const facts = await readFacts(each.facts, folder);
  const { stack } =
    command === "env"
      ? await packageEnvironment({ workspace, env, facts, variables })
      : command === "pipeline"
        ? await packagePipeline({ workspace, name, facts })
        : await packageWorkload({ workspace, name, env, facts, variables });
  return stack;
}
