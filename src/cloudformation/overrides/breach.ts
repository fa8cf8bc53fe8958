import { quoted } from "../../manifest/words.ts";
import { pointerOf } from "./pointer.ts";

/** What makes a map no template any more, whatever its values are, with the steps to it; undefined where it is one. */
export function breach(template: unknown): { at: string[]; message: string } | undefined {
  const { Resources, ...others } = template as Record<string, unknown>;
  if (!isMap(Resources) || Object.keys(Resources).length === 0)
    return { at: ["Resources"], message: "after this the template has no resources" };
  for (const [id, resource] of Object.entries(Resources)) {
    const at = ["Resources", id];
    if (!isMap(resource) || typeof resource["Type"] !== "string")
      return { at, message: `after this ${quoted(pointerOf(at))} is no resource: it has no \`Type\`` };
  }
  for (const section of ["Parameters", "Conditions", "Outputs"]) {
    const given = others[section];
    if (given !== undefined && !isMap(given))
      return { at: [section], message: `after this ${quoted(pointerOf([section]))} is no map` };
  }
  return undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
