import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { manifestSchemas } from "../../src/manifest/json-schema/manifest-schemas.ts";
import { writeJson } from "../../src/manifest/json-schema/write-json.ts";

/** Writes the JSON Schemas of manifests, seen from the project's folder. */
const folder = "manifests/schema";
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(manifestSchemas())) {
  writeFileSync(join(folder, `${name}.json`), `${writeJson(schema)}\n`);
}
