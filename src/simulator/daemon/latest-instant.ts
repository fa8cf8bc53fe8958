import type { SimulatorState } from "../engine/state.ts";

/** The latest instant that a state remembers, in milliseconds since the epoch; the engine's time goes on from there.
 *  What containers report about themselves is on the machine's clock and does not count. */
export function latestInstant({ services, tasks }: SimulatorState): number {
  const instants = [
    ...Object.values(services).flatMap(({ createdAt, deployments, events }) => [
      createdAt,
      events[0]?.at,
      ...deployments.map(({ updatedAt }) => updatedAt),
    ]),
    ...Object.values(tasks).flatMap(({ createdAt, startedAt, stoppingAt, stoppedAt }) => [
      createdAt,
      startedAt,
      stoppingAt,
      stoppedAt,
    ]),
  ];
  return instants.reduce<number>((latest, at) => Math.max(latest, at ?? 0), 0);
}
