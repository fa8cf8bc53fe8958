import type { Later } from "../plan/later.ts";
import type { StackFacts } from "./facts.ts";

/** The value of a variable: one that holds ARNs in JSON has them written out, as Copilot does, since programs compare
 *  them as texts. */
export function writtenOut<V extends string | Later | undefined>(value: V, facts: StackFacts): V | Later {
  if (typeof value !== "object" || !("join" in value)) return value;
  return { join: value.join.map((part) => (typeof part === "object" ? (literal(part, facts) ?? part) : part)) };
}

function literal(part: Later, { partition, region, account }: StackFacts): string | undefined {
  const known: Readonly<Record<string, string>> = { partition, region, account };
  return "ref" in part ? known[part.ref] : undefined;
}
