/** A CloudFormation template as data. Intrinsic functions stand in it in their long form: `{ "Fn::Sub": "…" }`. */
export interface Template {
  AWSTemplateFormatVersion: "2010-09-09";
  Description: string;
  Metadata?: Record<string, Value>;
  Parameters: Record<string, Parameter>;
  Mappings?: Record<string, Record<string, Record<string, string>>>;
  Conditions: Record<string, Value>;
  Resources: Record<string, Resource>;
  Outputs?: Record<string, Output>;
}

export interface Parameter {
  Type: "String" | "Number" | "CommaDelimitedList";
  Description?: string;
  Default?: string | number;
  AllowedValues?: (string | boolean)[];
}

export interface Resource {
  Metadata?: Record<string, Value>;
  Type: string;
  Condition?: string;
  DependsOn?: string | string[];
  DeletionPolicy?: "Delete" | "Retain" | "Snapshot";
  UpdateReplacePolicy?: "Delete" | "Retain" | "Snapshot";
  Properties?: Record<string, Value>;
}

export interface Output {
  Description?: string;
  Condition?: string;
  Value: Value;
  Export?: { Name: Value };
}

/** What can stand in a template; undefined members are left out. */
export type Value = string | number | boolean | Value[] | { [key: string]: Value | undefined };

/** Resources by logical ID; undefined ones are left out. */
export type Resources = Record<string, Resource | undefined>;

export function present(resources: Resources): Record<string, Resource> {
  return Object.fromEntries(
    Object.entries(resources).filter((entry): entry is [string, Resource] => entry[1] !== undefined),
  );
}

/** The version that Copilot's own templates of this shape bear. */
export const templateVersion = "v1.34.1";
