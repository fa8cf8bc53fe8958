import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { environmentTemplate } from "../../src/cloudformation/environment/environment-template.ts";
import { type EnvironmentManifest, loadEnvironmentManifest } from "../../src/manifest/load-environment.ts";
import { environmentManifest } from "../../src/manifest/schema/environment-manifest.ts";
import { planEnvironment } from "../../src/plan/environment-plan.ts";
import { loadWorkloadManifest, type WorkloadManifest } from "../../src/manifest/load.ts";
import { workloadSchemas } from "../../src/manifest/schema/workloads.ts";
import { PlanRefused } from "../../src/plan/plan-refused.ts";
import { planRequestDriven } from "../../src/plan/plan-request-driven.ts";
import { planStaticSite } from "../../src/plan/plan-static-site.ts";
import { planTasks } from "../../src/plan/plan-tasks.ts";
import { printableTaskDefinition } from "../../src/plan/resolve.ts";
import { mutate, mutation, type Node, samples, sampleTexts } from "../support/mutated-samples.ts";

/** Of the annotated samples, which set every field: half of them with other values, half with other text. `MUTATIONS` asks
 *  for another number. */
const runs = Number(process.env["MUTATIONS"] ?? 8000) / 2;
/** Milliseconds of CPU time for one manifest. */
const longest = 200;

const isEnvironment = (which: number) => (samples[which] as { type?: unknown }).type === "Environment";

const facts = {
  account: "123456789012",
  region: "eu-west-1",
  partition: "aws",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
  domain: "example.com",
};

/** The environments that samples have overlays for. */
const overlay = fc.constantFrom("prod", "test");

/** What may stand anywhere in a text, and what it does there. */
const pieces = fc.oneof(
  fc.constantFrom(
    "\n",
    " ",
    "  ",
    "\t",
    "\r\n",
    ":",
    ": ",
    "- ",
    "-",
    "#",
    " #",
    "?",
    "? ",
    ",",
    "|",
    ">",
    "|-\n",
    "---\n",
    "...\n",
  ),
  fc.constantFrom(
    "[",
    "]",
    "{",
    "}",
    "{{",
    "[[[",
    '"',
    "'",
    "\\",
    "&a ",
    "*a",
    "<<: *a\n",
    "&x [*x]",
    "!!int ",
    "!!null ",
    "!Sub ",
  ),
  fc.constantFrom(
    "${A}",
    "${NOBODY}",
    "\\${A}",
    "${COPILOT_ENVIRONMENT_NAME}",
    "~",
    "null",
    "\u0000",
    "\u2028",
    "\uFEFF",
    "é",
    "😀",
    "\uD800",
  ),
  fc.string({ maxLength: 12 }),
);

const edit = fc.record({
  at: fc.nat(),
  change: fc.constantFrom("insert", "remove", "replace", "copy", "indent", "swap"),
  length: fc.oneof(fc.nat(4), fc.nat(300)),
  to: fc.nat(),
  piece: pieces,
});

function rewrite(
  text: string,
  { at, change, length, to, piece }: typeof edit extends fc.Arbitrary<infer T> ? T : never,
): string {
  const start = at % (text.length + 1);
  const end = Math.min(text.length, start + length);
  if (change === "insert") return text.slice(0, start) + piece + text.slice(start);
  if (change === "remove") return text.slice(0, start) + text.slice(end);
  if (change === "replace") return text.slice(0, start) + piece + text.slice(end);
  const lines = text.split("\n");
  const [line, other] = [at % lines.length, to % lines.length];
  const here = lines[line] ?? "";
  if (change === "copy") lines.splice(other, 0, here);
  else if (change === "indent") lines[line] = to % 2 === 0 ? ` ${here}` : here.slice(1);
  else [lines[line], lines[other]] = [lines[other] ?? "", here];
  return lines.join("\n");
}

