import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { listPipelines } from "../../src/actions/find-pipeline.ts";
import { openWorkspace, type Workspace } from "../../src/actions/open-workspace.ts";
import { packageEnvironment } from "../../src/actions/package-environment.ts";
import { packagePipeline } from "../../src/actions/package-pipeline.ts";
import { packageRoot } from "../../src/actions/package-root.ts";
import { packageWorkload } from "../../src/actions/package-workload.ts";
import type { PackagedStack } from "../../src/actions/packaged-stack.ts";
import { readFacts } from "../../src/actions/read-facts.ts";
import { UserError } from "../../src/errors.ts";
import { mutate, mutation, type Node } from "../support/mutated-samples.ts";
import { templateFindings } from "../support/template-check/template-findings.ts";

/** Of the samples and of the workspace with every form of every field. `MUTATIONS` asks for another number. */
const runs = Number(process.env["MUTATIONS"] ?? 1500);

const root = packageRoot(import.meta.url);
const variants = join(root, "test/fixtures/variants");
const around = await openWorkspace(variants);
const facts = await readFacts("facts.json", variants);

interface Base {
  folder: string;
  kind: "workload" | "environment" | "pipeline";
  manifest: Node;
}

const bases: Base[] = [
  variants,
  ...readdirSync(join(root, "manifests"))
    .map((name) => join(root, "manifests", name))
    .filter((each) => existsSync(join(each, "copilot"))),
].flatMap((workspace) => {
  const copilot = join(workspace, "copilot");
  return [
    ...manifestsIn(copilot, "workload"),
    ...manifestsIn(join(copilot, "environments"), "environment"),
    ...manifestsIn(join(copilot, "pipelines"), "pipeline"),
  ];
});

function manifestsIn(parent: string, kind: Base["kind"]): Base[] {
  const folders = existsSync(parent) ? readdirSync(parent) : [];
  return folders
    .map((folder) => ({ folder, file: join(parent, folder, "manifest.yml") }))
    .filter(({ file }) => existsSync(file))
    .map(({ folder, file }) => {
      const manifest = parse(readFileSync(file, "utf8"), { logLevel: "silent" }) as Node;
      // What these say is the user's own part of the template.
      for (const each of [manifest, ...Object.values((manifest as { environments?: object }).environments ?? {})])
        delete (each as { taskdef_overrides?: unknown } | null)?.taskdef_overrides;
      return { folder, kind, manifest };
    });
}

/** Every value that a manifest of this type or one of its overlays gives to a key at the top. */
const donors = new Map<string, [string, unknown][]>();
for (const { manifest } of bases) {
  const { type = "Pipeline", environments = {} } = manifest as { type?: string; environments?: object };
  const given = [manifest, ...Object.values(environments)].flatMap((each) => Object.entries((each ?? {}) as object));
  const fields = given.filter(([key]) => !["name", "type", "environments"].includes(key)) as [string, unknown][];
  donors.set(type, [...(donors.get(type) ?? []), ...fields]);
}

/** A manifest with fields of others of its type, and now and then with a value that is wrong there. */
const mutated = fc
  .record({
    base: fc.constantFrom(...bases),
    env: fc.constantFrom("test", "prod", "own", "imported", "plain"),
    grafts: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
    mutations: fc.array(mutation, { maxLength: 1 }),
  })
  .map(({ base, env, grafts, mutations }) => {
    const { type = "Pipeline", ...fields } = base.manifest as { type?: string; environments?: Record<string, unknown> };
    const overlay = (fields.environments ?? {})[env];
    const given = donors.get(type) ?? [];
    const manifest = structuredClone({
      ...(base.kind !== "pipeline" && { type }),
      ...fields,
      environments: overlay === undefined ? undefined : { [env]: overlay },
      ...Object.fromEntries(grafts.flatMap((at) => (given.length > 0 ? [given[at % given.length] ?? []] : []))),
    }) as Node;
    for (const each of mutations) mutate(manifest, each);
    return { ...base, env, text: stringify(manifest, { aliasDuplicateObjects: false }) };
  });

interface Mutated extends Omit<Base, "manifest"> {
  env: string;
  text: string;
}

/** Its stack, or undefined for a manifest that has errors. */
async function stackOf({ kind, folder, env, text }: Mutated): Promise<PackagedStack | undefined> {
  const source = { file: "manifest.yml", text, folder };
  const read = () => Promise.resolve(source);
  const workspace: Workspace = { ...around, listWorkloads: () => Promise.resolve(["web"]) };
  const given = { facts, variables: { A: "1" } };
  try {
    if (kind === "environment") {
      return (await packageEnvironment({ ...given, workspace: { ...workspace, readEnvironment: read }, env: folder }))
        .stack;
    }
    if (kind === "pipeline") {
      const only = { ...workspace, readPipeline: read, listPipelines: () => Promise.resolve([folder]) };
      const [{ name } = { name: folder }] = await listPipelines(only);
      return (await packagePipeline({ facts, workspace: only, name })).stack;
    }
    return (await packageWorkload({ ...given, workspace: { ...workspace, readWorkload: read }, env, name: folder }))
      .stack;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

test(
  "whatever stands in a manifest that has no error, its template keeps to the types of CloudFormation",
  { timeout: 60_000 + runs * 40 },
  async () => {
    const seen = new Set<string>();
    let packaged = 0;
    await fc.assert(
      fc.asyncProperty(mutated, async (each) => {
        const stack = await stackOf(each);
        if (!stack) return;
        packaged += 1;
        const { Metadata: _, ...template } = stack.template;
        const rendered = JSON.stringify(template);
        if (seen.has(rendered)) return;
        seen.add(rendered);
        expect(templateFindings(stack.template)).toEqual([]);
        expect(rendered).not.toMatch(/\bundefined\b|\bNaN\b|\[object /);
        expect(Object.keys(stack.template.Parameters)).toEqual(expect.arrayContaining(Object.keys(stack.parameters)));
      }),
      { numRuns: runs },
    );
    expect(packaged).toBeGreaterThan(runs / 10);
    expect(seen.size).toBeGreaterThan(runs / 20);
  },
);
