import * as fc from "fast-check";
import { expect, test } from "vitest";
import { circleIn, type Dependencies, ranksOf } from "../../../src/manifest/run-order.ts";

const names = ["a", "b", "c", "d", "e", "constructor"];
const anyDependencies: fc.Arbitrary<Dependencies> = fc
  .uniqueArray(fc.constantFrom(...names))
  .chain((some) => fc.record(Object.fromEntries(some.map((name) => [name, fc.array(fc.constantFrom(...names, "x"))]))));

test("a step is one further than the furthest that it waits for", () => {
  expect([...ranksOf({ web: ["api", "db"], api: ["db"], db: [], job: ["elsewhere"] })].toSorted()).toEqual([
    ["api", 1],
    ["db", 0],
    ["job", 0],
    ["web", 2],
  ]);
});

test("whatever waits for whatever, all have a place, or there is a circle", () => {
  fc.assert(
    fc.property(anyDependencies, (dependencies) => {
      const ranks = ranksOf(dependencies);
      for (const [name, rank] of ranks) {
        const before = (dependencies[name] ?? []).filter((each) => Object.hasOwn(dependencies, each));
        expect(rank).toBe(Math.max(-1, ...before.map((each) => ranks.get(each) ?? NaN)) + 1);
      }
      const circle = circleIn(dependencies);
      expect(circle === undefined).toBe(ranks.size === Object.keys(dependencies).length);
      circle?.forEach((name, i) => {
        expect(dependencies[name]).toContain(circle[(i + 1) % circle.length]);
      });
    }),
  );
});

test("a long chain takes no longer than it is", () => {
  const all = Array.from({ length: 20_000 }, (_, i): [string, string[]] => [`n${i}`, [`n${i + 1}`]]);
  expect(ranksOf(Object.fromEntries(all)).get("n0")).toBe(19_999);
  expect(circleIn(Object.fromEntries([...all, ["n20000", ["n0"]]]))?.length).toBe(20_001);
});
