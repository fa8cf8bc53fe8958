import type { z } from "zod";
import type { environmentManifest } from "../schema/environment-manifest.ts";
import type { Partially, Rule } from "./rule.ts";

/** An environment's manifest after interpolation, in its own shape. */
export type EnvironmentManifest = z.infer<ReturnType<typeof environmentManifest>>;

/** One in which anything may be missing, because rules also see manifests with errors. */
export type ReadEnvironmentManifest = Partially<EnvironmentManifest>;

export function environmentRule(
  code: string,
  reads: readonly string[],
  check: Rule<ReadEnvironmentManifest>["check"],
): Rule<ReadEnvironmentManifest> {
  return { code, reads, check };
}
