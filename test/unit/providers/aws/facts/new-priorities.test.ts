import fc from "fast-check";
import { expect, test } from "vitest";
import { newPriorities } from "../../../../../src/providers/aws/facts/new-priorities.ts";

test("the first rules of a listener begin at either end", () => {
  expect(newPriorities(["root", "path", "path", "root"], [])).toEqual([50_000, 1, 2, 49_999]);
});

test("rules that are there are stepped over, gaps among them stay", () => {
  expect(newPriorities(["path", "root"], [3, 7, 49_500, 50_000])).toEqual([8, 49_499]);
});

test("whatever a listener has, no two rules get the same priority, and one for all requests stands behind the others", () => {
  const taken = fc.uniqueArray(fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 48_900, max: 50_000 })));
  const bands = fc.array(fc.constantFrom("root" as const, "path" as const), { maxLength: 20 });
  fc.assert(
    fc.property(bands, taken, (wanted, held) => {
      const given = newPriorities(wanted, held);
      const all = [...held, ...given];
      expect(new Set(all).size).toBe(all.length);
      for (const [i, band] of wanted.entries()) expect(given[i]! >= 48_000).toBe(band === "root");
    }),
  );
});
