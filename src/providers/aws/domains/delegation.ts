import type { DomainEvent, DomainPlace } from "../../account/domains.ts";
import { decide, leadsTo, recordName, removals, validationsIn } from "./record-changes.ts";
import type { DomainTools } from "./tools.ts";
import { applyRemovals, recordEvent } from "./write-records.ts";
import { Zones } from "./zones.ts";

/** As the contract says. What an environment of that name has left is written over: the name is nobody else's. */
export async function* delegate(
  place: DomainPlace,
  { session, paces }: DomainTools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const zones = new Zones(session, place, paces.rights);
  const [own, application] = await Promise.all([zones.get("environment"), zones.get("application")]);
  const [servers, present] = await Promise.all([own.nameServers(), application.recordsAt(own.name)]);
  const former = present.filter((each) => each.Type === "NS" && recordName(each) === own.name).flatMap(leadsTo);
  const decision = decide({ name: own.name, type: "NS", values: servers }, present, former);
  if (decision.do !== "write") return;
  await application.change([decision.change], paces.records, signal);
  yield recordEvent("written", own.name, "NS", servers);
}

/** Removes what leads to the environment's zone, and what keeps the zone from being deleted. */
export async function* removeDelegation(
  place: DomainPlace,
  { session, paces }: DomainTools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const zones = new Zones(session, place, paces.rights);
  const [own, application] = await Promise.all([zones.find("environment"), zones.find("application")]);
  if (own === undefined) return;
  yield* applyRemovals(new Map([[own, validationsIn(await own.allRecords())]]), { pace: paces.records, signal });
  if (application === undefined) return;
  const [servers, present] = await Promise.all([own.nameServers(), application.recordsAt(own.name)]);
  const changes = removals({ name: own.name, type: "NS" }, present, servers);
  yield* applyRemovals(new Map([[application, changes]]), { pace: paces.records, signal });
}
