import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { validateWorkspace } from "../../../src/actions/validate-workspace.ts";
import { exposedPorts } from "../../../src/images/dockerfile/exposed-ports.ts";
import { environmentManifest } from "../../../src/manifest/schema/environment-manifest.ts";
import { type KeyTree, keyTree } from "../../../src/manifest/schema/key-tree.ts";
import { pipelineManifest } from "../../../src/manifest/schema/pipeline-manifest.ts";
import { workloadSchemas } from "../../../src/manifest/schema/workloads.ts";
import { findWorkspace } from "../../../src/workspace/workspace.ts";

const manifests = join(packageRoot(import.meta.url), "manifests");

test("there is a sample for every type, and each says its type", async () => {
  const entries = await readdir(manifests, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== "schema");
  const types = [...Object.keys(workloadSchemas), "Environment", "Pipeline"];
  expect(folders.map(({ name }) => name).toSorted()).toEqual(
    types.map((type) => type.toLowerCase().replaceAll(" ", "-")).toSorted(),
  );
});

test.each([
  "load-balanced-web-service",
  "backend-service",
  "worker-service",
  "request-driven-web-service",
  "static-site",
  "scheduled-job",
])("the sample %s has no problem at all", async (folder) => {
  const workspace = await findWorkspace(join(manifests, folder));
  expect(await validateWorkspace({ workspace, variables: {}, strict: true })).toEqual({
    diagnostics: [],
    leftOut: [],
    files: 1,
    failed: false,
  });
});

test("the samples of environments have no problem at all", async () => {
  const workspace = await findWorkspace(join(manifests, "environment"));
  expect(await validateWorkspace({ workspace, variables: {}, strict: true })).toEqual({
    diagnostics: [],
    leftOut: [],
    files: 2,
    failed: false,
  });
});

test("the samples of pipelines have no problem at all", async () => {
  const workspace = await findWorkspace(join(manifests, "pipeline"));
  expect(await validateWorkspace({ workspace, variables: {}, strict: true })).toEqual({
    diagnostics: [],
    leftOut: [],
    files: 3,
    failed: false,
  });
});

test("the sample of a pipeline has every field, but for what does not go with the others", async () => {
  const text = await readFile(join(manifests, "pipeline/copilot/pipelines/release/manifest.yml"), "utf8");
  expect(missingFields(keyTree(pipelineManifest()), [parse(text, { logLevel: "silent" })])).toEqual([
    "source.properties.access_token_secret",
    "source.properties.connection_arn",
    "stages.pre_deployments.*.depends_on",
  ]);
  expect(text).toMatch(/# access_token_secret: .*\n/);
});

test("the samples of environments have every field, but for its older forms", async () => {
  const given = (await readSamples()).map((text) => parse(text) as unknown);
  expect(missingFields(keyTree(environmentManifest()), given)).toEqual([
    "http.public.security_groups",
    "http.private.security_groups",
    "http.private.ingress.from_vpc",
  ]);
});

function readSamples(): Promise<string[]> {
  const folder = join(manifests, "environment/copilot/environments");
  return Promise.all(["test", "shared"].map((env) => readFile(join(folder, env, "manifest.yml"), "utf8")));
}

/** The keys of a schema that none of the values has; `*` stands for keys that the user chooses. */
function missingFields(tree: KeyTree, values: readonly unknown[]): string[] {
  return Object.entries(tree).flatMap(([key, inside]) => {
    const given = values
      .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
      .filter((value): value is Record<string, unknown> => typeof value === "object" && value !== null)
      .flatMap((value) => (key === "*" ? Object.values(value) : [value[key]]))
      .filter((value) => value !== undefined);
    return given.length === 0 ? [key] : missingFields(inside, given).map((each) => `${key}.${each}`);
  });
}

test("the sample that runs listens where its manifest says", async () => {
  const sample = join(manifests, "load-balanced-web-service");
  expect(exposedPorts(await readFile(join(sample, "Dockerfile"), "utf8"))).toEqual([8080]);
  expect(await readFile(join(sample, "copilot/hello/manifest.yml"), "utf8")).toContain("\n  port: 8080\n");
});
