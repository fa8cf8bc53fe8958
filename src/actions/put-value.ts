import { UserError } from "../errors.ts";
import type { LocalProvider, ValueToPut } from "../providers/provider.ts";

/** Keeps a value. @throws UserError value/exists unless it may be overwritten, and as the provider does */
export async function putValue(
  value: ValueToPut,
  { provider }: { provider: LocalProvider },
): Promise<"created" | "updated"> {
  const result = await provider.putValue(value);
  if (result !== "exists") return result;
  throw new UserError(
    "value/exists",
    `there is ${value.kind === "export" ? "an" : "a"} ${value.kind} ${value.name} already; it was left as it is`,
  );
}
