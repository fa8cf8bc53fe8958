import { ensureBuilt } from "./prepare.mjs";

/** Vitest's global set-up for tests that run the built program. */
export async function setup(): Promise<void> {
  await ensureBuilt();
}
