import { sub } from "../intrinsics.ts";
import type { Value } from "../template.ts";

/** Statements of policies as the application's templates have them. */

export function policyDocument(...statements: Value[]): Value {
  return { Version: "2012-10-17", Statement: statements };
}

export function allow(actions: string[], resource: Value, sid?: string): Value {
  return { ...(sid !== undefined && { Sid: sid }), Effect: "Allow", Action: actions, Resource: resource };
}

/** Everybody in an account whom that account lets. @param account absent: the account of the stack */
export function accountRoot(account = "${AWS::AccountId}"): Value {
  return sub(`arn:\${AWS::Partition}:iam::${account}:root`);
}
