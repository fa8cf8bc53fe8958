import fc from "fast-check";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { packageRoot } from "../../../../src/actions/package-root.ts";
import { readTemplate, type StackTemplate } from "../../../../src/cloudformation/read-template.ts";
import { isCustomResource } from "../../../../src/cloudformation/update/custom-resource.ts";
import { attached, detach, detachText } from "../../../../src/cloudformation/update/detach.ts";

const folder = join(packageRoot(import.meta.url), "../shared/copilot-app/deployed");
const deployed = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(stack|stackset)\.yml$/.test(name)) : [];
if (deployed.length === 0) process.stderr.write("skipped: no deployed application at ../shared/copilot-app\n");

/** The lines that an edit adds; it takes none away. */
function addedLines(before: string, after: string): string[] {
  const old = before.split("\n");
  const added: string[] = [];
  let at = 0;
  for (const line of after.split("\n")) {
    if (line === old[at]) at++;
    else added.push(line);
  }
  expect(at).toBe(old.length);
  return added;
}

describe.skipIf(deployed.length === 0)("the stacks of an application that Copilot deployed", () => {
  test("get lines for their custom resources, and no other difference", () => {
    const seen = deployed.map((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      const template = readTemplate(text);
      const edited = detachText(text);
      const added = addedLines(text, edited).map((line) => line.trim());
      const custom = Object.values(template.Resources).filter(isCustomResource).length;
      expect(added.filter((line) => line === "DeletionPolicy: Retain")).toHaveLength(custom);
      expect(added.filter((line) => line === "UpdateReplacePolicy: Retain")).toHaveLength(custom);
      expect(added.filter((line) => line.includes('"pilotfish:detached": true'))).toHaveLength(custom);
      expect(added).toHaveLength(3 * custom);
      expect(readTemplate(edited)).toEqual(detach(template));
      expect(detachText(edited)).toBe(edited);
      return `${name.replace(/-[A-Z0-9]{12,}\./, "-ID.")}: ${custom}`;
    });
    expect(seen).toMatchInlineSnapshot(`
      [
        "StackSet-shop-infrastructure.stack.yml: 0",
        "shop-infrastructure-roles.stack.yml: 0",
        "shop-infrastructure.stackset.yml: 0",
        "shop-prod-api.stack.yml: 1",
        "shop-prod-front-AddonsStack-ID.stack.yml: 0",
        "shop-prod-front.stack.yml: 4",
        "shop-prod-orders.stack.yml: 2",
        "shop-prod-report.stack.yml: 1",
        "shop-prod.stack.yml: 3",
        "shop-test-api.stack.yml: 1",
        "shop-test-front-AddonsStack-ID.stack.yml: 0",
        "shop-test-front.stack.yml: 4",
        "shop-test-orders.stack.yml: 2",
        "shop-test-report.stack.yml: 1",
        "shop-test.stack.yml: 3",
      ]
    `);
  });
});

const yaml = `Resources:
  # Asks for a priority.
  Priority: # here
    Metadata:
      'aws:copilot:description': 'A priority'
    Type: Custom::RulePriorityFunction
    Properties: { ServiceToken: !GetAtt Function.Arn, RulePath: ["/"] }
  Plain:
    DeletionPolicy: Delete   # until it is detached
    Type: "AWS::CloudFormation::CustomResource"
    Metadata: {}
    Properties:
      ServiceToken: !Sub "\${Token}"
  Flow: { Type: Custom::Flow, DeletionPolicy: 'Delete', UpdateReplacePolicy: Retain }
  Done: { Type: Custom::Done, DeletionPolicy: Retain, UpdateReplacePolicy: Retain }
  Function:
    Type: AWS::Lambda::Function
`;

test("what is written in YAML stays as it is written", () => {
  expect(detachText(yaml)).toMatchInlineSnapshot(`
    "Resources:
      # Asks for a priority.
      Priority: # here
        Metadata:
          "pilotfish:detached": true
          'aws:copilot:description': 'A priority'
        DeletionPolicy: Retain
        UpdateReplacePolicy: Retain
        Type: Custom::RulePriorityFunction
        Properties: { ServiceToken: !GetAtt Function.Arn, RulePath: ["/"] }
      Plain:
        DeletionPolicy: Retain   # until it is detached
        UpdateReplacePolicy: Retain
        Type: "AWS::CloudFormation::CustomResource"
        Metadata: { "pilotfish:detached": true }
        Properties:
          ServiceToken: !Sub "\${Token}"
      Flow: { "Metadata": { "pilotfish:detached": true }, Type: Custom::Flow, DeletionPolicy: "Retain", UpdateReplacePolicy: Retain }
      Done: { Type: Custom::Done, DeletionPolicy: Retain, UpdateReplacePolicy: Retain }
      Function:
        Type: AWS::Lambda::Function
    "
  `);
});

