import type { DeployResult } from "../../providers/provider.ts";
import { clean } from "./clean.ts";
import type { Paint } from "./paint.ts";

/** How the deployment of several services ended. */
export interface DeploymentsSummary {
  /** `interrupted`: Ctrl-C; those that were not tried stay as they are. */
  outcome: "completed" | "failed" | "interrupted";
  /** In the order in which it was done. */
  deployed: string[];
  /** The one that ended the row, when one did. */
  failed?: string;
  notTried: string[];
  /** By the service's name. */
  results: Record<string, DeployResult>;
}

/** What was deployed, what was not, and why. */
export function renderDeploymentsSummary(
  { outcome, deployed, failed, notTried }: DeploymentsSummary,
  paint: Paint,
): string {
  const stopped = outcome === "interrupted" ? "interrupted at" : "failed";
  const parts = [
    ...(deployed.length > 0 ? [`deployed: ${deployed.join(", ")}`] : []),
    ...(failed === undefined ? [] : [`${stopped}: ${failed}`]),
    ...(notTried.length > 0 ? [`not tried: ${notTried.join(", ")}`] : []),
  ];
  const color = outcome === "completed" ? paint.green : outcome === "failed" ? paint.red : paint.yellow;
  return color(clean(parts.join("; ")));
}
