import type { Value } from "./template.ts";

/** What a role has that the environment's manager takes on for a while. */
export function assumedByManager(manager: Value): Record<string, Value> {
  return {
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: manager }, Action: "sts:AssumeRole" }],
    },
    Path: "/",
  };
}

export function policy(name: string, statements: Value[]): Value {
  return { PolicyName: name, PolicyDocument: { Version: "2012-10-17", Statement: statements } };
}

export function allow(actions: string[], resource: Value): Value {
  return { Effect: "Allow", Action: actions, Resource: resource };
}
