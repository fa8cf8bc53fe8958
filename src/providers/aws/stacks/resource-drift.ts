import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DetectStackResourceDriftCommand,
} from "@aws-sdk/client-cloudformation";
import { UserError } from "../../../errors.ts";
import type { ResourceDrift } from "../../account/stacks.ts";

const drifts: Readonly<Record<string, ResourceDrift["drift"]>> = {
  IN_SYNC: "none",
  MODIFIED: "modified",
  DELETED: "deleted",
};

/** Compares one resource with its template. Source: CloudFormation API reference, DetectStackResourceDrift. */
export async function resourceDrift(
  aws: CloudFormationClient,
  name: string,
  logicalId: string,
): Promise<ResourceDrift> {
  const command = new DetectStackResourceDriftCommand({ StackName: name, LogicalResourceId: logicalId });
  const { StackResourceDrift: found } = await aws.send(command).catch((error: unknown) => {
    const isRefusal = error instanceof CloudFormationServiceException && error.name === "ValidationError";
    if (isRefusal && /drift detection is not supported/i.test(error.message)) return { StackResourceDrift: undefined };
    if (!isRefusal || !error.message.includes("does not exist")) throw error;
    throw new UserError("stack/not-found", `there is no resource ${logicalId} in a stack ${name}`, { cause: error });
  });
  return {
    drift: drifts[found?.StackResourceDriftStatus ?? ""] ?? "unknown",
    differences: (found?.PropertyDifferences ?? []).map(({ PropertyPath, ExpectedValue, ActualValue }) => ({
      path: PropertyPath ?? "",
      expected: ExpectedValue ?? "",
      actual: ActualValue ?? "",
    })),
  };
}