test("lines of Windows stay lines of Windows", () => {
  const text = yaml.replaceAll("\n", "\r\n");
  expect(detachText(text)).toBe(detachText(yaml).replaceAll("\n", "\r\n"));
});

test("what is written in JSON stays JSON", () => {
  const template = {
    Resources: {
      Domain: { Type: "Custom::Domain", Metadata: { a: 1 }, Properties: { ServiceToken: "arn" } },
      Bucket: { Type: "AWS::S3::Bucket" },
    },
  };
  expect(detachText(JSON.stringify(template, null, 2))).toMatchInlineSnapshot(`
    "{
      "Resources": {
        "Domain": {
          "DeletionPolicy": "Retain",
          "UpdateReplacePolicy": "Retain",
          "Type": "Custom::Domain",
          "Metadata": {
            "pilotfish:detached": true,
            "a": 1
          },
          "Properties": {
            "ServiceToken": "arn"
          }
        },
        "Bucket": {
          "Type": "AWS::S3::Bucket"
        }
      }
    }"
  `);
  expect(JSON.parse(detachText(JSON.stringify(template)))).toEqual(detach(template));
  expect(JSON.parse(detachText(JSON.stringify(template, null, "\t")))).toEqual(detach(template));
});

test("a resource behind an alias is written out, and so is a policy that is computed", () => {
  const text = `Parameters:
  Policy: { Type: String, Default: Delete }
Shared: &shared
  Type: Custom::One
Resources:
  One: *shared
  Two:
    Type: Custom::Two
    DeletionPolicy: !Ref Policy
`;
  expect(readTemplate(detachText(text))).toEqual(detach(readTemplate(text)));
});

/** Templates with all ways in which resources and policies may stand. */
const templates = fc
  .dictionary(
    fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,6}$/),
    fc.record(
      {
        Metadata: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 2 }),
        Type: fc.constantFrom("Custom::A", "AWS::CloudFormation::CustomResource", "AWS::S3::Bucket", "AWS::X::Y"),
        Condition: fc.constant("C"),
        DeletionPolicy: fc.constantFrom("Delete", "Retain", "Snapshot", "RetainExceptOnCreate"),
        UpdateReplacePolicy: fc.constantFrom("Delete", "Retain"),
        Properties: fc.dictionary(fc.constantFrom("ServiceToken", "Name", "yes", "10"), fc.jsonValue(), { maxKeys: 2 }),
      },
      { requiredKeys: ["Type"] },
    ),
    { minKeys: 1, maxKeys: 4 },
  )
  .map((Resources): StackTemplate => ({ Resources }));

const layouts = fc.constantFrom<(template: StackTemplate) => string>(
  (template) => JSON.stringify(template),
  (template) => JSON.stringify(template, null, 2),
  (template) => stringify(template, { schema: "yaml-1.1", version: "1.1" }),
  (template) => stringify(template, { schema: "yaml-1.1", indent: 4, collectionStyle: "flow" }),
);

test("detaching adds three attributes to each custom resource, whatever the template, and once", () => {
  fc.assert(
    fc.property(templates, layouts, (template, layout) => {
      const text = layout(template);
      const given = readTemplate(text);
      const edited = readTemplate(detachText(text));
      expect(edited).toEqual(detach(given));
      expect(attached(edited)).toEqual([]);
      expect(detachText(detachText(text))).toBe(detachText(text));
      for (const [id, resource] of Object.entries(edited.Resources)) {
        const old = given.Resources[id] ?? { Type: "" };
        if (!isCustomResource(old)) expect(resource).toEqual(old);
        const attributes = { DeletionPolicy: 0, UpdateReplacePolicy: 0, Metadata: 0 };
        expect({ ...resource, ...attributes }).toEqual({ ...old, ...attributes });
        const { "pilotfish:detached": _, ...others } = (resource.Metadata ?? {}) as Record<string, unknown>;
        expect(others).toEqual(old.Metadata ?? {});
      }
    }),
    { numRuns: 60 },
  );
});
