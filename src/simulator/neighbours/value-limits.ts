import { UserError } from "../../errors.ts";
import type { ValueKind } from "./value-table.ts";

interface Limits {
  /** The characters that a name may have. */
  characters: RegExp;
  allowed: string;
  longest: number;
  /** Bytes in UTF-8. */
  largest: number;
}

/** Those of Secrets Manager's CreateSecret, of Systems Manager's PutParameter (advanced) and of CloudFormation's Outputs. */
const limits: Record<ValueKind, Limits> = {
  secret: { characters: /^[\w/+=.@-]+$/, allowed: "letters, digits and / _ + = . @ -", longest: 512, largest: 65_536 },
  parameter: { characters: /^[\w./-]+$/, allowed: "letters, digits and . - _ /", longest: 1011, largest: 8192 },
  export: { characters: /^[A-Za-z0-9:-]+$/, allowed: "letters, digits, : and -", longest: 255, largest: 1024 },
};
const mostLevels = 15;

/** @throws UserError value/invalid for a name that the service of AWS refuses */
export function checkName(kind: ValueKind, name: string): void {
  const { characters, allowed, longest } = limits[kind];
  if (!characters.test(name)) throw invalid(`the name of ${a(kind)} may hold ${allowed} only: ${JSON.stringify(name)}`);
  if (name.length > longest) throw invalid(`the name of ${a(kind)} has at most ${longest} characters`);
  if (kind === "parameter") checkParameterName(name);
}

/** The message never holds the value. @throws UserError value/invalid for one that AWS, or an environment, refuses */
export function checkValue(kind: ValueKind, value: string): void {
  const { largest } = limits[kind];
  if (value === "") throw invalid(`the value of ${a(kind)} must not be empty`);
  if (Buffer.byteLength(value) > largest)
    throw invalid(`the value of ${a(kind)} has at most ${largest} bytes, and this one has ${Buffer.byteLength(value)}`);
  if (value.includes("\0")) throw invalid("the value holds a null character, which no environment variable can have");
}

function checkParameterName(name: string): void {
  if (name.includes("/") && !name.startsWith("/"))
    throw invalid(`the name of a parameter with levels begins with a slash: /${name}`);
  if (name.endsWith("/") || name.includes("//")) throw invalid(`the name of a parameter has no empty level: ${name}`);
  if (/^\/?(aws|ssm)/i.test(name)) throw invalid(`the name of a parameter must not begin with aws or ssm: ${name}`);
  if (name.split("/").length - 1 > mostLevels)
    throw invalid(`the name of a parameter has at most ${mostLevels} levels`);
}

function a(kind: ValueKind): string {
  return kind === "export" ? "an export" : `a ${kind}`;
}

function invalid(message: string): UserError {
  return new UserError("value/invalid", message);
}
