/** An intrinsic function of CloudFormation in its long form, with what it is given; undefined for anything else. */
export function intrinsic(value: unknown): { name: string; argument: unknown } | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return undefined;
  const [name, argument] = entry;
  if (name === "Ref" || name.startsWith("Fn::")) return { name, argument };
  return name === "Condition" && typeof argument === "string" ? { name, argument } : undefined;
}

/** `["Resource", "Attribute"]` of `Fn::GetAtt` in either form. */
export function attributeNamed(argument: unknown): [string, string] {
  const [resource = "", ...rest] = Array.isArray(argument) ? argument.map(String) : String(argument).split(".");
  return [resource, rest.join(".")];
}

/** The names in the `${…}` of `Fn::Sub`, but for those that it is given itself. */
export function namesInSub(argument: unknown): string[] {
  const [text, own] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}];
  const names = [...String(text).matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = ""]) => name.trim());
  return names.filter((name) => !Object.hasOwn(own as object, name));
}

export function isNoValue(value: unknown): boolean {
  const found = intrinsic(value);
  return found?.name === "Ref" && found.argument === "AWS::NoValue";
}
