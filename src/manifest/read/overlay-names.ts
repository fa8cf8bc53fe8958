import type { z } from "zod";
import type { Problems } from "../problems.ts";
import { formFor } from "../schema/forms.ts";
import { quoted } from "../words.ts";
import type { PlacedMap } from "./placed.ts";

/** Whatever stands directly under `environments` is the name of an environment; a field there is a slip. */
export function reportOverlayNames(root: PlacedMap, schema: z.ZodType, problems: Problems): void {
  const environments = root.entries.get("environments")?.value;
  const form = formFor(schema, "map");
  if (environments?.kind !== "map" || form?.kind !== "map") return;
  for (const [name, { keyAt }] of environments.entries) {
    if (!Object.hasOwn(form.fields ?? {}, name)) continue;
    const message = `${quoted(name)} is read as the name of an environment here`;
    const hint = `a field of one environment stands under its name: environments.test.${name}`;
    problems.add(keyAt, "schema/overlay-name", message, ["environments", name], { hint, severity: "warning" });
  }
}
