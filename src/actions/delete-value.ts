import { UserError } from "../errors.ts";
import type { Provider, ValueRef } from "../providers/provider.ts";

/** @throws UserError value/not-found */
export async function deleteValue(value: ValueRef, { provider }: { provider: Provider }): Promise<void> {
  if (await provider.deleteValue(value)) return;
  throw new UserError("value/not-found", `there is no ${value.kind} ${value.name}`, { hint: "pilotfish local values" });
}
