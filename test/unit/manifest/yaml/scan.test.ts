import * as fc from "fast-check";
import { stringify } from "yaml";
import { describe, expect, test } from "vitest";
import { findExcess } from "../../../../src/manifest/yaml/scan.ts";

const MiB = 1 << 20;
const withDepth = (depth: number) => ({ bytes: MiB, depth, aliases: 100 });

/** Text full of what YAML gives a meaning, in text, keys and structure. */
const yamlText = fc.stringMatching(/^[[\]{}:,#&*!|>'"%@` a\n?-]{0,12}$/);
const leaf = fc.oneof(fc.string(), yamlText, fc.integer(), fc.constant(null));
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 7, depthSize: "large" },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.string({ maxLength: 5 }), yamlText), tie("value"), { maxKeys: 3 }),
  ),
}));
const anyStyle = fc.constantFrom(
  {},
  { collectionStyle: "flow" as const },
  { indentSeq: false },
  { lineWidth: 20 },
  { defaultStringType: "QUOTE_SINGLE" as const },
);

function depthOf(value: unknown): number {
  return typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
}

describe("the sweep before parsing", () => {
  test("finds a document too deep exactly when it is, however it is written", () => {
    fc.assert(
      fc.property(anyValue, anyStyle, fc.integer({ min: 1, max: 5 }), (value, style, most) => {
        const text = stringify(value, style);
        expect(findExcess(text, withDepth(most))?.code, text).toBe(depthOf(value) > most ? "yaml/too-deep" : undefined);
      }),
      { numRuns: 2000 },
    );
  });

  test("counts what aliases repeat inside aliases", () => {
    const laughs = (levels: number) =>
      ["a0: &a0 [x]", ...Array.from({ length: levels }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)].join("\n");
    const found = [1, 2, 3, 4, 5].map(
      (levels) => findExcess(laughs(levels), { bytes: MiB, depth: 100, aliases: 50 })?.code,
    );
    // 2, 8, 22, 52, … expansions: each level repeats the one before twice.
    expect(found).toEqual([undefined, undefined, undefined, "yaml/aliases", "yaml/aliases"]);
  });

  test("takes a linear time, whatever a file of 1 MiB consists of", () => {
    const patterns = [
      "[",
      "- ",
      "[],",
      "'",
      '"',
      "\\",
      '\\"',
      "\n",
      "#\n",
      "a:",
      "a ",
      "&a ",
      "a,",
      ": ",
      ":",
      "a#",
      " ",
      "- a\n",
      "k: v\n",
      "? ",
      "*a",
      "\t",
    ];
    const ways = ["", "[", "a: ", 'a: "', "a: '", "a: |\n "];
    const slow: string[] = [];
    for (const pattern of patterns) {
      for (const way of ways) {
        const text = way + pattern.repeat((MiB - way.length) / pattern.length);
        const start = performance.now();
        findExcess(text);
        // About 50 ms on a laptop; anything quadratic would take minutes.
        if (performance.now() - start > 1000) slow.push(way + pattern);
      }
    }
    expect(slow).toEqual([]);
  });
});
