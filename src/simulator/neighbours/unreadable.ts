import { UserError } from "../../errors.ts";

/** What is kept cannot be decrypted. @param why continues a sentence */
export function unreadable(why: string): UserError {
  return new UserError("value/unreadable", `the simulator's values cannot be read: ${why}`, {
    hint: "put the key file back, or start anew: pilotfish local delete --all    (forgets all values)",
  });
}
