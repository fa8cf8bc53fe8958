import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { validateWorkspace } from "../../../src/actions/validate-workspace.ts";
import { exposedPorts } from "../../../src/images/dockerfile/exposed-ports.ts";
import { workloadSchemas } from "../../../src/manifest/schema/workloads.ts";
import { findWorkspace } from "../../../src/workspace/workspace.ts";

const manifests = join(packageRoot(import.meta.url), "manifests");

test("there is a sample for every workload type, and each says its type", async () => {
  const folders = (await readdir(manifests, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const types = Object.keys(workloadSchemas);
  expect(folders.map(({ name }) => name).toSorted()).toEqual(
    types.map((type) => type.toLowerCase().replaceAll(" ", "-")).toSorted(),
  );
});

test.each(["load-balanced-web-service", "backend-service", "request-driven-web-service", "static-site"])(
  "the sample %s has no problem at all",
  async (folder) => {
    const workspace = await findWorkspace(join(manifests, folder));
    expect(await validateWorkspace({ workspace, variables: {}, strict: true })).toEqual({
      diagnostics: [],
      leftOut: [],
      files: 1,
      failed: false,
    });
  },
);

test("the sample that runs listens where its manifest says", async () => {
  const sample = join(manifests, "load-balanced-web-service");
  expect(exposedPorts(await readFile(join(sample, "Dockerfile"), "utf8"))).toEqual([8080]);
  expect(await readFile(join(sample, "copilot/hello/manifest.yml"), "utf8")).toContain("\n  port: 8080\n");
});
