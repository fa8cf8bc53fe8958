import type { Template } from "../../../src/cloudformation/template.ts";
import { writeTemplate } from "../../../src/cloudformation/write-template.ts";
import { type Finding, memberFindings } from "./property-findings.ts";
import { referenceFindings } from "./reference-findings.ts";
import { isCustom, resourceType } from "./resource-types.ts";

/** Everything in a template that CloudFormation would refuse by the published types of its resources, by its own limits,
 *  or because a name stands for nothing. A line each: `Resources.Service.Properties: unknown property Sevice`. */
export function templateFindings(template: Template): string[] {
  const findings = [
    ...Object.entries(template.Resources).flatMap(([name, resource]) => resourceFindings(name, resource, template)),
    ...referenceFindings(template),
    ...valueFindings(template, "template"),
    ...limitFindings(template),
  ];
  return [...new Set(findings.map(({ path, problem }) => `${path}: ${problem}`))];
}

const resourceMembers = new Set(
  "Type Condition DependsOn DeletionPolicy UpdateReplacePolicy Metadata Properties CreationPolicy UpdatePolicy".split(
    " ",
  ),
);

function resourceFindings(name: string, resource: Template["Resources"][string], template: Template): Finding[] {
  const path = `Resources.${name}`;
  const strange = Object.keys(resource)
    .filter((member) => !resourceMembers.has(member))
    .map((member) => ({ path, problem: `a resource has no ${member}` }));
  if (isCustom(resource.Type)) return strange;
  const type = resourceType(resource.Type);
  if (!type) return [...strange, { path, problem: `unknown type ${resource.Type}` }];
  return [...strange, ...memberFindings(resource.Properties ?? {}, type.properties, `${path}.Properties`, template)];
}

/** What is no value of a template: null, and numbers that are none. */
function valueFindings(value: unknown, path: string): Finding[] {
  if (value === null || value === undefined || (typeof value === "number" && !Number.isFinite(value)))
    return [{ path, problem: `${String(value)} is no value` }];
  if (typeof value !== "object") return [];
  const entries: [string, unknown][] = Object.entries(value);
  return entries
    .filter(([, item]) => Array.isArray(value) || item !== undefined)
    .flatMap(([key, item]) => valueFindings(item, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`));
}

/** Source: CloudFormation's quotas. */
const most = { Resources: 500, Outputs: 200, Parameters: 200, Mappings: 200 } as const;

function limitFindings(template: Template): Finding[] {
  const sections = (Object.keys(most) as (keyof typeof most)[]).map((name) => ({ name, within: template[name] ?? {} }));
  const size = Buffer.byteLength(writeTemplate(template));
  return [
    ...(size > 1_000_000 ? [{ path: "template", problem: `${size} bytes are more than 1 MB` }] : []),
    ...(Buffer.byteLength(template.Description) > 1024
      ? [{ path: "Description", problem: "longer than 1,024 bytes" }]
      : []),
    ...sections.flatMap(({ name, within }) => {
      const count = Object.keys(within).length;
      return count > most[name] ? [{ path: name, problem: `${count} are more than ${most[name]}` }] : [];
    }),
    ...sections.flatMap(({ name, within }) =>
      Object.keys(within)
        .filter((id) => !/^[A-Za-z0-9]{1,255}$/.test(id))
        .map((id) => ({ path: name, problem: `${JSON.stringify(id)} is no logical ID` })),
    ),
  ];
}
