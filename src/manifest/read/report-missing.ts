import type { z } from "zod";
import { type Path, type Problems, dotted } from "../problems.ts";
import { factsOf } from "../schema/fields.ts";
import { formFor, requiredOf } from "../schema/forms.ts";
import { listed, quoted } from "../words.ts";
import { type Placed, placeOf } from "./placed.ts";

/** Reports each required key that is absent, at the map that should hold it. */
export function reportMissing(schema: z.ZodType, root: Placed, problems: Problems): void {
  visit(schema, root, []);

  function visit(field: z.ZodType, placed: Placed, path: Path): void {
    if (placed.kind === "list") {
      const form = formFor(field, "list");
      if (form?.kind === "list") placed.items.forEach((item, i) => visit(form.item, item, [...path, i]));
    }
    const form = placed.kind === "map" ? formFor(field, "map") : undefined;
    if (placed.kind !== "map" || form?.kind !== "map") return;
    for (const [key, { value }] of placed.entries) {
      const inner = form.values ?? form.fields?.[key];
      if (inner) visit(inner, value, [...path, key]);
      if (form.values && value.kind === "absent") reportEmpty(form.values, [...path, key]);
    }
    for (const [key, inner] of requiredOf(form)) {
      if ((placed.entries.get(key)?.value.kind ?? "absent") !== "absent") continue;
      const missing = [...path, key];
      const hint = factsOf(inner).whenMissing;
      problems.add(placeOf(root, missing), "schema/missing", `${quoted(dotted(missing))} is missing`, missing, {
        hint,
      });
    }
  }

  /** An entry that must hold something, and holds nothing. */
  function reportEmpty(field: z.ZodType, path: Path): void {
    const form = formFor(field, "map");
    const needed =
      form?.kind === "map" && !formFor(field, "scalar") ? requiredOf(form).map(([key]) => quoted(key)) : [];
    if (needed.length === 0) return;
    problems.add(placeOf(root, path), "schema/missing", `${quoted(dotted(path))} is empty`, path, {
      hint: `it needs ${listed(needed, "and")}`,
    });
  }
}
