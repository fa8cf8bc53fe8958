import type { AliasRemoval, AliasRequest, DomainEvent } from "../../account/domains.ts";
import type { DomainTools } from "./tools.ts";
import { removeRecords, writeRecords } from "./write-records.ts";
import { Zones } from "./zones.ts";

/** As the contract says. */
export async function* writeAliases(
  { place, names, target, ours = [] }: AliasRequest,
  { session, paces }: DomainTools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const wanted = names.map((name) => ({ name, type: "A" as const, target }));
  yield* writeRecords(wanted, { zones: new Zones(session, place, paces.rights), pace: paces.records, signal, ours });
}

/** As the contract says. */
export async function* removeAliases(
  { place, names, ours }: AliasRemoval,
  { session, paces }: DomainTools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const records = names.map((name) => ({ name, type: "A", ours }));
  yield* removeRecords(records, { zones: new Zones(session, place, paces.rights), pace: paces.records, signal });
}
