import { setTimeout as sleep } from "node:timers/promises";

/** Waits, at most until the signal aborts; keeps no process alive. */
export async function waitFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) }).catch(
    () => undefined,
  );
}
