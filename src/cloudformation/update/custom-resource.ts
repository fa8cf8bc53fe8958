import type { StackResource } from "../read-template.ts";

/** Whether CloudFormation asks a program of the account's for this resource, which it also tells when it is removed.
 *  Source: CloudFormation's guide, "Custom resources". */
export function isCustomResource({ Type, Properties }: Pick<StackResource, "Type" | "Properties">): boolean {
  return (
    Type.startsWith("Custom::") ||
    Type === "AWS::CloudFormation::CustomResource" ||
    Properties?.["ServiceToken"] !== undefined
  );
}

/** Whether a deletion policy leaves a resource alone when it goes out of a template. */
export function retains(policy: unknown): boolean {
  return policy === "Retain" || policy === "RetainExceptOnCreate";
}
