import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { packageRoot } from "../../src/actions/package-root.ts";
import { pipelineTemplate } from "../../src/cloudformation/pipeline/pipeline-template.ts";
import { writeTemplate } from "../../src/cloudformation/write-template.ts";
import { loadPipelineManifest } from "../../src/manifest/load-pipeline.ts";
import { pipelineManifest } from "../../src/manifest/schema/pipeline-manifest.ts";
import { planPipeline } from "../../src/plan/plan-pipeline.ts";
import { complaints } from "../support/json-schemas.ts";
import { mutate, mutation, type Node } from "../support/mutated-samples.ts";

/** Of the annotated samples. `MUTATIONS` asks for another number. */
const runs = Number(process.env["MUTATIONS"] ?? 1000);

const folder = join(packageRoot(import.meta.url), "manifests/pipeline/copilot/pipelines");
const samples = ["release", "network"].map(
  (name) => parse(readFileSync(join(folder, name, "manifest.yml"), "utf8"), { logLevel: "silent" }) as Node,
);

const schema = pipelineManifest();

const mutated = fc
  .record({ which: fc.nat(samples.length - 1), mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }) })
  .map(({ which, mutations }) => {
    const manifest = structuredClone(samples[which]) as Node;
    for (const each of mutations) mutate(manifest, each);
    return stringify(manifest, { aliasDuplicateObjects: false });
  });

/** The stack of what has no error; every environment is known. */
function packaged(manifest: NonNullable<ReturnType<typeof loadPipelineManifest>["manifest"]>): string {
  const plan = planPipeline({ manifest, app: "demo", folder: "copilot/pipelines/release", workloads: ["api"] });
  const known = { account: "123456789012", region: "eu-west-1", managerRoleArn: "m", executionRoleArn: "e" };
  const facts = {
    account: "123456789012",
    region: "eu-west-1",
    partition: "aws",
    artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
    environments: Object.fromEntries(plan.stages.map(({ env }) => [env, known])),
  };
  return writeTemplate(pipelineTemplate({ plan, facts }));
}

test(
  "whatever stands in a pipeline's manifest, it has a stack, or an error that says where",
  { timeout: 60_000 + runs * 40 },
  () => {
    let taken = 0;
    fc.assert(
      fc.property(mutated, (text) => {
        const { manifest, diagnostics } = loadPipelineManifest(
          { file: "manifest.yml", text, folder: "release" },
          { app: "demo" },
        );
        const lines = text.split("\n");
        for (const { line, column, message } of diagnostics) {
          expect(message).not.toMatch(/undefined|\[object/);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
        }
        expect(manifest === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
        if (!manifest) return;
        taken += 1;
        expect(schema.safeParse(manifest).error).toBeUndefined();
        expect(packaged(manifest)).not.toMatch(/undefined|NaN|\[object/);
        if (diagnostics.some(({ code }) => code.startsWith("schema/"))) return;
        expect(complaints(parse(text), "pipeline")).toEqual([]);
      }),
      { numRuns: runs },
    );
    expect(taken).toBeGreaterThan(runs / 10);
  },
);
