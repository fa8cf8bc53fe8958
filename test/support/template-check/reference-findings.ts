import type { Template } from "../../../src/cloudformation/template.ts";
import { attributeNamed, intrinsic, namesInSub } from "./intrinsic.ts";
import type { Finding } from "./property-findings.ts";
import { attributeType } from "./resource-types.ts";

const functions =
  "And Base64 Cidr Equals FindInMap GetAZs GetAtt If ImportValue Join Not Or Select Split Sub Transform".split(" ");
const pseudoParameters = "AccountId NoValue NotificationARNs Partition Region StackId StackName URLSuffix".split(" ");

/** Names that stand for nothing: parameters, resources, attributes, conditions, mappings; and resources that wait for
 *  each other. */
export function referenceFindings(template: Template): Finding[] {
  const { Resources, Conditions, Outputs = {} } = template;
  const findings: Finding[] = [];
  const edges = new Map<string, Set<string>>();
  const report = (path: string, problem: string) => findings.push({ path, problem });

  const value = (name: string, path: string, from: string | undefined) => {
    if (Object.hasOwn(Resources, name)) edgeTo(name, from);
    else if (!Object.hasOwn(template.Parameters, name) && !pseudoParameters.includes(name.replace(/^AWS::/, "")))
      report(path, `no parameter or resource ${name}`);
  };
  const attribute = ([name, wanted]: [string, string], path: string, from: string | undefined) => {
    const resource = Resources[name];
    if (!Object.hasOwn(Resources, name) || !resource) report(path, `no resource ${name}`);
    else if (attributeType(resource.Type, wanted) === undefined)
      report(path, `${name} (${resource.Type}) has no attribute ${wanted}`);
    else edgeTo(name, from);
  };
  const condition = (name: unknown, path: string) => {
    if (!Object.hasOwn(Conditions, String(name))) report(path, `no condition ${String(name)}`);
  };
  const edgeTo = (name: string, from: string | undefined) => {
    if (from !== undefined) edges.set(from, (edges.get(from) ?? new Set()).add(name));
  };
  const walk = (node: unknown, path: string, from?: string): void => {
    if (typeof node !== "object" || node === null) return;
    const found = intrinsic(node);
    if (found) {
      const { name, argument } = found;
      if (name === "Ref") return value(String(argument), path, from);
      if (name === "Fn::GetAtt") return attribute(attributeNamed(argument), path, from);
      // The member of that name of an IAM statement is a map.
      if (name === "Condition") return condition(argument, path);
      if (name === "Fn::If") condition((argument as unknown[])[0], path);
      if (name === "Fn::Sub") {
        for (const each of namesInSub(argument))
          if (each.includes(".")) attribute(attributeNamed(each), path, from);
          else value(each, path, from);
      }
      if (name === "Fn::FindInMap" && !Object.hasOwn(template.Mappings ?? {}, String((argument as unknown[])[0])))
        report(path, `no mapping ${String((argument as unknown[])[0])}`);
      if (!functions.includes(name.replace("Fn::", ""))) report(path, `no function ${name}`);
    }
    for (const [key, inner] of Object.entries(node))
      walk(inner, Array.isArray(node) ? `${path}[${key}]` : `${path}.${key}`, from);
  };

  walk(Conditions, "Conditions");
  for (const [name, resource] of Object.entries(Resources)) {
    if (resource.Condition !== undefined) condition(resource.Condition, `Resources.${name}`);
    for (const each of [resource.DependsOn ?? []].flat())
      if (Object.hasOwn(Resources, each)) edgeTo(each, name);
      else report(`Resources.${name}.DependsOn`, `no resource ${each}`);
    walk(resource.Properties, `Resources.${name}`, name);
  }
  for (const [name, { Condition, Value, Export }] of Object.entries(Outputs)) {
    if (Condition !== undefined) condition(Condition, `Outputs.${name}`);
    walk({ Value, Export }, `Outputs.${name}`);
  }
  return [
    ...findings,
    ...circles(edges).map((names) => ({ path: "Resources", problem: `a circle: ${names.join(" → ")}` })),
  ];
}

/** One circle for each resource from which a walk comes back to itself, shortest path not sought. */
function circles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const done = new Set<string>();
  const found: string[][] = [];
  const visit = (name: string, way: string[]): void => {
    if (way.includes(name)) {
      found.push([...way.slice(way.indexOf(name)), name]);
      return;
    }
    if (done.has(name)) return;
    for (const next of edges.get(name) ?? []) visit(next, [...way, name]);
    done.add(name);
  };
  for (const name of edges.keys()) visit(name, []);
  return found;
}
