import type { Diagnostic, Place } from "../errors.ts";
import type { ManifestSource } from "./load.ts";
import { type Path, Problems } from "./problems.ts";
import { placeOf } from "./read/placed.ts";
import { Reader } from "./read/read.ts";
import { reportMissing } from "./read/report-missing.ts";
import type { PipelineManifest, ReadPipelineManifest } from "./rules/pipeline-rule.ts";
import { pipelineRules } from "./rules/pipeline-rules.ts";
import { applyRules } from "./rules/workload-rules.ts";
import { pipelineManifest } from "./schema/pipeline-manifest.ts";
import { quoted } from "./words.ts";
import { readDocument } from "./yaml/read-document.ts";
import type { Entry, MapNode, Node } from "./yaml/tree.ts";

export type { PipelineManifest, ReadPipelineManifest } from "./rules/pipeline-rule.ts";

export interface LoadedPipelineManifest {
  /** In the manifest's own shape; undefined when there is an error. */
  manifest: PipelineManifest | undefined;
  /** The same of a manifest with errors: what could be read of it. */
  readable: ReadPipelineManifest;
  /** All problems, in file order. */
  diagnostics: Diagnostic[];
  /** Where a path of the manifest stands in the file; a missing key points at its parent. */
  place(path: readonly (string | number)[]): Place;
}

let schema: ReturnType<typeof pipelineManifest> | undefined;

/** Reads a pipeline's manifest and finds all that is wrong with it; throws for nothing that a file can hold. Variables are
 *  not replaced: Copilot does it in no manifest of a pipeline. */
export function loadPipelineManifest(source: ManifestSource, { app }: { app: string }): LoadedPipelineManifest {
  const problems = new Problems(source.file, source.text);
  const root = readDocument(source.text, problems, "start with `name:` and `version: 1`");
  if (!root)
    return {
      manifest: undefined,
      readable: {},
      diagnostics: problems.inFileOrder(),
      place: () => problems.place(0),
    };
  schema ??= pipelineManifest();
  const placed = new Reader("Pipeline", schema, problems).readRoot(withEmptyDeployments(root));
  reportMissing(schema, placed, problems);
  const readable = applyRules(pipelineRules, placed, source, problems);
  checkStackName(app, readable.name, problems, placeOf(placed, ["name"]));
  return {
    // Every value has been read by its field's schema, and no required one is missing: it is what the schema describes.
    manifest: problems.hasErrors ? undefined : (readable as PipelineManifest),
    readable,
    diagnostics: problems.inFileOrder(),
    place: (path: Path) => problems.place(placeOf(placed, path)),
  };
}

/** CloudFormation takes 128 characters. */
function checkStackName(app: string, name: string | undefined, problems: Problems, at: number): void {
  const longest = 128 - `pipeline-${app}-`.length;
  if (name === undefined || name.length <= longest) return;
  const message = `${quoted(name)} is too long: the stack would be named ${quoted(`pipeline-${app}-${name}`)}`;
  problems.add(at, "pipeline/name", message, ["name"], { hint: `use ${longest} characters at most` });
}

/** `api:` among the deployments of a stage deploys `api`, and says nothing more about it. */
function withEmptyDeployments(root: MapNode): MapNode {
  return inside(root, "stages", (stages) =>
    stages.kind !== "list"
      ? stages
      : {
          ...stages,
          items: stages.items.map((stage) => (stage.kind === "map" ? inside(stage, "deployments", filled) : stage)),
        },
  );
}

function inside(map: MapNode, key: string, change: (value: Node) => Node): MapNode {
  const entry = map.entries.get(key);
  if (!entry) return map;
  return { ...map, entries: new Map(map.entries).set(key, { ...entry, value: change(entry.value) }) };
}

function filled(deployments: Node): Node {
  if (deployments.kind !== "map") return deployments;
  const entries = [...deployments.entries].map(([name, entry]): [string, Entry] => {
    if (entry.value.kind !== "null") return [name, entry];
    return [name, { ...entry, value: { kind: "map", at: entry.keyAt, entries: new Map() } }];
  });
  return { ...deployments, entries: new Map(entries) };
}
