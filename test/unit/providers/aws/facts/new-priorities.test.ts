import fc from "fast-check";
import { expect, test } from "vitest";
import { newPriorities } from "../../../../../src/providers/aws/facts/new-priorities.ts";

test("the first rules of a listener begin at either end", () => {
  expect(newPriorities(["root", "path", "path", "root"], [])).toEqual([50_000, 1, 2, 49_999]);
});

test("rules that are there are stepped over, gaps among them stay", () => {
  expect(newPriorities(["path", "root"], [3, 7, 49_500, 50_000])).toEqual([8, 49_499]);
});

test("where the next one would leave its band, the nearest free one is taken; where none is free, none", () => {
  expect(newPriorities(["path", "path"], [47_999, 47_997])).toEqual([47_998, 47_996]);
  expect(newPriorities(["root"], [48_000, 50_000])).toEqual([49_999]);
  expect(
    newPriorities(
      ["root"],
      Array.from({ length: 2001 }, (_, i) => 48_000 + i),
    ),
  ).toEqual([undefined]);
});

test("whatever a listener has, no two rules get the same priority, and one for all requests stands behind the others", () => {
  const priority = fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 47_990, max: 50_000 }));
  const taken = fc.uniqueArray(priority);
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
