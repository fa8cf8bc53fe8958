/** A member of a JSON object as the ECS agent puts it into a variable: text as it is, everything else as Go prints it.
 *  Undefined when the object has no such member. */
export function jsonMember(document: string, key: string): { text: string } | "no-object" | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    return "no-object";
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return "no-object";
  if (!Object.hasOwn(parsed, key)) return undefined;
  return { text: printed((parsed as Record<string, unknown>)[key]) };
}

/** As Go's `%v`. */
function printed(value: unknown): string {
  if (value === null) return "<nil>";
  if (typeof value === "number") return printedNumber(value);
  if (Array.isArray(value)) return `[${value.map(printed).join(" ")}]`;
  if (typeof value === "object") {
    const entries = Object.entries(value as object).toSorted(([one], [other]) => (one < other ? -1 : 1));
    return `map[${entries.map(([name, item]) => `${name}:${printed(item)}`).join(" ")}]`;
  }
  return String(value);
}

/** JSON's numbers are floats to Go, which writes one with an exponent when that is below -4 or above 5. */
function printedNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power <= 5) return String(value);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
