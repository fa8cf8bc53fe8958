import { expect } from "vitest";
import type { Template } from "../../../src/cloudformation/template.ts";
import { templateFindings } from "./template-findings.ts";

/** The template as it is; one that CloudFormation would refuse fails the test. */
export function judged(template: Template): Template {
  expect(templateFindings(template)).toEqual([]);
  return template;
}