/** Loads a manifest, and plans it when nothing is wrong with it. Answers what came of it, and the CPU time that it took. */
function judge({ text, folder, env, environment }: Mutated): { planned: boolean; milliseconds: number } {
  const started = process.cpuUsage();
  const context = { app: "demo", env, variables: { A: "1" } };
  const source = { file: "manifest.yml", text, folder };
  const { manifest, diagnostics } = environment
    ? loadEnvironmentManifest(source, context)
    : loadWorkloadManifest(source, context);
  if (manifest) {
    try {
      expect(JSON.stringify(planned(manifest))).not.toMatch(/undefined|NaN|\[object/);
    } catch (error) {
      if (!(error instanceof PlanRefused)) throw error;
    }
  }
  const { user } = process.cpuUsage(started);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(manifest === undefined).toBe(errors.length > 0);
  // What has been read field by field is what the whole schema takes.
  if (manifest) expect(schemaOf(manifest.type).safeParse(manifest).error).toBeUndefined();
  const lines = text.split("\n");
  for (const { line, column } of diagnostics) {
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
  }
  return { planned: manifest !== undefined, milliseconds: user / 1000 };
}

interface Mutated {
  text: string;
  folder: string;
  /** Whose overlay counts. */
  env: string;
  /** Whether it is an environment's. */
  environment: boolean;
}

const environmentSchema = environmentManifest();

function schemaOf(type: (WorkloadManifest | EnvironmentManifest)["type"]) {
  return type === "Environment" ? environmentSchema : workloadSchemas[type].checked;
}

/** What there is to do for a manifest, whatever its type. */
function planned(manifest: WorkloadManifest | EnvironmentManifest): unknown {
  const place = { app: "demo", env: "prod" };
  if (manifest.type === "Environment")
    return environmentTemplate({ plan: planEnvironment({ manifest, ...place }), facts, manifest: "" });
  if (manifest.type === "Request-Driven Web Service") return planRequestDriven({ manifest, ...place });
  if (manifest.type === "Static Site") return planStaticSite({ manifest, ...place, domain: "example.com" });
  return printableTaskDefinition(planTasks({ manifest, ...place }));
}

/** @param spare share of the manifests that must survive, so that the planner is tried too */
function checkAll(mutated: fc.Arbitrary<Mutated>, spare: number): void {
  let survived = 0;
  let slowest = { milliseconds: 0, each: { text: "", folder: "", env: "", environment: false } };
  fc.assert(
    fc.property(mutated, (each) => {
      const result = judge(each);
      if (result.planned) survived += 1;
      if (result.milliseconds > slowest.milliseconds) slowest = { ...result, each };
    }),
    { numRuns: runs },
  );
  expect(survived).toBeGreaterThan(runs * spare);
  // A pause of the collector is nobody's fault: what seemed slow gets a second chance.
  if (slowest.milliseconds >= longest) slowest = { ...slowest, ...judge(slowest.each) };
  expect(slowest.milliseconds).toBeLessThan(longest);
}

const timeout = 60_000 + runs * 20;

test(
  "whatever happens to a manifest's values, it is told what is wrong with it or it has a plan, and soon",
  { timeout },
  () => {
    const mutated = fc
      .record({
        which: fc.nat(samples.length - 1),
        env: overlay,
        mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }),
      })
      .map(({ which, mutations, ...rest }) => {
        const manifest = structuredClone(samples[which]) as Node;
        for (const each of mutations) mutate(manifest, each);
        const folder = String((manifest as { name?: unknown }).name);
        return {
          text: stringify(manifest, { aliasDuplicateObjects: false }),
          folder,
          environment: isEnvironment(which),
          ...rest,
        };
      });
    checkAll(mutated, 1 / 20);
  },
);

test(
  "whatever happens to a manifest's text, it is told what is wrong with it or it has a plan, and soon",
  { timeout },
  () => {
    const mutated = fc
      .record({
        which: fc.nat(sampleTexts.length - 1),
        env: overlay,
        edits: fc.array(edit, { minLength: 1, maxLength: 4 }),
      })
      .map(({ which, edits, ...rest }) => ({
        text: edits.reduce(rewrite, sampleTexts[which] ?? ""),
        folder: String((samples[which] as { name?: unknown }).name),
        environment: isEnvironment(which),
        ...rest,
      }));
    checkAll(mutated, 1 / 20);
  },
);
