/** Every workload type that Copilot knows, as `type` spells it. */
export const workloadTypes = [
  "Load Balanced Web Service",
  "Backend Service",
  "Worker Service",
  "Request-Driven Web Service",
  "Static Site",
  "Scheduled Job",
] as const;

/** The ones whose manifests this version reads. */
export const supportedWorkloadTypes = [
  "Load Balanced Web Service",
  "Backend Service",
  "Worker Service",
  "Request-Driven Web Service",
  "Static Site",
  "Scheduled Job",
] as const;

export type SupportedWorkloadType = (typeof supportedWorkloadTypes)[number];

export function isSupportedWorkloadType(type: string): type is SupportedWorkloadType {
  return (supportedWorkloadTypes as readonly string[]).includes(type);
}

/** Every `type` that a manifest of this version may have. */
export type ManifestType = SupportedWorkloadType | "Environment";
