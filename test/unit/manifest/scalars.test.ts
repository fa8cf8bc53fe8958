import { describe, expect, test } from "vitest";
import { parseNumber } from "../../../src/manifest/yaml/scalars.ts";
import { backend, manifest, problems, web } from "./problems.ts";

describe("scalars are read into their field's type", () => {
  test("text stays as it is written", () => {
    const good = manifest(
      ...backend(`
        variables:
          VERSION: 1.10
          OCTAL: 0123
          FLAG: true
          SPOKEN: on
          EXPONENT: 1e3
          QUOTED: "a\\tb"
          FOLDED: >-
            one
            two
          LITERAL: |
            one
            two
          TAGGED: !GetAtt Table.Name
          DATE: 2024-01-02
          EMPTY: ""
          NOTHING:
          NULL_TOO: null
          LIST: '["a", "b"]'
      `),
    );
    expect(good).toMatchInlineSnapshot(`
      {
        "image": {
          "location": "nginx",
          "port": 80,
        },
        "name": "api",
        "type": "Backend Service",
        "variables": {
          "DATE": "2024-01-02",
          "EMPTY": "",
          "EXPONENT": "1e3",
          "FLAG": "true",
          "FOLDED": "one two",
          "LIST": "["a", "b"]",
          "LITERAL": "one
      two
      ",
          "NOTHING": "",
          "NULL_TOO": "",
          "OCTAL": "0123",
          "QUOTED": "a	b",
          "SPOKEN": "on",
          "TAGGED": "Table.Name",
          "VERSION": "1.10",
        },
      }
    `);
  });

  test.for([
    ["256", 256],
    ["+256", 256],
    ["256.0", 256],
    ["2.56e2", 256],
    ["0x100", 256],
    ["0o400", 256],
    ["0400", 256],
    ["0b100000000", 256],
    ["2_5_6", 256],
    ["-0", 0],
    ["0890", 890],
    [".5", 0.5],
    ["12abc", undefined],
    ["0x", undefined],
    ["_1", undefined],
    ["1:30", undefined],
    ["", undefined],
    [".inf", undefined],
  ] as const)("the number %s is %s", ([text, value]) => {
    expect(parseNumber(text)).toBe(value);
  });

  test("a whole number may be written as YAML allows", () => {
    expect(manifest(...backend("cpu: 0x100\nmemory: 5_12\ncount: 2.0"))).toMatchObject({
      cpu: 256,
      memory: 512,
      count: 2,
    });
    expect(manifest(...backend("cpu: !!int '256'"))).toMatchObject({ cpu: 256 });
  });

  test("what is no whole number is refused at its place", () => {
    expect(
      problems(
        ...backend(`
          cpu: lots
          memory: "512"
          count: 1.5
        `),
      ),
    ).toMatchInlineSnapshot(`
      "4:6    error  \`cpu\` must be a whole number, not \`lots\`  (schema/type)
      5:9    error  \`memory\` must be a whole number, and in quotes it is text  (schema/type)
                    write 512 without quotes
      6:8    error  \`count\` must be a whole number or a map, not \`1.5\`  (schema/type)"
    `);
    expect(problems(...backend("cpu: [256]\nmemory: { a: 1 }\ncount: yes"))).toMatchInlineSnapshot(`
      "4:1    error  \`cpu\` must be a whole number, not a list  (schema/type)
      5:1    error  \`memory\` must be a whole number, not a map  (schema/type)
      6:8    error  \`count\` must be a whole number or a map, not \`yes\`  (schema/type)"
    `);
  });

  test("false is said in each of YAML's ways", () => {
    for (const no of ["false", "False", "no", "No", "NO", "off", "Off", "OFF", "n", "'no'"]) {
      const text = `name: api\ntype: Load Balanced Web Service\nimage: { location: nginx, port: 80 }\nhttp: ${no}\n`;
      expect(problems(text)).toContain("(http/off)");
    }
    for (const other of ["nO", "'false'", "nope", "0", "!!bool no"]) {
      const text = `name: api\ntype: Load Balanced Web Service\nimage: { location: nginx, port: 80 }\nhttp: ${other}\n`;
      expect(problems(text)).toContain("`http` must be false or a map");
    }
  });

  test("nothing and null leave a key out", () => {
    expect(manifest(...backend("cpu:\nmemory: ~\nvariables:\ncount: null"))).toMatchInlineSnapshot(`
      {
        "image": {
          "location": "nginx",
          "port": 80,
        },
        "name": "api",
        "type": "Backend Service",
      }
    `);
  });

  test("`<<` takes keys over from other maps, which the map's own win against", () => {
    const good = manifest(
      ...backend(`
        variables:
          <<: [{ A: first, B: first }, &second { B: second, C: second, D: second }]
          D: own
        environments:
          test:
            variables: { <<: *second }
      `),
    );
    expect(good).toMatchObject({ variables: { A: "first", B: "first", C: "second", D: "own" } });
  });

  test("a list may come as JSON in text", () => {
    const image = (value: string) => `name: api\ntype: Backend Service\nimage: { build: { cache_from: ${value} } }`;
    expect(manifest(image(`'["a", "b"]'`))).toMatchObject({ image: { build: { cache_from: ["a", "b"] } } });
    expect(manifest(image("'${LIST}'"), { variables: { LIST: '["a"]' } })).toMatchObject({
      image: { build: { cache_from: ["a"] } },
    });
    expect(problems(image("a"))).toMatchInlineSnapshot(
      `
      "3:31   error  \`image.build.cache_from\` must be a list, not \`a\`  (schema/type)
                    write \`["a"]\`"
    `,
    );
    expect(problems(image("[a, [b], ~]"))).toMatchInlineSnapshot(`
      "3:35   error  \`image.build.cache_from[1]\` must be text, not a list  (schema/type)
      3:40   error  \`image.build.cache_from[2]\` is empty  (schema/type)"
    `);
  });

  test("a duration has a unit", () => {
    expect(
      problems(
        ...web(`
          deregistration_delay: 5
          healthcheck:
            interval: 1 minute
            timeout: 1m30
        `),
      ),
    ).toMatchInlineSnapshot(`
      "6:25   error  \`http.deregistration_delay\` must be a duration such as 30s or 1m30s, not \`5\`  (schema/value)
                    a duration has a unit: 5s
      8:15   error  \`http.healthcheck.interval\` must be a duration such as 30s or 1m30s, not \`1 minute\`  (schema/value)
      9:14   error  \`http.healthcheck.timeout\` must be a duration such as 30s or 1m30s, not \`1m30\`  (schema/value)"
    `);
  });
});
