import { certificateParameter } from "../cloudformation/environment/load-balancers.ts";
import type { WorkloadManifest } from "../manifest/load.ts";
import { needsOf, settledParameters } from "../plan/environment-needs.ts";
import type { DomainEvent } from "../providers/account/domains.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { StackEvent } from "../providers/account/stacks.ts";
import type { LockEvent, LockTools } from "./deployment-lock.ts";
import { domainPlaceOf } from "./domain-place.ts";
import { shrinkEnvironment } from "./leave-environment.ts";

/** Takes out of the parameters of an environment what a workload, deployed as its manifest says, no longer needs there, and its
 *  former aliases. Nothing, and no question, for most.
 *  @param gathered as it was before the deployment
 *  @throws UserError as {@link shrinkEnvironment} */
export async function* settleEnvironment(
  manifest: WorkloadManifest,
  gathered: GatheredFacts,
  tools: LockTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent | LockEvent | DomainEvent, void, void> {
  const { environment, environmentStack: stack } = gathered;
  if (stack === undefined) return;
  const { app, name: env } = environment;
  const now = needsOf(manifest);
  if (stack.parameters["EFSWorkloads"] === manifest.name && !now.needs.includes("EFSWorkloads")) {
    const message = `the file system of ${env} stays with its data, though ${manifest.name}, its last user, does without it`;
    yield { type: "notice", code: "file-system/kept", message };
  }
  const leaving = (deployed: Readonly<Record<string, string>>) => settledParameters(now, deployed);
  if (Object.keys(leaving(stack.parameters)).length === 0) return;
  // Where Copilot's own functions write the names, they also remove them.
  const place = Object.hasOwn(stack.parameters, certificateParameter) ? domainPlaceOf(gathered) : undefined;
  yield* shrinkEnvironment({ workload: { app, env }, environment, place, command: "deploy", leaving }, tools, signal);
}
