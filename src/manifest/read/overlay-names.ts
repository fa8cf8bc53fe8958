import type { z } from "zod";
import type { Problems } from "../problems.ts";
import { keyTree } from "../schema/key-tree.ts";
import { quoted } from "../words.ts";
import type { PlacedMap } from "./placed.ts";

/** Whatever stands directly under `environments` is the name of an environment; a field there is a slip. */
export function reportOverlayNames(root: PlacedMap, schema: z.ZodType, problems: Problems): void {
  const environments = root.entries.get("environments")?.value;
  if (environments?.kind !== "map") return;
  const fields = keyTree(schema);
  for (const [name, { keyAt }] of environments.entries) {
    if (!Object.hasOwn(fields, name)) continue;
    const message = `${quoted(name)} is read as the name of an environment here`;
    const hint = `a field of one environment stands under its name: environments.test.${name}`;
    problems.add(keyAt, "schema/overlay-name", message, ["environments", name], { hint, severity: "warning" });
  }
}
