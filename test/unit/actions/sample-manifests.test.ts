import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { validateWorkspace } from "../../../src/actions/validate-workspace.ts";
import { exposedPorts } from "../../../src/images/dockerfile/exposed-ports.ts";
import { loadWorkloadManifest } from "../../../src/manifest/load.ts";
import { environmentManifest } from "../../../src/manifest/schema/environment-manifest.ts";
import { type KeyTree, keyTree } from "../../../src/manifest/schema/key-tree.ts";
import { pipelineManifest } from "../../../src/manifest/schema/pipeline-manifest.ts";
import { workloadSchemas } from "../../../src/manifest/schema/workloads.ts";
import type { WorkloadTypeName } from "../../../src/manifest/workload-types.ts";
import { findWorkspace } from "../../../src/workspace/workspace.ts";
import { complaints } from "../../support/json-schemas.ts";

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

const workloadSamples: [WorkloadTypeName, string][] = [
  ["Load Balanced Web Service", "load-balanced-web-service/copilot/hello"],
  ["Backend Service", "backend-service/copilot/quotes"],
  ["Worker Service", "worker-service/copilot/labels"],
  ["Request-Driven Web Service", "request-driven-web-service/copilot/links"],
  ["Static Site", "static-site/copilot/docs"],
  ["Scheduled Job", "scheduled-job/copilot/report"],
];

/** What a sample says of one field, it says of those that are the same elsewhere. */
const alike: [RegExp, string][] = [
  [/^http\.additional_rules\./, "http."],
  [/^nlb\.additional_listeners\./, "nlb."],
  [/^nlb\.(alias|healthcheck)\./, "http.$1."],
  [/^sidecars\.\*\.(variables|secrets|env_file|entrypoint|command)\b/, "$1"],
  [/^sidecars\.\*\.image\./, "image."],
  [/^sidecars\.\*\.(labels|depends_on|healthcheck)\b/, "image.$1"],
  [/^logging\.(variables|secrets)\.\*\./, "$1.*."],
  [/^logging\.secretOptions\.\*\./, "secrets.*."],
  [/^count\.\w+\.cooldown\b/, "count.cooldown"],
  [/^count\.(?!memory_percentage)\w+\.value$/, "count.memory_percentage.value"],
  [/^subscribe\.topics\.queue\./, "subscribe.queue."],
  [/^(?!variables\.).*\.from_cfn$/, "variables.*.from_cfn"],
];

test.each(workloadSamples)("the sample of a %s has every field, some of them in comments", async (type, folder) => {
  const { checked } = workloadSchemas[type];
  const { environments = {}, ...base } = await sampleWithComments(folder);
  const given = [base, ...Object.values(environments)].flatMap((value) => pathsGiven(keyTree(checked), value));
  const explained = new Set(given.map(canonical));
  const missing = pathsOf(keyTree(checked)).filter((path) => !explained.has(canonical(path)));
  expect(missing).toEqual(missingIn[type] ?? []);
});

/** Older forms, what nobody can use, and what has no effect. */
const missingIn: Partial<Record<WorkloadTypeName, string[]>> = {
  "Worker Service": ["network.connect.alias"],
  "Scheduled Job": ["count"],
  "Load Balanced Web Service": ["http.targetContainer", "http.additional_rules.targetContainer"],
};

test.each(workloadSamples)("what stands in comments of the sample of a %s is right too", async (type, folder) => {
  const manifest = await sampleWithComments(folder);
  expect(complaints(manifest)).toEqual([]);
  const source = { file: "manifest.yml", text: stringify(manifest), folder: String(manifest["name"]) };
  const found = [undefined, ...Object.keys(manifest.environments ?? {})].map((env) => {
    const { diagnostics } = loadWorkloadManifest(source, { app: "shop", env, variables: {} });
    return { env, problems: diagnostics.map(({ code, message }) => `${code}: ${message}`) };
  });
  expect(found.filter(({ problems }) => problems.length > 0)).toEqual(problemsIn[type] ?? []);
});

/** Of keys that exclude each other, and stand in one sample. */
const problemsIn: Partial<Record<WorkloadTypeName, unknown[]>> = {
  "Load Balanced Web Service": [
    { env: "prod", problems: ["http/no-effect: `redirect_to_https` has no effect with `alb`"] },
  ],
};

interface SampleManifest {
  [key: string]: unknown;
  environments?: Record<string, unknown>;
}

/** A sample with what stands in its comments as YAML: `# key: value` and `# - item`. */
async function sampleWithComments(folder: string): Promise<SampleManifest> {
  const text = await readFile(join(manifests, folder, "manifest.yml"), "utf8");
  return parse(text.replaceAll(/^( *)# ( *(?:[\w.-]+:(?: .*)?|- .*))$/gm, "$1$2")) as SampleManifest;
}

function canonical(path: string): string {
  const found = alike.find(([pattern]) => pattern.test(path));
  return found ? canonical(path.replace(...found)) : path;
}

function pathsOf(tree: KeyTree, before = ""): string[] {
  return Object.entries(tree).flatMap(([key, inside]) => [before + key, ...pathsOf(inside, `${before}${key}.`)]);
}

/** The fields of a tree that a value has something in. */
function pathsGiven(tree: KeyTree, value: unknown, before = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsGiven(tree, item, before));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => {
    const known = Object.hasOwn(tree, key) ? key : "*";
    const below = tree[known];
    return below ? [before + known, ...pathsGiven(below, inside, `${before}${known}.`)] : [];
  });
}

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
