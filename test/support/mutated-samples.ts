import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { parse } from "yaml";
import { packageRoot } from "../../src/actions/package-root.ts";

/** The annotated samples, which set every field, and what can happen to their values. */

const folder = join(packageRoot(import.meta.url), "manifests");
export const sampleTexts = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "schema")
  .flatMap(({ name }) => {
    const copilot = join(folder, name, name === "environment" ? "copilot/environments" : "copilot");
    const folders = readdirSync(copilot).filter((each) => !each.startsWith(".") && each !== "pipelines");
    return folders.map((each) => join(copilot, each));
  })
  .map((each) => readFileSync(join(each, "manifest.yml"), "utf8"));
export const samples = sampleTexts.map((text) => parse(text) as Node);

export type Node = unknown[] | { [key: string]: unknown };

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
export const mutation = fc.record({
  way: fc.array(fc.nat(), { minLength: 1, maxLength: 7 }),
  change: fc.constantFrom("replace", "remove", "add", "rename", "move"),
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
    "constructor",
    "x y",
  ),
  value: replacement,
});

export function mutate(
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
    else if (change === "add") define(map, key, structuredClone(value));
    else if (change === "rename" && !Array.isArray(here)) {
      delete map[at];
      define(map, key, inner);
    } else root[(Array.isArray(root) ? 0 : at) as never] = structuredClone(inner) as never;
    return;
  }
}

/** A member of its own, also with a name that all objects have. */
function define(map: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}
