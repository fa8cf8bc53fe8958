import type { Value } from "./template.ts";

/** CloudFormation's intrinsic functions. Source: its template reference. */

export function ref(name: string): Value {
  return { Ref: name };
}

/** @param attribute `Resource.Attribute` */
export function getAtt(attribute: string): Value {
  const [resource = "", ...rest] = attribute.split(".");
  return { "Fn::GetAtt": [resource, rest.join(".")] };
}

/** Text with `${Name}` and `${Resource.Attribute}` in it. */
export function sub(text: string): Value {
  return { "Fn::Sub": text };
}

/** The same, with names of its own for values that the template does not name. */
export function subWith(text: string, values: Record<string, Value>): Value {
  return { "Fn::Sub": [text, values] };
}

/** @param parts a list, or what gives one */
export function join(separator: string, parts: Value): Value {
  return { "Fn::Join": [separator, parts] };
}

export function select(index: number, list: Value): Value {
  return { "Fn::Select": [index, list] };
}

export function split(separator: string, text: Value): Value {
  return { "Fn::Split": [separator, text] };
}

/** An export of the environment: `{app}-{env}-{name}`. */
export function importEnvironment(name: string): Value {
  return importValue(sub(`\${AppName}-\${EnvName}-${name}`));
}

export function importValue(name: Value): Value {
  return { "Fn::ImportValue": name };
}

export function ifCondition(condition: string, then: Value, otherwise: Value = noValue): Value {
  return { "Fn::If": [condition, then, otherwise] };
}

export function equals(a: Value, b: Value): Value {
  return { "Fn::Equals": [a, b] };
}

export function not(condition: Value): Value {
  return { "Fn::Not": [condition] };
}

export function and(...conditions: Value[]): Value {
  return { "Fn::And": conditions };
}

/** A condition of the template, inside another one. */
export function namedCondition(name: string): Value {
  return { Condition: name };
}

/** The availability zone with this number, from 0, of the region. */
export function availabilityZone(index: number): Value {
  return select(index, { "Fn::GetAZs": "" });
}

export function findInMap(map: string, key: Value, name: string): Value {
  return { "Fn::FindInMap": [map, key, name] };
}

/** Stands for a property that is not there. */
export const noValue: Value = { Ref: "AWS::NoValue" };

/** Literal text for {@link sub}. */
export function escaped(text: string): string {
  return text.replaceAll("${", "${!");
}
