import { UserError } from "../errors.ts";
import type { DeployResult } from "../providers/provider.ts";
import type { DeployStory } from "./deploy-workload.ts";

/** How often another priority is tried: so many workloads may be deployed to one listener at the same moment. */
const mostAttempts = 5;

/** Tells a deployment. One that failed because somebody gave the priority of one of its rules to another one meanwhile is
 *  `stale`: what is known is old, and another priority has to be chosen.
 *  @param attempt counts from 1 @throws as the story does */
export async function* unlessPriorityTaken(
  story: AsyncGenerator<DeployStory, DeployResult | "stale", void>,
  attempt: number,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult | "stale", void> {
  try {
    return yield* story;
  } catch (error) {
    if (!isPriorityTaken(error) || attempt >= mostAttempts || signal.aborted) throw error;
    yield { type: "notice", code: error.code, message: `${error.message}; it is deployed again with another priority` };
    return "stale";
  }
}

export function isPriorityTaken(error: unknown): error is UserError {
  return error instanceof UserError && error.code === "stack/priority-taken";
}
