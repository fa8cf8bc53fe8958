import * as z from "zod";
import { environmentManifest } from "../schema/environment-manifest.ts";
import { pipelineManifest } from "../schema/pipeline-manifest.ts";
import { partialForm } from "../schema/partial-form.ts";
import { workloadSchemas } from "../schema/workloads.ts";
import { type ManifestType, type WorkloadTypeName, workloadTypes } from "../workload-types.ts";
import { descriptions } from "./descriptions/manifests.ts";
import { fieldSchema } from "./field-schema.ts";
import { type JsonSchema, when } from "./json-schema.ts";
import { requiredKeys } from "./required-keys.ts";
import { withSharedParts } from "./shared-parts.ts";

/** The dialect that editors know best. */
const dialect = "http://json-schema.org/draft-07/schema#";

const comment = "Written by pilotfish, which writes it again: changes do not stay.";

/** The JSON Schemas of manifests, by the names of their files without `.json`: one of each type and one of pipelines, and
 *  `manifest`, which picks by `type`. They say what a manifest may look like; what AWS and Copilot ask for beyond that,
 *  `validate` knows. */
export function manifestSchemas(): Record<string, JsonSchema> {
  const schemas = new Map<ManifestType, JsonSchema>([
    ...workloadTypes.map((type) => [type, workloadJsonSchema(type)] as const),
    ["Environment", schemaOf("Environment", environmentManifest())],
    ["Pipeline", schemaOf("Pipeline", pipelineManifest())],
  ]);
  const all = [...schemas].map(([type, schema]) => [fileName(type), schema] as const);
  const written = [...all, ["manifest", pickedByType(schemas)] as const].map(
    ([name, schema]) => [name, { $schema: dialect, $comment: comment, ...withSharedParts(schema) }] as const,
  );
  return Object.fromEntries(written);
}

/** `backend-service` of `Backend Service`. */
function fileName(type: ManifestType): string {
  return type.toLowerCase().replaceAll(" ", "-");
}

/** What an overlay may lack, the base may lack too when there are overlays. */
function workloadJsonSchema(type: WorkloadTypeName): JsonSchema {
  const { checked } = workloadSchemas[type];
  const { name: _, type: __, ...settings } = checked.shape;
  const written = z.object({
    name: checked.shape.name,
    type: checked.shape.type,
    ...(partialForm(z.object(settings)) as z.ZodObject).shape,
  });
  const { properties, ...rest } = schemaOf(type, written) as { properties: Record<string, JsonSchema> };
  const overlay = {
    description: textOf(type, "environments.*"),
    type: ["object", "null"],
    properties: Object.fromEntries(Object.keys(settings).map((key) => [key, properties[key]])),
    additionalProperties: false,
  };
  const environments = {
    description: textOf(type, "environments"),
    type: ["object", "null"],
    additionalProperties: overlay,
  };
  const noOverlays = { properties: { environments: { type: ["object", "null"], maxProperties: 0 } } };
  return { ...rest, properties: { ...properties, environments }, ...when(noOverlays, requiredKeys(checked)) };
}

function schemaOf(type: ManifestType, schema: z.ZodType): JsonSchema {
  const place = { path: [], descriptions: descriptions[type], isNullable: false };
  return { title: type, ...fieldSchema(schema, place) };
}

function textOf(type: ManifestType, path: string): string {
  const found = descriptions[type][path];
  return typeof found === "object" ? found.about : (found ?? "");
}

/** What has no `type` but stages is a pipeline's. */
function pickedByType(schemas: ReadonlyMap<ManifestType, JsonSchema>): JsonSchema {
  const types = [...schemas.keys()].filter((type) => type !== "Pipeline");
  const reference = (type: ManifestType) => ({ $ref: `#/definitions/${fileName(type)}` });
  return {
    title: "Manifest",
    description: "A manifest of a workload, an environment or a pipeline.",
    type: "object",
    allOf: [
      ...types.map((type) => when(having("type", { const: type }), reference(type))),
      when({ ...having("stages"), not: having("type") }, reference("Pipeline")),
      when({ not: having("stages") }, having("type", { description: "What the manifest is of.", enum: types })),
    ],
    definitions: Object.fromEntries([...schemas].map(([type, schema]) => [fileName(type), schema])),
  };
}

function having(key: string, schema: JsonSchema = {}): JsonSchema {
  return { required: [key], properties: { [key]: schema } };
}
