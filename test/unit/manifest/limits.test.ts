import { describe, expect, test } from "vitest";
import { load, problems } from "./problems.ts";

const head = "name: api\ntype: Backend Service\nimage: { location: nginx }\n";
const padding = (bytes: number) => "# padding\n".repeat(bytes / 10);

describe("limits of a manifest", () => {
  test("a file of more than 1 MiB is refused", () => {
    expect(problems(head + padding(1 << 20))).toMatchInlineSnapshot(
      `"1:1    error  the file is larger than 1 MiB  (yaml/too-large)"`,
    );
  });

  test("bytes count, not characters", () => {
    expect(problems(`${head}variables: { A: ${"ü".repeat(600_000)} }`)).toMatchInlineSnapshot(
      `"1:1    error  the file is larger than 1 MiB  (yaml/too-large)"`,
    );
  });

  test("a file of more than 50,000 words and signs is refused where it passes the limit", () => {
    expect(problems(`${head}x:\n${"- a\n".repeat(15_000)}`)).toMatchInlineSnapshot(
      `"4:1    warning  unknown key \`x\`; it has no effect  (schema/unknown-key)"`,
    );
    expect(problems(`${head}x:\n${"- a\n".repeat(100_000)}`)).toMatchInlineSnapshot(
      `"15381:3 error  the file holds more keys and values than a manifest can  (yaml/too-large)"`,
    );
    expect(problems(head + "\n".repeat(500_000))).toMatchInlineSnapshot(
      `"399827:1 error  the file holds more keys and values than a manifest can  (yaml/too-large)"`,
    );
  });

  test("brackets deeper than 100 levels are refused where they pass the limit", () => {
    expect(problems(`${head}a: ${"[".repeat(500_000)}`)).toMatchInlineSnapshot(
      `"4:103  error  lists and maps are nested more than 100 levels deep  (yaml/too-deep)"`,
    );
  });

  test("blocks deeper than 100 levels are refused too", () => {
    expect(
      problems(head + Array.from({ length: 150 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")),
    ).toMatchInlineSnapshot(`"104:101 error  lists and maps are nested more than 100 levels deep  (yaml/too-deep)"`);
  });

  test("100 levels are fine", () => {
    const text = `${head}a: ${"[".repeat(99)}${"]".repeat(99)}`;
    expect(problems(text)).toMatchInlineSnapshot(
      `"4:1    warning  unknown key \`a\`; it has no effect  (schema/unknown-key)"`,
    );
    expect(problems(text.replace("[[", "[[[").replace("]]", "]]]"))).toMatchInlineSnapshot(
      `"4:103  error  lists and maps are nested more than 100 levels deep  (yaml/too-deep)"`,
    );
  });

  test("aliases that repeat aliases are counted as often as they would be expanded", () => {
    const lines = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`);
    expect(problems(`${head}a0: &a0 [lol]\n${lines.join("\n")}`)).toMatchInlineSnapshot(
      `"7:10   error  aliases are expanded more than 100 times  (yaml/aliases)"`,
    );
  });

  test("100 aliases are fine, 101 are too many", () => {
    const aliases = (count: number) => `${head}x: &x 1\ny: [${"*x, ".repeat(count)}]`;
    expect(problems(aliases(100))).toMatchInlineSnapshot(`
      "4:1    warning  unknown key \`x\`; it has no effect  (schema/unknown-key)
      5:1    warning  unknown key \`y\`; it has no effect  (schema/unknown-key)"
    `);
    expect(problems(aliases(101))).toMatchInlineSnapshot(
      `"5:405  error  aliases are expanded more than 100 times  (yaml/aliases)"`,
    );
  });

  test("few aliases that repeat a lot are refused as well", () => {
    expect(problems(`${head}x: &x [${"1, ".repeat(5000)}]\ny: [${"*x, ".repeat(50)}]`)).toMatchInlineSnapshot(
      `"4:14948 error  aliases repeat more than a manifest can hold  (yaml/aliases)"`,
    );
  });

  test("an alias inside what it repeats is refused", () => {
    expect(problems(`${head}variables: &v { A: *v }\nx: &x [*x]\ny: &y { <<: *y }`)).toMatchInlineSnapshot(`
      "4:20   error  \`*v\` stands inside what it repeats  (yaml/aliases)
      5:1    warning  unknown key \`x\`; it has no effect  (schema/unknown-key)
      5:8    error  \`*x\` stands inside what it repeats  (yaml/aliases)
      6:1    warning  unknown key \`y\`; it has no effect  (schema/unknown-key)
      6:13   error  \`*y\` stands inside what it repeats  (yaml/aliases)"
    `);
  });

  test("an alias whose anchor does not stand before it is refused", () => {
    expect(problems(`${head}variables: { A: *later }\nx: &later 1`)).toMatchInlineSnapshot(`
      "4:17   error  no anchor \`&later\` stands before this alias  (yaml/aliases)
      5:1    warning  unknown key \`x\`; it has no effect  (schema/unknown-key)"
    `);
  });

  test("what passes a limit is refused at once, even at the end of a large file", () => {
    const excesses = [
      padding(2 << 20),
      `${padding(900_000)}a: ${"[".repeat(101)}`,
      `${"k: [v, 'w', {x: y}]\n".repeat(45_000)}a: ${"- ".repeat(101)}`,
      `${"- k\n".repeat(200_000)}- &a [${"*a, ".repeat(101)}]`,
      `${padding(900_000)}a: &a [x]\n${"b: [*a, *a]\n".repeat(51)}`,
    ];
    for (const text of excesses) {
      const start = performance.now();
      expect(load(text).diagnostics).toHaveLength(1);
      // Measured: 10 to 60 ms. The promise is 100 ms; here is room for a busy machine.
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });
});
