import { Refused, type Script } from "../script.ts";

interface Options {
  stack: string;
  /** The resource that could not be rolled back. */
  logicalId: string;
  resourceType: string;
  reason: string;
}

/** A stack whose update failed, and whose roll-back failed too: nothing can be done with it but to continue the roll-back,
 *  which then works. */
export function updateRollbackFailed({ stack, logicalId, resourceType, reason }: Options): Script {
  const StackId = `arn:aws:cloudformation:us-west-2:123456789012:stack/${stack}/51af3dc0-da77-11e4-872e-1234567db123`;
  let status = "UPDATE_ROLLBACK_FAILED";
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, seconds));
  const described = () => ({
    StackId,
    StackName: stack,
    CreationTime: at(0),
    LastUpdatedTime: at(1),
    StackStatus: status,
    ...(status === "UPDATE_ROLLBACK_FAILED" && {
      StackStatusReason: `The following resource(s) failed to update: [${logicalId}]. `,
    }),
    Capabilities: ["CAPABILITY_NAMED_IAM"],
  });
  const event = (EventId: string, seconds: number, more: Record<string, unknown>) => ({
    StackId,
    EventId,
    StackName: stack,
    Timestamp: at(seconds),
    ...more,
  });
  const ofStack = { LogicalResourceId: stack, PhysicalResourceId: StackId, ResourceType: "AWS::CloudFormation::Stack" };
  const ofResource = { LogicalResourceId: logicalId, PhysicalResourceId: logicalId, ResourceType: resourceType };
  const refuse = { code: "ValidationError", status: 400 };
  const isMeant = (name: unknown) => name === stack || name === StackId;
  return {
    source:
      "AWS CloudFormation User Guide, 'Continue rolling back an update' and 'Troubleshooting CloudFormation', 'Update " +
      "rollback failed'; API Reference, Stack and StackEvent",
    answers: {
      "cloudformation:DescribeStacks": ({ StackName }) => (isMeant(StackName) ? { Stacks: [described()] } : undefined),
      "cloudformation:DescribeStackEvents": ({ StackName }) =>
        isMeant(StackName)
          ? {
              StackEvents: [
                event("4", 5, { ...ofStack, ResourceStatus: "UPDATE_ROLLBACK_FAILED" }),
                event("3", 4, { ...ofResource, ResourceStatus: "UPDATE_FAILED", ResourceStatusReason: reason }),
                event("2", 3, { ...ofStack, ResourceStatus: "UPDATE_ROLLBACK_IN_PROGRESS" }),
                event("1", 2, {
                  ...ofStack,
                  ResourceStatus: "UPDATE_IN_PROGRESS",
                  ResourceStatusReason: "User Initiated",
                }),
              ],
            }
          : undefined,
      "cloudformation:CreateChangeSet": ({ StackName }) =>
        isMeant(StackName)
          ? new Refused(refuse.code, `Stack:${StackId} is in ${status} state and can not be updated.`, refuse.status)
          : undefined,
      "cloudformation:ContinueUpdateRollback": ({ StackName }) => {
        if (!isMeant(StackName)) return undefined;
        status = "UPDATE_ROLLBACK_COMPLETE";
        return {};
      },
    },
  };
}
