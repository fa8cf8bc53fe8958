import type { Node, ScalarNode } from "../manifest/yaml/tree.ts";
import { getAtt } from "./intrinsics.ts";
import type { Value } from "./template.ts";

/** A part of a template as a user writes it, as data: functions in their long form, whichever form they have in the file.
 *  @param onNull is told where nothing stands, which CloudFormation takes nowhere */
export function valueOfNode(node: Node, onNull: (at: number) => void): Value {
  const value = (inner: Node) => valueOfNode(inner, onNull);
  if (node.kind === "null") {
    onNull(node.at);
    return "";
  }
  if (node.kind === "scalar") return tagged(node.tag, node.tag?.startsWith("!") ? node.text : scalarValue(node));
  if (node.kind === "list") return tagged(node.tag, node.items.map(value));
  const entries = [...node.entries].map(([key, entry]) => [key, value(entry.value)] as const);
  return tagged(node.tag, Object.fromEntries(entries));
}

/** `!Sub x` is `Fn::Sub: x`. Tags of YAML's own say nothing that the text does not. */
function tagged(tag: string | undefined, value: Value): Value {
  if (!tag?.startsWith("!")) return value;
  const name = tag.slice(1);
  if (name === "GetAtt" && typeof value === "string") return getAtt(value);
  return { [name === "Ref" || name === "Condition" ? name : `Fn::${name}`]: value };
}

const flags: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

/** A number that would be written in another way than the user's stays text: `012`, `1e3`, `1.10`. */
function scalarValue({ text, style, tag }: ScalarNode): Value {
  if (style !== "plain" || tag !== undefined) return text;
  const number = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  return flags[text] ?? (number !== undefined && String(number) === text ? number : text);
}
