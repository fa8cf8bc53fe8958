/** Every workload type, as `type` spells it. */
export const workloadTypes = [
  "Load Balanced Web Service",
  "Backend Service",
  "Worker Service",
  "Request-Driven Web Service",
  "Static Site",
  "Scheduled Job",
] as const;

export type WorkloadTypeName = (typeof workloadTypes)[number];

export function isWorkloadType(type: string): type is WorkloadTypeName {
  return (workloadTypes as readonly string[]).includes(type);
}

/** What a manifest may be of: every `type`, and pipelines, whose manifests name none. */
export type ManifestType = WorkloadTypeName | "Environment" | "Pipeline";
