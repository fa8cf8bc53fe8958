import type { Change } from "@aws-sdk/client-route-53";
import type { DomainRecordEvent } from "../../account/domains.ts";
import type { Pace } from "./poll.ts";
import { decide, leadsTo, recordName, removals, targets, type WantedRecord } from "./record-changes.ts";
import type { Zone, Zones } from "./zones.ts";

interface Waiting {
  zones: Zones;
  pace: Pace;
  signal: AbortSignal;
}

/** Writes records, each into its zone, all of one zone at once. One that leads elsewhere is told and left.
 *  @param ours what records may lead to beside the ones that are wanted
 *  @returns the names whose records are not there as they are wanted
 *  @throws UserError domain/zone-not-found */
export async function* writeRecords(
  wanted: readonly WantedRecord[],
  { zones, pace, signal, ours = [] }: Waiting & { ours?: readonly string[] },
): AsyncGenerator<DomainRecordEvent, string[], void> {
  const changes = new Map<Zone, { change: Change; record: WantedRecord }[]>();
  const left: string[] = [];
  const decided = await Promise.all(
    wanted.map(async (record) => {
      const zone = await zones.of(record.serves ?? record.name);
      return { record, zone, decision: zone && decide(record, await zone.recordsAt(record.name), ours) };
    }),
  );
  for (const { record, zone, decision } of decided) {
    if (zone === undefined || decision === undefined)
      yield recordEvent("no-zone", record.name, record.type, targets(record));
    else if (decision.do === "leave") yield recordEvent("elsewhere", record.name, record.type, [decision.leadsTo]);
    else if (decision.do === "write")
      changes.set(zone, [...(changes.get(zone) ?? []), { change: decision.change, record }]);
    if (zone === undefined || decision?.do === "leave") left.push(record.name);
  }
  await Promise.all(
    [...changes].map(([zone, all]) =>
      zone.change(
        all.map(({ change }) => change),
        pace,
        signal,
      ),
    ),
  );
  for (const { record } of [...changes.values()].flat())
    yield recordEvent("written", record.name, record.type, targets(record));
  return left;
}

/** Removes records that lead to something of ours.
 *  @throws UserError domain/zone-not-found */
export async function* removeRecords(
  records: readonly { name: string; serves?: string; type: string; ours: readonly string[] }[],
  { zones, pace, signal }: Waiting,
): AsyncGenerator<DomainRecordEvent, void, void> {
  const found = await Promise.all(
    records.map(async ({ ours, serves, ...record }) => {
      const zone = await zones.foundFor(serves ?? record.name);
      return { zone, changes: zone === undefined ? [] : removals(record, await zone.recordsAt(record.name), ours) };
    }),
  );
  const byZone = new Map<Zone, Change[]>();
  for (const { zone, changes } of found)
    if (zone !== undefined && changes.length > 0) byZone.set(zone, [...(byZone.get(zone) ?? []), ...changes]);
  yield* applyRemovals(byZone, { pace, signal });
}

export async function* applyRemovals(
  byZone: ReadonlyMap<Zone, Change[]>,
  { pace, signal }: Omit<Waiting, "zones">,
): AsyncGenerator<DomainRecordEvent, void, void> {
  await Promise.all([...byZone].map(([zone, changes]) => zone.change(changes, pace, signal)));
  for (const { ResourceRecordSet: set } of [...byZone.values()].flat())
    if (set !== undefined) yield recordEvent("removed", recordName(set), set.Type ?? "", leadsTo(set));
}

export function recordEvent(
  action: DomainRecordEvent["action"],
  name: string,
  recordType: string,
  leads: readonly string[],
): DomainRecordEvent {
  return { type: "domain-record", action, name, recordType, value: leads.join(", "), at: new Date().toISOString() };
}
