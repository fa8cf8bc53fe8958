import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { listPipelines } from "../../src/actions/find-pipeline.ts";
import { openWorkspace, type Workspace } from "../../src/actions/open-workspace.ts";
import { packageApplication } from "../../src/actions/package-application.ts";
import { packageEnvironment } from "../../src/actions/package-environment.ts";
import { packagePipeline } from "../../src/actions/package-pipeline.ts";
import { packageRoot } from "../../src/actions/package-root.ts";
import { packageWorkload } from "../../src/actions/package-workload.ts";
import type { PackagedStack } from "../../src/actions/packaged-stack.ts";
import { readFacts, type StackFacts } from "../../src/actions/read-facts.ts";
import { packageCase, referenceCases } from "./reference-cases.ts";

/** A stack as it is packaged, and where it is from. */
export interface Rendered {
  /** `variants/web-prod`, `cases/lbws-staging`. */
  name: string;
  stack: PackagedStack;
}

const root = packageRoot(import.meta.url);
const variants = join(root, "test/fixtures/variants");

/** Everything that can be packaged: the samples, workspaces with every form of every field, and the reference cases where
 *  they are there. */
export async function renderedTemplates(): Promise<Rendered[]> {
  const facts = await readFacts("facts.json", variants);
  const manifests = join(root, "manifests");
  const samples = (await readdir(manifests)).filter((name) => existsSync(join(manifests, name, "copilot")));
  const ofSamples = await Promise.all(
    samples.map(async (name) => renderAll(`samples/${name}`, await openWorkspace(join(manifests, name)), facts)),
  );
  const workspace = await openWorkspace(variants);
  const ofVariants = await renderAll("variants", workspace, facts);
  const { stacks } = await packageApplication({ workspace, facts });
  const ofApplication = stacks.map((stack) => ({ name: `variants/${stack.templateFile}`, stack }));
  const ofCases = await Promise.all(
    referenceCases.map(async (each) => ({ name: `cases/${each.id}`, stack: await packageCase(each) })),
  );
  return [...ofSamples.flat(), ...ofVariants, ...ofApplication, ...ofCases];
}

const environments = ["test", "prod", "own", "imported", "plain"];

/** Each workload in each of the environments that it is different in, each environment and each pipeline. */
async function renderAll(from: string, workspace: Workspace, facts: StackFacts): Promise<Rendered[]> {
  const rendered: Rendered[] = [];
  for (const name of await workspace.listWorkloads()) {
    const { text } = await workspace.readWorkload(name);
    for (const env of environments.filter((each) => each === "test" || text.includes(`\n  ${each}:\n`))) {
      const { stack } = await packageWorkload({ workspace, name, env, facts, variables: {} });
      rendered.push({ name: `${from}/${name}-${env}`, stack });
    }
  }
  for (const env of await workspace.listEnvironments()) {
    const { stack } = await packageEnvironment({ workspace, env, facts, variables: {} });
    rendered.push({ name: `${from}/environment-${env}`, stack });
  }
  for (const { name } of await listPipelines(workspace)) {
    const { stack } = await packagePipeline({ workspace, name, facts });
    rendered.push({ name: `${from}/pipeline-${name}`, stack });
  }
  return rendered;
}
