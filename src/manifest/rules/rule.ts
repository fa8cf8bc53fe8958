import type { Path, ProblemDetails } from "../problems.ts";
import type {
  BackendServiceManifest,
  LoadBalancedWebServiceManifest,
  RequestDrivenManifest,
  ScheduledJobManifest,
  StaticSiteManifest,
  WorkerServiceManifest,
} from "../schema/workloads.ts";

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
  /** Whether patches change what is made of the manifest. */
  hasOverrides?: boolean;
}

/** Says what is wrong at a field; a key with a dot in it needs the path's steps. */
export type Report = (path: string | Path, message: string, details?: ProblemDetails) => void;

/** A manifest in which anything may be missing, because rules also see manifests with errors. This is of what runs as
 *  tasks of ECS. */
export type ReadManifest =
  | Partially<LoadBalancedWebServiceManifest>
  | Partially<BackendServiceManifest>
  | Partially<WorkerServiceManifest>
  | Partially<ScheduledJobManifest>;
export type ReadRequestDriven = Partially<RequestDrivenManifest>;
export type ReadStaticSite = Partially<StaticSiteManifest>;

/** The same of any type; without a `type`, nothing but a name is known of it. */
export type ReadWorkload = ReadManifest | ReadRequestDriven | ReadStaticSite;

export function isReadService(manifest: ReadWorkload): manifest is ReadManifest {
  return manifest.type !== "Request-Driven Web Service" && manifest.type !== "Static Site";
}

export type Partially<T> = T extends readonly (infer Item)[]
  ? Partially<Item>[]
  : T extends object
    ? { [K in keyof T]?: Partially<T[K]> }
    : T;

export function rule<Manifest = ReadManifest>(
  code: string,
  reads: readonly string[],
  check: Rule<Manifest>["check"],
): Rule<Manifest> {
  return { code, reads, check };
}
