import { expect, test } from "vitest";
import { distilSchemas, type SchemaDatabase } from "../../../../src/cloudformation/update/distil-schemas.ts";

const text = { type: "string" };
const always = { type: text, causesReplacement: "yes" as const };
const at = (id: string) => ({ type: "ref", reference: { $ref: id } });

test("properties that replace are found however deep, and types that hold themselves end", () => {
  const definitions: Record<
    string,
    { properties: Record<string, { type: unknown; causesReplacement?: "yes" | "maybe" }> }
  > = {
    tree: { properties: { Kind: always, Branches: { type: { type: "array", element: at("tree") } } } },
    leaf: { properties: { Size: { type: text, causesReplacement: "maybe" } } },
  };
  type Entry = ReturnType<SchemaDatabase["all"]> extends Iterable<infer E> ? E : never;
  const resources: Entry[] = [
    {
      cloudFormationType: "A::B::Named",
      primaryIdentifier: ["Name"],
      properties: { Name: always, Other: { type: text } },
    },
    {
      cloudFormationType: "A::B::Deep",
      primaryIdentifier: ["Id"],
      properties: {
        Whole: { type: at("tree"), causesReplacement: "yes" as const },
        Tree: { type: at("tree") },
        Leaves: { type: { type: "map", element: { type: "union", types: [text, at("leaf")] } } },
      },
      additionalReplacementProperties: [["Tags", "*", "Key"]],
    },
    { cloudFormationType: "A::B::Never", properties: { Other: { type: text } } },
  ];
  expect(distilSchemas({ all: () => resources, get: (_, id) => definitions[id] ?? { properties: {} } }))
    .toMatchInlineSnapshot(`
    {
      "A::B::Deep": [
        "Whole Tree.Kind Tags.*.Key",
        "Leaves.*.Size",
      ],
      "A::B::Named": [
        "Name",
        "",
        "Name",
      ],
      "A::B::Never": [
        "",
      ],
    }
  `);
});
