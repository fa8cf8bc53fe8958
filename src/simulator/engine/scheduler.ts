import { checkBreaker } from "./breaker.ts";
import { type Census, takeCensus } from "./census.ts";
import { complete, retire, tellSteady, tellStuck } from "./completion.ts";
import type { Draft } from "./draft.ts";
import { drainOld, giveUpFailed, makeRoom } from "./old-deployments.ts";
import { replaceOld, startPrimary, stopSurplus } from "./replicas.ts";
import type { Service } from "./state.ts";

/** One rule of a pass. @returns whether it changed anything; then the pass looks again from the top. */
type Rule = (draft: Draft, service: Service, census: Census) => boolean;

/** In this order: ECS's limits first start what may be started, then stop what may be stopped. */
const rules: Rule[] = [
  (draft, service, { primary }) => checkBreaker(draft, service, primary.deployment),
  giveUpFailed,
  startPrimary,
  stopSurplus,
  drainOld,
  replaceOld,
  makeRoom,
  complete,
];

/** Far more than any pass needs; a pass that does not come to rest is a bug, and must not hang its process. */
const ROUNDS = 1000;

/** Brings a service as near to what is wanted as its limits permit at this moment. */
export function runScheduler(draft: Draft, serviceId: string): void {
  const service = draft.service(serviceId);
  if (service === undefined) return;
  clearPauses(draft, service);
  const isScheduled = service.status === "ACTIVE" && service.taskGroup !== true;
  const census = isScheduled ? comeToRest(draft, serviceId) : undefined;
  draft.tellNotes();
  retire(draft, serviceId);
  if (census === undefined) return;
  tellStuck(draft, serviceId, census);
  tellSteady(draft, serviceId, census);
}

/** @returns how things stand when no rule has anything left to do */
function comeToRest(draft: Draft, serviceId: string): Census | undefined {
  for (let round = 0; ; round += 1) {
    const service = draft.service(serviceId);
    const census = service && takeCensus(draft, service);
    if (service === undefined || census === undefined) return undefined;
    if (round === ROUNDS || !rules.some((rule) => rule(draft, service, census))) return census;
    draft.tellNotes();
  }
}

function clearPauses(draft: Draft, { id, deployments }: Service): void {
  for (const { id: deploymentId, throttle } of deployments) {
    if (throttle.notBefore > 0 && throttle.notBefore <= draft.now)
      draft.editDeployment(id, deploymentId).throttle.notBefore = 0;
  }
}
