import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { packageRoot } from "../../src/actions/package-root.ts";

/** The JSON Schemas of manifests as an editor finds them, and what an independent validator says with them. */

const folder = join(packageRoot(import.meta.url), "manifests/schema");

// A field that takes text or a map has both types.
const ajv = new Ajv({
  strict: true,
  allowUnionTypes: true,
  allErrors: true,
  inlineRefs: false,
  code: { optimize: false },
});

/** The names of the files, without `.json`. */
export function schemaNames(): string[] {
  return readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
}

export function schemaText(name: string): string {
  return readFileSync(join(folder, `${name}.json`), "utf8");
}

/** Which schema is a manifest's, by its `type`, which pipelines have none of. */
export function schemaNameOf(manifest: unknown): string {
  const { type = "Pipeline" } = manifest as { type?: unknown };
  return String(type).toLowerCase().replaceAll(" ", "-");
}

/** What an editor would complain about, one line each: the place, and what is wrong there. */
export function complaints(manifest: unknown, name = schemaNameOf(manifest)): string[] {
  const validate = validatorOf(name);
  validate(manifest);
  // That a condition's consequence is not met is said by what is wrong in it.
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== "if");
  return [...new Set(errors.map(complaint))];
}

/** @param name of a file, and maybe of a part of it: `backend-service#/properties/cpu` */
function validatorOf(name: string): ValidateFunction {
  const [file = "", part = ""] = name.split("#");
  if (!ajv.getSchema(file)) ajv.addSchema(JSON.parse(schemaText(file)) as object, file);
  return ajv.getSchema(part === "" ? file : name) as ValidateFunction;
}

function complaint({ instancePath, message, params }: ErrorObject): string {
  const place = instancePath.slice(1).replaceAll("/", ".") || "(top)";
  if ("additionalProperty" in params) return `${place}: unknown key ${params["additionalProperty"]}`;
  return `${place}: ${message}`;
}
