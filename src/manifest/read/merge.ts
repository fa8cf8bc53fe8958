import type { z } from "zod";
import { type MapForm, formFor } from "../schema/forms.ts";
import type { Placed, PlacedMap } from "./placed.ts";

/** An overlay laid over what it overlays: scalars and lists replaced, maps merged key by key, one form of a union
 *  replaced by another. What is absent in the overlay changes nothing. */
function merge(schema: z.ZodType, base: Placed, overlay: Placed): Placed {
  if (overlay.kind === "absent") return base;
  const form = base.kind === "map" && overlay.kind === "map" ? formFor(schema, "map") : undefined;
  if (base.kind !== "map" || overlay.kind !== "map" || form?.kind !== "map") return overlay;
  return mergeMaps(form, base, overlay);
}

export function mergeMaps(form: MapForm, base: PlacedMap, overlay: PlacedMap): PlacedMap {
  const entries = new Map(base.entries);
  for (const key of clearedBy(form, overlay)) entries.delete(key);
  for (const [key, { keyAt, value }] of overlay.entries) {
    const before = entries.get(key);
    const field = form.values ?? form.fields?.[key];
    if (!before || !field) entries.set(key, { keyAt, value });
    else if (value.kind !== "absent") {
      const merged = merge(field, before.value, value);
      entries.set(key, { keyAt: merged === value ? keyAt : before.keyAt, value: merged });
    }
  }
  return { ...base, entries };
}

/** The keys of the other alternatives, where the overlay has chosen one. */
function clearedBy({ alternatives }: MapForm, overlay: PlacedMap): string[] {
  const isGiven = (key: string) => (overlay.entries.get(key)?.value.kind ?? "absent") !== "absent";
  if (!alternatives.some((group) => group.some(isGiven))) return [];
  return alternatives.filter((group) => !group.some(isGiven)).flat();
}
