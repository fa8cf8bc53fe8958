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
import { taskGroupParameters, taskGroupTemplate } from "../../src/cloudformation/task-group/task-group-template.ts";
import { writeTemplate } from "../../src/cloudformation/write-template.ts";
import { type TaskGroupPlan, taskStack } from "../../src/plan/task-group-plan.ts";
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
  const ofTasks = taskGroups.map((plan) => ({ name: `variants/task-${plan.group}`, stack: packageTasks(plan) }));
  return [...ofTasks, ...ofSamples.flat(), ...ofVariants, ...ofApplication, ...ofCases];
}

const size = { image: "example/app:1", cpu: 256, memory: 512 };
const secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf:password::";

/** In an environment and beside all, with everything and with nothing. */
const taskGroups: TaskGroupPlan[] = [
  { group: "plain", app: "shop", env: "test", ...size, variables: {}, secrets: {} },
  {
    group: "whole",
    app: "shop",
    env: "test",
    ...size,
    platform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" },
    entryPoint: ["/bin/sh", "-c"],
    command: ["echo a, b"],
    variables: { MODE: "a", EMPTY: "" },
    secrets: { PARAMETER: "/copilot/shop/test/secrets/KEY", SECRET: secret },
  },
  { group: "beside", ...size, variables: {}, secrets: { PARAMETER: "key", SECRET: secret } },
  {
    group: "foreign",
    ...size,
    variables: {},
    secrets: {},
    executionRole: "arn:aws:iam::111122223333:role/starts",
    taskRole: "arn:aws:iam::111122223333:role/runs",
  },
];

function packageTasks(plan: TaskGroupPlan): PackagedStack {
  const template = taskGroupTemplate(plan, plan.app && "shop-limits");
  const parameters = taskGroupParameters(plan, { image: "example/app:1" });
  const name = taskStack(plan.group);
  return { name, template, text: writeTemplate(template), parameters, tags: {}, templateFile: `${name}.stack.yml` };
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
