import type { StackPlace } from "./stacks.ts";

/** Roles that no stack holds any more. */
export interface Roles {
  /** Deletes roles with the policies that are written into them. One that is not there is no error.
   *  @param where the environment that they are of
   *  @returns the names of those that could not be deleted, each with why */
  delete(names: readonly string[], where: StackPlace): Promise<Record<string, string>>;
}
