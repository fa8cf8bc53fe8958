import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesPattern } from "../../../../src/simulator/edge/pattern.ts";

test("a star is any run, a question mark one character, and case counts", () => {
  const cases: [string, string][] = [
    ["/*", "/"],
    ["/api", "/api"],
    ["/api", "/api/"],
    ["/api/*", "/api"],
    ["/api/*", "/api/v1/users"],
    ["/API/*", "/api/v1"],
    ["/img/?.png", "/img/a.png"],
    ["/img/?.png", "/img/.png"],
    ["/*/edit", "/a/b/edit"],
    ["*", "*"],
    ["/a.c", "/abc"],
  ];
  expect(
    cases.map(
      ([pattern, path]) => `${pattern} ${matchesPattern(pattern, path) ? "matches" : "does not match"} ${path}`,
    ),
  ).toMatchInlineSnapshot(`
    [
      "/* matches /",
      "/api matches /api",
      "/api does not match /api/",
      "/api/* does not match /api",
      "/api/* matches /api/v1/users",
      "/API/* does not match /api/v1",
      "/img/?.png matches /img/a.png",
      "/img/?.png does not match /img/.png",
      "/*/edit matches /a/b/edit",
      "* matches *",
      "/a.c does not match /abc",
    ]
  `);
});

test("any pattern matches what the same regular expression matches", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "/", "."), maxLength: 12 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", ".", "*", "?"), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (one, other) => {
      const expression = one
        .replaceAll(/[./]/g, String.raw`\$&`)
        .replaceAll("*", ".*")
        .replaceAll("?", ".");
      expect(matchesPattern(one, other)).toBe(new RegExp(`^${expression}$`).test(other));
    }),
    { numRuns: 2000 },
  );
});

test("a pattern full of stars is answered at once on the longest path", () => {
  const began = performance.now();
  expect(matchesPattern("*a*a*a*a*a*a*b", "a".repeat(16_000))).toBe(false);
  expect(performance.now() - began).toBeLessThan(500);
});
