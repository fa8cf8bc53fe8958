import type { EngineClient } from "./engine-client.ts";
import { isEngineError } from "./engine-error.ts";
import { frames } from "./frames.ts";
import { logLines } from "./log-lines.ts";
import type { LogLine } from "./log-lines.ts";
import { ShareOfTime } from "./share-of-time.ts";
import { waitFor } from "./wait.ts";

/** Lines written within the same moment must be read together to get the same `at` again. */
const overlapMs = 1000;

/** All logs together take no more of this thread's time than that, so that a chatty container slows nobody else down. The
 *  Engine waits meanwhile, with what its files hold. */
const share = new ShareOfTime(0.4, 200);

/** Reads the log of a container to its end: from `position` on, over any number of lost connections.
 *  Resolves when the container has ended or is gone and every line has been delivered, or when the signal aborts. */
export async function followLog(
  client: EngineClient,
  id: string,
  position: number | undefined,
  deliver: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<void> {
  let newest = position ?? 0;
  const read = async (follow: boolean): Promise<void> => {
    const since = newest === 0 ? undefined : ((newest - overlapMs) / 1000).toFixed(9);
    const query = { follow, stdout: true, stderr: true, timestamps: true, since };
    const stream = await client.stream("GET", `/containers/${id}/logs`, { query, signal });
    for await (const line of logLines(frames(share.pace(stream, signal)))) {
      if (signal.aborted) return;
      if (line.at <= newest) continue;
      newest = line.at;
      deliver(line);
    }
  };
  for (let failures = 0; !signal.aborted;) {
    try {
      await read(true);
      const { State } = await client.json<{ State: { Running: boolean } }>("GET", `/containers/${id}/json`);
      // A followed log may end a moment before its last lines; the log of an ended container is whole.
      if (!State.Running) return await read(false);
      failures = 0;
    } catch (error) {
      if (isEngineError(error, 404, 409) || signal.aborted) return;
      failures += 1;
    }
    await waitFor(Math.min(100 * 2 ** failures, 5000), signal);
  }
}
