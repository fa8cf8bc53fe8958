import { describe, expect, test } from "vitest";
import { ShareOfTime } from "../../../../src/simulator/runtime/docker/share-of-time.ts";

describe("a share of a thread's time", () => {
  test("is all that work takes in the long run, however much of it there is", async () => {
    const { elapsed, busy } = await workThrough({ items: 15, costMs: 5, share: 0.25, burstMs: 0 });
    expect(busy / elapsed).toBeGreaterThan(0.1);
    expect(busy / elapsed).toBeLessThanOrEqual(0.35);
  });

  test("is not felt by work that comes now and then", async () => {
    const { elapsed, busy } = await workThrough({ items: 10, costMs: 5, share: 0.01, burstMs: 10_000 });
    // Five seconds where every item is felt.
    expect(elapsed - busy).toBeLessThan(2000);
  });

  test("ends its waiting with the signal", async () => {
    const controller = new AbortController();
    const share = new ShareOfTime(0.001, 0);
    const begun = performance.now();
    for await (const _ of share.pace(source(2), controller.signal)) {
      spend(20);
      setTimeout(() => controller.abort(), 10);
    }
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

async function workThrough({
  items,
  costMs,
  share,
  burstMs,
}: Record<"items" | "costMs" | "share" | "burstMs", number>) {
  const paced = new ShareOfTime(share, burstMs);
  const begun = performance.now();
  let busy = 0;
  for await (const _ of paced.pace(source(items))) busy += spend(costMs);
  return { elapsed: performance.now() - begun, busy };
}

async function* source(items: number) {
  for (let item = 0; item < items; item++) yield item;
}

/** @returns milliseconds that it took */
function spend(milliseconds: number): number {
  const begun = performance.now();
  while (performance.now() - begun < milliseconds);
  return performance.now() - begun;
}
