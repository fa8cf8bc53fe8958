import type { Path, ProblemDetails } from "../problems.ts";
import type { BackendServiceManifest, LoadBalancedWebServiceManifest } from "../schema/workloads.ts";

/** A rule about several fields, or about what no schema can say. It sees the manifest after the overlay. */
export interface Rule<Manifest = ReadManifest> {
  code: string;
  /** The fields it looks at; while one of them is broken the rule is not asked. `sidecars/**` is about all inside too. */
  reads: readonly string[];
  check(manifest: Manifest, report: Report, context: RuleContext): void;
}

export interface RuleContext {
  /** The name of the workload's folder. */
  folder: string;
}

/** Says what is wrong at a field; a key with a dot in it needs the path's steps. */
export type Report = (path: string | Path, message: string, details?: ProblemDetails) => void;

/** A manifest in which anything may be missing, because rules also see manifests with errors. */
export type ReadManifest = Partially<LoadBalancedWebServiceManifest> | Partially<BackendServiceManifest>;

export type Partially<T> = T extends readonly (infer Item)[]
  ? Partially<Item>[]
  : T extends object
    ? { [K in keyof T]?: Partially<T[K]> }
    : T;

export function rule(code: string, reads: readonly string[], check: Rule["check"]): Rule {
  return { code, reads, check };
}
