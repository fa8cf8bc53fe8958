import { expect, test } from "vitest";
import type { PackagedStack } from "../../../src/actions/packaged-stack.ts";
import { renderedTemplates } from "../../support/rendered-templates.ts";
import { templateFindings } from "../../support/template-check/template-findings.ts";

const rendered = await renderedTemplates();
const findings = (find: (stack: PackagedStack) => string[]) =>
  rendered.flatMap(({ name, stack }) => find(stack).map((finding) => `${name}: ${finding}`));

test("every template keeps to the published types of its resources, and each name in it stands for something", () => {
  expect(findings(({ template }) => templateFindings(template))).toEqual([]);
});

test("every value is one of a parameter that the template has, and of those that the parameter allows", () => {
  const wrong = ({ template, parameters }: PackagedStack) =>
    Object.entries(parameters).flatMap(([name, value]) => {
      const { AllowedValues: allowed } = template.Parameters[name] ?? {};
      if (!Object.hasOwn(template.Parameters, name)) return [`no parameter ${name}`];
      return allowed === undefined || allowed.map(String).includes(value) ? [] : [`${name} may not be ${value}`];
    });
  expect(findings(wrong)).toEqual([]);
});

test("a parameter without a value and without a default is one that only the deployment can give", () => {
  const open = rendered.flatMap(({ stack: { template, parameters } }) =>
    Object.entries(template.Parameters)
      .filter(([name, { Default }]) => Default === undefined && parameters[name] === undefined)
      .map(([name]) => name.replace(/\d+$/, "")),
  );
  expect([...new Set(open)].toSorted()).toMatchInlineSnapshot(`
    [
      "AliasCertificateARN",
      "HTTPRedirectRulePriority",
      "HTTPRulePriority",
      "HTTPRuleWithDomainPriority",
      "HTTPSRulePriority",
      "PlacementSubnetIDs",
      "SourceConnectionARN",
    ]
  `);
});
