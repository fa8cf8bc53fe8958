import * as fc from "fast-check";
import { stringify } from "yaml";
import { expect, test } from "vitest";
import { loadWorkloadManifest } from "../../src/manifest/load.ts";

const context = { app: "demo", env: "test", variables: { A: "1" } };
const source = (text: string) => ({ file: "manifest.yml", text, folder: "api" });

/** Keys that mean something, so that arbitrary documents reach the deep places. */
const keys =
  "name type image build location port args cache_from cpu memory count http path healthcheck interval timeout " +
  "deregistration_delay variables environments test sidecars subscribe topics queue fifo filter_policy on schedule x";
const key = fc.constantFrom("", ...keys.split(" "));
const scalar = fc.oneof(
  fc.constantFrom(
    "api",
    "Backend Service",
    "Load Balanced Web Service",
    "5s",
    "${A}",
    "${NOBODY}",
    '["a"]',
    "/",
    true,
    false,
    null,
  ),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.string(),
);
const { node: anyNode } = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, depthSize: "medium" },
    scalar,
    fc.array(tie("node"), { maxLength: 3 }),
    fc.dictionary(key, tie("node"), { maxKeys: 6 }),
  ),
}));
const anyManifest = fc.record(
  {
    name: fc.constantFrom("api", "web"),
    type: fc.constantFrom("Backend Service", "Load Balanced Web Service", "Worker Service", "Scheduled Job"),
    image: anyNode,
    http: anyNode,
    subscribe: anyNode,
    on: anyNode,
    variables: anyNode,
    count: anyNode,
    cpu: anyNode,
    environments: fc.oneof(anyNode, fc.record({ test: fc.dictionary(key, anyNode, { maxKeys: 4 }) })),
  },
  { requiredKeys: ["type"] },
);
const yamlSyntax = fc.stringMatching(/^([a-z]{1,3}|[[\]{}:,#&*!|>'"%@`<?\n\t -]){0,40}$/);
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  yamlSyntax,
  anyManifest.map((value) => stringify(value)),
);

const goodManifest = fc.record(
  {
    name: fc.constant("api"),
    type: fc.constant("Load Balanced Web Service"),
    image: fc.record({ location: fc.constantFrom("nginx", "httpd"), port: fc.integer({ min: 1, max: 65535 }) }),
    http: fc.record(
      {
        path: fc.webPath(),
        deregistration_delay: fc.nat(3600).map((s) => `${s}s`),
        healthcheck: fc.constantFrom("/up", { interval: "10s" }),
      },
      { requiredKeys: ["path"] },
    ),
    count: fc.nat(10),
    variables: fc.dictionary(fc.stringMatching(/^[A-Z]{1,5}$/), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
  },
  { requiredKeys: ["name", "type", "image", "http"] },
);

test("nothing that a file can hold makes the loader throw, and every problem stands inside the file", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { manifest, diagnostics } = loadWorkloadManifest(source(text), context);
      const lines = text.split("\n");
      for (const { line, column } of diagnostics) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
      }
      const hasErrors = diagnostics.some(({ severity }) => severity === "error");
      expect(manifest === undefined).toBe(hasErrors);
      const places = diagnostics.map(({ line, column }) => line * 1e6 + column);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }),
    { numRuns: 3000 },
  );
});

test("a mutilated manifest never makes the loader throw", () => {
  fc.assert(
    fc.property(anyManifest, fc.nat(), fc.nat(20), yamlSyntax, (value, at, removed, inserted) => {
      const text = stringify(value);
      const start = at % (text.length + 1);
      loadWorkloadManifest(source(text.slice(0, start) + inserted + text.slice(start + removed)), context);
    }),
    { numRuns: 2000 },
  );
});

test("an empty overlay changes nothing", () => {
  fc.assert(
    fc.property(goodManifest, fc.constantFrom({}, null, { http: {}, image: null, count: null }), (value, overlay) => {
      const alone = loadWorkloadManifest(source(stringify(value)), context);
      const overlaid = loadWorkloadManifest(source(stringify({ ...value, environments: { test: overlay } })), context);
      expect(alone.diagnostics).toEqual([]);
      expect(overlaid.diagnostics).toEqual([]);
      expect(overlaid.manifest).toEqual(alone.manifest);
    }),
  );
});

test("a manifest as its own overlay is itself", () => {
  fc.assert(
    fc.property(goodManifest, (value) => {
      const { name: _, type: __, ...fields } = value;
      const { manifest } = loadWorkloadManifest(
        source(stringify({ ...value, environments: { test: fields } })),
        context,
      );
      expect(manifest).toEqual(loadWorkloadManifest(source(stringify(value)), context).manifest);
    }),
  );
});

test("the order of keys does not matter for the values", () => {
  fc.assert(
    fc.property(goodManifest, fc.infiniteStream(fc.nat()), (value, random) => {
      const shuffled = (node: unknown): unknown => {
        if (typeof node !== "object" || node === null) return node;
        const entries = Object.entries(node).map(([name, inner]) => ({
          name,
          inner: shuffled(inner),
          order: random.next().value,
        }));
        return Object.fromEntries(
          entries.toSorted((a, b) => a.order - b.order).map(({ name, inner }) => [name, inner]),
        );
      };
      const { manifest } = loadWorkloadManifest(source(stringify(shuffled(value))), context);
      expect(manifest).toEqual(loadWorkloadManifest(source(stringify(value)), context).manifest);
    }),
  );
});

test("what is read is what was written", () => {
  fc.assert(
    fc.property(goodManifest, fc.constantFrom({}, { collectionStyle: "flow" as const }), (value, style) => {
      const { manifest } = loadWorkloadManifest(source(stringify(value, style)), context);
      const variables =
        value.variables &&
        Object.fromEntries(Object.entries(value.variables).map(([name, text]) => [name, String(text)]));
      expect(manifest).toEqual({ ...value, ...(variables && { variables }) });
    }),
  );
});
