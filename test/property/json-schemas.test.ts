import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { Diagnostic } from "../../src/errors.ts";
import { loadEnvironmentManifest } from "../../src/manifest/load-environment.ts";
import { openWorkloadManifest } from "../../src/manifest/load.ts";
import { complaints, schemaNameOf } from "../support/json-schemas.ts";
import { mutate, mutation, type Node, samples } from "../support/mutated-samples.ts";

/** `MUTATIONS` asks for another number. */
const runs = Number(process.env["MUTATIONS"] ?? 1000);

const mutated = fc
  .record({ which: fc.nat(samples.length - 1), mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }) })
  .map(({ which, mutations }) => {
    const manifest = structuredClone(samples[which]) as Node;
    for (const each of mutations) mutate(manifest, each);
    return { text: stringify(manifest, { aliasDuplicateObjects: false }), name: schemaNameOf(samples[which]) };
  });

/** All that there is to say of a manifest in any environment. */
function diagnosticsOf(text: string): Diagnostic[] {
  const { name: folder, type } = parse(text) as { name?: unknown; type?: unknown };
  const source = { file: "manifest.yml", text, folder: String(folder) };
  const context = { app: "demo", variables: { A: "1" } };
  if (type === "Environment") return loadEnvironmentManifest(source, context).diagnostics;
  const opened = openWorkloadManifest(source, context);
  const environments = opened.overlays.length === 0 ? [undefined] : opened.overlays;
  return environments.flatMap((env) => opened.in(env).diagnostics);
}

test(
  "what the loader takes without a word about its keys, the JSON Schema takes",
  { timeout: 60_000 + runs * 40 },
  () => {
    let taken = 0;
    fc.assert(
      fc.property(mutated, ({ text, name }) => {
        const found = complaints(parse(text), name);
        const said = diagnosticsOf(text).filter(
          ({ severity, code }) => severity === "error" || code.startsWith("schema/"),
        );
        if (said.length > 0) return;
        taken += 1;
        expect({ found, text: found.length > 0 ? text : "" }).toEqual({ found: [], text: "" });
      }),
      { numRuns: runs },
    );
    expect(taken).toBeGreaterThan(runs / 10);
  },
);
