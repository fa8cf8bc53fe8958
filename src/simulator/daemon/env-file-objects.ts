import type { SimulatorState } from "../engine/state.ts";

/** Whether a deployment that tasks may still be started from names this object. */
export function namesObject({ services }: SimulatorState): (arn: string) => boolean {
  const named = new Set(
    Object.values(services).flatMap(({ deployments }) =>
      deployments.flatMap(({ spec }) =>
        (spec.plan.taskDefinition.containerDefinitions ?? []).flatMap(({ environmentFiles = [] }) =>
          environmentFiles.map(({ value }) => value),
        ),
      ),
    ),
  );
  return (arn) => named.has(arn);
}
