import { parse, type ScalarTag, type CollectionTag } from "yaml";

/** A CloudFormation template with its short forms (`!Ref X`) as the long ones (`{Ref: "X"}`). */
export function parseTemplate(text: string): { Resources: Record<string, { Properties: Record<string, unknown> }> } {
  return parse(text, { customTags: functions.flatMap(tagsFor) });
}

/** The template as it counts with these parameters: references that are known are replaced, others become `known`'s. */
export function evaluate(
  value: unknown,
  parameters: Record<string, string>,
  known: (reference: string) => unknown,
): unknown {
  const look = (name: string) => parameters[name] ?? known(name);
  const walk = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(walk).filter((item) => item !== noValue);
    if (typeof each !== "object" || each === null) return each;
    const [[key, argument] = ["", undefined], ...others] = Object.entries(each);
    if (others.length === 0 && key === "Ref") return argument === "AWS::NoValue" ? noValue : look(String(argument));
    if (others.length === 0 && key === "Fn::GetAtt") return known(String(argument));
    if (others.length === 0 && key === "Fn::Sub") {
      return String(argument).replace(/\$\{([\w:]+)\}/g, (_, name: string) => String(look(name)));
    }
    if (others.length === 0 && key === "Fn::Join") {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(walk).join(separator);
    }
    // The conditions of the cases' templates are about things that are absent: addons, an env file, GovCloud.
    if (others.length === 0 && key === "Fn::If") return walk((argument as unknown[])[2]);
    return Object.fromEntries(
      Object.entries(each)
        .map(([name, item]) => [name, walk(item)])
        .filter(([, item]) => item !== noValue),
    );
  };
  return walk(value);
}

const noValue = Symbol("AWS::NoValue");

const functions = [
  "Ref",
  "GetAtt",
  "Sub",
  "Join",
  "If",
  "Not",
  "Equals",
  "Or",
  "And",
  "Select",
  "Split",
  "ImportValue",
].concat(["FindInMap", "Condition", "GetAZs", "Base64", "Cidr"]);

function tagsFor(name: string): (ScalarTag | CollectionTag)[] {
  const key = name === "Ref" || name === "Condition" ? name : `Fn::${name}`;
  return [
    { tag: `!${name}`, resolve: (text: string) => ({ [key]: text }) },
    {
      tag: `!${name}`,
      collection: "seq",
      resolve: (node: unknown) => ({ [key]: (node as { toJSON(): unknown }).toJSON() }),
    } as unknown as CollectionTag,
  ];
}
