import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { UserError } from "../../../src/errors.ts";
import { loadWorkloadManifest } from "../../../src/manifest/load.ts";
import { planWorkload } from "../../../src/plan/plan-workload.ts";
import { printableTaskDefinition } from "../../../src/plan/resolve.ts";

/** Of the annotated samples, which set every field. `MUTATIONS` asks for another number than the one for every day. */
const runs = Number(process.env["MUTATIONS"] ?? 1500);
const longest = 200;

const samples = join(packageRoot(import.meta.url), "manifests");
const manifests = readdirSync(samples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => {
    const folders = readdirSync(join(samples, name, "copilot")).filter((each) => !each.startsWith("."));
    return folders.map((each) => join(samples, name, "copilot", each));
  })
  .map((folder) => parse(readFileSync(join(folder, "manifest.yml"), "utf8")) as Node);

type Node = unknown[] | { [key: string]: unknown };

const replacement = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, "", "x", 0, -1, 1, 80, 443, 65536, 1e9, "5s", "0s", "1-5", "5-1", [], {}),
  fc.constantFrom<unknown>("9000/udp", "443/tls", "10.0.0.0/8", "${A}", "${NOBODY}", '["a"]', ["a"], [null], {
    a: "b",
  }),
  fc.constantFrom<unknown>(
    { from_cfn: "x" },
    { value: 1 },
    { path: "/" },
    { name: "x" },
    { image: "x" },
    "windows/amd64",
  ),
  fc.string(),
  fc.integer(),
);

/** Where to go at each level of the tree, where to stop, and what to do there. */
const mutation = fc.record({
  way: fc.array(fc.nat(), { minLength: 1, maxLength: 7 }),
  change: fc.constantFrom("replace", "remove", "add", "move"),
  key: fc.constantFrom(
    "port",
    "path",
    "image",
    "efs",
    "alias",
    "spot",
    "depends_on",
    "healthcheck",
    "__proto__",
    "x y",
  ),
  value: replacement,
});

function mutate(
  root: Node,
  { way, change, key, value }: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
): void {
  let here = root;
  for (const [depth, step] of way.entries()) {
    const keys = Object.keys(here);
    const at = keys[step % Math.max(1, keys.length)];
    if (at === undefined) break;
    const inner = (here as Record<string, unknown>)[at];
    if (depth < way.length - 1 && typeof inner === "object" && inner !== null) {
      here = inner as Node;
      continue;
    }
    const map = here as Record<string, unknown>;
    if (change === "replace") map[at] = structuredClone(value);
    else if (change === "remove") delete map[at];
    else if (change === "add")
      Object.defineProperty(map, key, {
        value: structuredClone(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    else root[(Array.isArray(root) ? 0 : at) as never] = structuredClone(inner) as never;
    return;
  }
}

test(
  "whatever happens to a manifest, it is told what is wrong with it or it has a plan, and soon",
  { timeout: 60_000 + runs * 20 },
  () => {
    let planned = 0;
    let slowest = 0;
    fc.assert(
      fc.property(
        fc.nat(manifests.length - 1),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (which, mutations) => {
          const manifest = structuredClone(manifests[which])!;
          for (const each of mutations) mutate(manifest, each);
          const text = stringify(manifest, { aliasDuplicateObjects: false });
          const folder = String((manifest as { name?: unknown }).name);
          const started = process.cpuUsage();
          const loaded = loadWorkloadManifest(
            { file: "manifest.yml", text, folder },
            { app: "demo", env: "prod", variables: { A: "1" } },
          );
          const errors = loaded.diagnostics.filter(({ severity }) => severity === "error");
          expect(loaded.manifest === undefined).toBe(errors.length > 0);
          if (loaded.manifest) {
            planned += 1;
            try {
              const plan = planWorkload({ manifest: loaded.manifest, app: "demo", env: "prod" });
              expect(JSON.stringify(printableTaskDefinition(plan))).not.toMatch(/undefined|NaN|\[object/);
            } catch (error) {
              // An override of an element that the rendered list does not have.
              if (!(error instanceof UserError)) throw error;
            }
          }
          slowest = Math.max(slowest, process.cpuUsage(started).user / 1000);
        },
      ),
      { numRuns: runs },
    );
    expect(planned).toBeGreaterThan(runs / 20);
    expect(slowest).toBeLessThan(longest);
  },
);
