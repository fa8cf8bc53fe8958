import type { Deployment, SimulatorState } from "./state.ts";

/** So many completed deployments of a service can be gone back to. */
const COMPLETED_KEPT = 5;

/** The newest that have completed, the one that is running among them. */
export function lastCompleted(deployments: readonly Deployment[]): Deployment[] {
  return deployments
    .filter(({ completedAt }) => completedAt !== undefined)
    .toSorted((a, b) => (b.completedAt ?? 0) - (a.completedAt ?? 0))
    .slice(0, COMPLETED_KEPT);
}

/** The pinned images of all deployments that have not ended, and of the last completed ones of each service. */
export function neededImages({ services }: SimulatorState): string[] {
  const needed = Object.values(services).flatMap(({ deployments }) => {
    const current = deployments.filter(({ status }) => status !== "INACTIVE");
    return [...current, ...lastCompleted(deployments)].flatMap(({ spec }) => Object.values(spec.images));
  });
  return [...new Set(needed)];
}
