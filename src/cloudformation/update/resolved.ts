/** A value of a template as far as it is known before anything is deployed. Scalars are texts, since CloudFormation takes
 *  `8080` for `"8080"` and `true` for `"true"`. */
export type Resolved = string | Resolved[] | { [key: string]: Resolved } | Open;

/** A value that only the deployment knows, in a form that is the same for all ways of writing it. */
export class Open {
  readonly fn: string;
  readonly args: readonly Resolved[];

  constructor(fn: string, ...args: readonly Resolved[]) {
    this.fn = fn;
    this.args = args;
  }
}

/** What stands for a value that is not known, if anything does. */
export interface Known {
  ref(name: string): Resolved | undefined;
  attribute(resource: string, name: string): Resolved | undefined;
  exported(name: string): Resolved | undefined;
}

/** Marks what `AWS::NoValue` leaves out. */
export const nothing = new Open("Nothing");

/** A function of CloudFormation's with its arguments: its value, or what stays open of it. */
export function apply(fn: string, args: readonly Resolved[], known: Known): Resolved {
  const [first, second, third] = args;
  const open = () => new Open(fn, ...args);
  switch (fn) {
    case "Ref":
      return (typeof first === "string" ? known.ref(first) : undefined) ?? open();
    case "GetAtt":
      return typeof first === "string" && typeof second === "string" ? attributeOf(first, second, known) : open();
    case "ImportValue":
      return (typeof first === "string" ? known.exported(first) : undefined) ?? open();
    case "Join":
      return typeof first === "string" && Array.isArray(second) ? textOf(between(first, second)) : open();
    case "Split":
      return typeof first === "string" && typeof second === "string" ? second.split(first) : open();
    case "Select":
      return typeof first === "string" && Array.isArray(second) ? (second[Number(first)] ?? open()) : open();
    case "If":
      return first === "true" ? (second ?? open()) : first === "false" ? (third ?? open()) : open();
    case "Equals":
      return truth(first === undefined || second === undefined ? undefined : equality(first, second)) ?? open();
    case "Not":
      return truth(first === "true" ? false : first === "false" ? true : undefined) ?? open();
    case "And":
      return junction("And", args);
    case "Or":
      return junction("Or", args);
    default:
      return open();
  }
}

function attributeOf(resource: string, name: string, known: Known): Resolved {
  return known.attribute(resource, name) ?? new Open("GetAtt", resource, name);
}

function between(separator: string, parts: readonly Resolved[]): Resolved[] {
  return parts.flatMap((part, index) => (index === 0 || separator === "" ? [part] : [separator, part]));
}

/** Parts one behind the other. Neighbours that are texts become one; a single part is itself. */
export function textOf(parts: readonly Resolved[]): Resolved {
  const merged: Resolved[] = [];
  for (const part of parts.flatMap((each) => (each instanceof Open && each.fn === "Text" ? each.args : [each]))) {
    const last = merged.at(-1);
    if (part === "") continue;
    if (typeof part === "string" && typeof last === "string") merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  if (merged.length === 0) return "";
  return merged.length === 1 && merged[0] !== undefined ? merged[0] : new Open("Text", ...merged);
}

/** Whether two values are the same: undefined where only the deployment can tell. */
function equality(a: Resolved, b: Resolved): boolean | undefined {
  if (isSame(a, b)) return true;
  return isKnown(a) && isKnown(b) ? false : undefined;
}

function junction(fn: "And" | "Or", args: readonly Resolved[]): Resolved {
  const decisive = fn === "And" ? "false" : "true";
  if (args.includes(decisive)) return decisive;
  const undecided = args.filter((arg) => arg !== "true" && arg !== "false");
  if (undecided.length === 0) return fn === "And" ? "true" : "false";
  return undecided.length === 1 && undecided[0] !== undefined ? undecided[0] : new Open(fn, ...undecided);
}

function truth(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** The same value with what is known put in. */
export function settle(value: Resolved, known: Known): Resolved {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((item) => settle(item, known)).filter((item) => item !== nothing);
  if (!(value instanceof Open)) return mapOf(Object.entries(value).map(([key, item]) => [key, settle(item, known)]));
  if (value === nothing) return value;
  const args = value.args.map((arg) => settle(arg, known));
  return value.fn === "Text" ? textOf(args) : apply(value.fn, args, known);
}

/** A map without what is not there. */
export function mapOf(entries: readonly (readonly [string, Resolved])[]): { [key: string]: Resolved } {
  return Object.fromEntries(entries.filter(([, item]) => item !== nothing));
}

export function isKnown(value: Resolved): boolean {
  if (value instanceof Open) return false;
  return typeof value === "string" || Object.values(value).every(isKnown);
}

/** Whether two values are written the same, whatever is open in them. */
export function isSame(a: Resolved, b: Resolved): boolean {
  if (a === b) return true;
  if (typeof a === "string" || typeof b === "string") return false;
  if (a instanceof Open || b instanceof Open)
    return a instanceof Open && b instanceof Open && a.fn === b.fn && isSame([...a.args], [...b.args]);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, other] = [Object.entries(a), Object.entries(b)];
  const there = new Map(other);
  return (
    one.length === other.length &&
    one.every(([key, item]) => {
      const counterpart = there.get(key);
      return counterpart !== undefined && isSame(item, counterpart);
    })
  );
}

/** The resources that a value takes something from. */
export function resourcesIn(value: Resolved): string[] {
  if (typeof value === "string") return [];
  if (!(value instanceof Open)) return Object.values(value).flatMap(resourcesIn);
  const [name] = value.args;
  if ((value.fn === "Ref" || value.fn === "GetAtt") && typeof name === "string") return [name];
  return value.args.flatMap(resourcesIn);
}

/** A value as a template would hold it, for people and programs to read. */
export function written(value: Resolved): unknown {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(written);
  if (!(value instanceof Open))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, written(item)]));
  const [first] = value.args;
  if (value === nothing) return { Ref: "AWS::NoValue" };
  if (value.fn === "Parameter") return `{{resolve:ssm:${String(first)}}}`;
  if (value.fn === "Ref" || value.fn === "Condition") return { [value.fn]: written(first ?? "") };
  if (value.fn === "Text" && value.args.every(fitsIntoText)) return { "Fn::Sub": value.args.map(insideText).join("") };
  if (value.fn === "Text") return { "Fn::Join": ["", value.args.map(written)] };
  const alone = value.fn === "ImportValue" || value.fn === "GetAZs" || value.fn === "Base64";
  return { [`Fn::${value.fn}`]: alone ? written(first ?? "") : value.args.map(written) };
}

function fitsIntoText(part: Resolved): boolean {
  return typeof part === "string" || (part instanceof Open && (part.fn === "Ref" || part.fn === "GetAtt"));
}

function insideText(part: Resolved): string {
  if (typeof part === "string") return part.replaceAll("${", "${!");
  return part instanceof Open ? `\${${part.args.map(String).join(".")}}` : "";
}
