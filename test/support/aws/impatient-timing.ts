import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { usualPaces } from "../../../src/providers/aws/domains/poll.ts";
import { type Timing, usualTiming } from "../../../src/providers/aws/timing.ts";

const shortest = 2;

/** The emulator is asked at once and often: its stacks are ready sooner than AWS's. What is measured is the time that AWS
 *  would have taken. */
export function impatientTiming(): Timing {
  let skipped = 0;
  return {
    stacks: {
      async pause(milliseconds, signal) {
        if (milliseconds > shortest) skipped += milliseconds - shortest;
        await delay(Math.min(milliseconds, shortest), undefined, { signal }).catch(() => undefined);
      },
      now: () => Date.now() + skipped,
      uuid: randomUUID,
    },
    pace: { first: 5, most: 20 },
    paces: {
      ...usualTiming.paces,
      ...Object.fromEntries(Object.keys(usualPaces).map((name) => [name, { first: 5, most: 5000 }])),
    },
  };
}
