import { ownMember } from "../own-member.ts";
import type { StackTemplate } from "../read-template.ts";
import { apply, type Known, mapOf, nothing, Open, type Resolved, textOf } from "./resolved.ts";

/** Where a stack is, as its template may ask. What is not given stays open. */
export interface Surroundings {
  account?: string;
  region?: string;
  partition?: string;
  stackName?: string;
  /** Exports of other stacks, by their names. */
  exports?: Readonly<Record<string, string>>;
}

/** A template's values with these parameters. */
export interface Values {
  of(value: unknown): Resolved;
  /** Whether a condition holds; undefined where only the deployment can tell. */
  holds(condition: unknown): boolean | undefined;
}

export function valuesOf(
  template: StackTemplate,
  parameters: Readonly<Record<string, string>>,
  surroundings: Surroundings = {},
): Values {
  const known = knownOf(template, parameters, surroundings);
  const conditions = new Map<string, Resolved>();

  /** A condition that leads back to itself stays open. */
  function conditionCalled(name: string): Resolved {
    const found = conditions.get(name);
    if (found !== undefined) return found;
    conditions.set(name, new Open("Condition", name));
    const given = ownMember(template.Conditions, name);
    const value = given === undefined ? new Open("Condition", name) : of(given);
    conditions.set(name, value);
    return value;
  }

  function of(value: unknown): Resolved {
    if (value === null || value === undefined) return nothing;
    if (typeof value !== "object") return String(value);
    if (Array.isArray(value)) return value.map(of).filter((item) => item !== nothing);
    const entries = Object.entries(value);
    const [[key, argument] = ["", undefined], ...others] = entries;
    if (others.length === 0) {
      const fn = key === "Ref" ? key : /^Fn::(\w+)$/.exec(key)?.[1];
      if (fn !== undefined) return call(fn, argument);
      if (key === "Condition" && typeof argument === "string") return conditionCalled(argument);
    }
    return mapOf(entries.map(([name, item]) => [name, of(item)]));
  }

  function call(fn: string, argument: unknown): Resolved {
    if (fn === "Sub") return substituted(argument);
    if (fn === "FindInMap") return inMap(of(argument));
    if (fn === "GetAtt") return apply(fn, attribute(argument), known);
    const args = Array.isArray(argument) ? argument : [argument];
    if (fn === "If" && typeof args[0] === "string")
      return apply(fn, [conditionCalled(args[0]), of(args[1]), of(args[2])], known);
    return apply(fn, args.map(of), known);
  }

  function attribute(argument: unknown): Resolved[] {
    if (Array.isArray(argument)) return argument.map(of);
    const [resource = "", ...rest] = String(argument).split(".");
    return [resource, rest.join(".")];
  }

  function substituted(argument: unknown): Resolved {
    const [text, given] = Array.isArray(argument) ? argument : [argument, {}];
    const own: Record<string, unknown> = typeof given === "object" && given !== null ? given : {};
    const parts = String(text).split(/(\$\{[^}]*\})/);
    return textOf(
      parts.map((part) => {
        const name = /^\$\{([^}]*)\}$/.exec(part)?.[1]?.trim();
        if (name === undefined) return part;
        if (name.startsWith("!")) return `\${${name.slice(1)}}`;
        if (Object.hasOwn(own, name)) return of(own[name]);
        return name.includes(".") ? apply("GetAtt", attribute(name), known) : apply("Ref", [name], known);
      }),
    );
  }

  function inMap(argument: Resolved): Resolved {
    const args = Array.isArray(argument) ? argument : [argument];
    let found: unknown = template.Mappings;
    for (const key of args.slice(0, 3)) {
      const within = typeof key === "string" && typeof found === "object" && found !== null ? found : {};
      found = ownMember(within as Record<string, unknown>, String(key));
    }
    return found === undefined ? new Open("FindInMap", ...args) : of(found);
  }

  return {
    of,
    holds(condition) {
      if (condition === undefined) return true;
      const value = conditionCalled(String(condition));
      return value === "true" ? true : value === "false" ? false : undefined;
    },
  };
}

/** What `Ref` and `ImportValue` give at once. A parameter that is not to be shown stays open, and so does one that stands
 *  for a value in Systems Manager. */
function knownOf(
  template: StackTemplate,
  parameters: Readonly<Record<string, string>>,
  { account, region, partition, stackName, exports }: Surroundings,
): Known {
  const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  const pseudo: Readonly<Record<string, Resolved | undefined>> = {
    "AWS::NoValue": nothing,
    "AWS::AccountId": account,
    "AWS::Region": region,
    "AWS::Partition": partition,
    "AWS::StackName": stackName,
    "AWS::URLSuffix": partition === undefined ? undefined : suffix,
  };
  return {
    ref(name) {
      const declared = ownMember(template.Parameters, name);
      if (declared === undefined) return ownMember(pseudo, name);
      const { Type: type, Default: fallback, NoEcho: hidden } = declared;
      const value =
        ownMember(parameters, name) ?? (fallback === undefined || fallback === null ? undefined : String(fallback));
      if (value === undefined || String(hidden) === "true") return undefined;
      if (String(type).startsWith("AWS::SSM::Parameter::Value<")) return new Open("Parameter", value);
      return type === "CommaDelimitedList" || String(type).startsWith("List<") ? listOf(value) : value;
    },
    attribute: () => undefined,
    exported: (name) => ownMember(exports, name),
  };
}

function listOf(value: string): string[] {
  return value === "" ? [] : value.split(",").map((item) => item.trim());
}
