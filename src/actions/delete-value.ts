import { UserError } from "../errors.ts";
import type { LocalProvider, ValueRef } from "../providers/provider.ts";

/** @throws UserError value/not-found */
export async function deleteValue(value: ValueRef, { provider }: { provider: LocalProvider }): Promise<void> {
  if (await provider.deleteValue(value)) return;
  throw new UserError("value/not-found", `there is no ${value.kind} ${value.name}`, { hint: "pilotfish local values" });
}
