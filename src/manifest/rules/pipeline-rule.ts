import type { z } from "zod";
import type { pipelineManifest } from "../schema/pipeline-manifest.ts";
import type { Partially, Rule } from "./rule.ts";

/** A pipeline's manifest in its own shape. */
export type PipelineManifest = z.infer<ReturnType<typeof pipelineManifest>>;

/** One in which anything may be missing, because rules also see manifests with errors. */
export type ReadPipelineManifest = Partially<PipelineManifest>;

export function pipelineRule(
  code: string,
  reads: readonly string[],
  check: Rule<ReadPipelineManifest>["check"],
): Rule<ReadPipelineManifest> {
  return { code, reads, check };
}
