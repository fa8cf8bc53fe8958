import type { SimulatorState } from "../engine/state.ts";
import type { Retention } from "./kept-log.ts";

/** For how many days the logs of each service are kept, as its newest deployment says. Pure. */
export function retentionOf({ services }: SimulatorState): Retention {
  return Object.fromEntries(
    Object.values(services).map(({ id, deployments }) => [
      id,
      deployments[0]?.spec.plan.logRetentionDays ?? Number.POSITIVE_INFINITY,
    ]),
  );
}
