import type { Script } from "../script.ts";

interface Options {
  stack: string;
  logicalId: string;
  physicalId: string;
  resourceType: string;
  /** Path in the properties → what the template says and what there is. */
  differences: Record<string, { expected: string; actual: string }>;
}

/** A stack with a resource that somebody has changed behind CloudFormation's back. The detection is going on when it is first
 *  asked for. */
export function driftedStack({ stack, logicalId, physicalId, resourceType, differences }: Options): Script {
  const StackId = `arn:aws:cloudformation:us-west-2:123456789012:stack/${stack}/51af3dc0-da77-11e4-872e-1234567db123`;
  const StackDriftDetectionId = "2f2b2d60-df86-11e7-bb46-500c336eaa2b";
  const Timestamp = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));
  const properties = (which: "expected" | "actual") =>
    JSON.stringify(Object.fromEntries(Object.entries(differences).map(([path, each]) => [path.slice(1), each[which]])));
  return {
    source:
      "AWS CloudFormation API Reference, DetectStackDrift, DescribeStackDriftDetectionStatus, DescribeStackResourceDrifts",
    answers: {
      "cloudformation:DetectStackDrift": ({ StackName }) =>
        StackName === stack ? { StackDriftDetectionId } : undefined,
      "cloudformation:DescribeStackDriftDetectionStatus": (_input, turn) => ({
        StackId,
        StackDriftDetectionId,
        Timestamp,
        ...(turn === 1
          ? { DetectionStatus: "DETECTION_IN_PROGRESS" }
          : { DetectionStatus: "DETECTION_COMPLETE", StackDriftStatus: "DRIFTED", DriftedStackResourceCount: 1 }),
      }),
      "cloudformation:DescribeStackResourceDrifts": ({ StackName }) =>
        StackName === stack
          ? {
              StackResourceDrifts: [
                {
                  StackId,
                  LogicalResourceId: logicalId,
                  PhysicalResourceId: physicalId,
                  ResourceType: resourceType,
                  StackResourceDriftStatus: "MODIFIED",
                  Timestamp,
                  ExpectedProperties: properties("expected"),
                  ActualProperties: properties("actual"),
                  PropertyDifferences: Object.entries(differences).map(([PropertyPath, { expected, actual }]) => ({
                    PropertyPath,
                    ExpectedValue: expected,
                    ActualValue: actual,
                    DifferenceType: "NOT_EQUAL",
                  })),
                },
              ],
            }
          : undefined,
    },
  };
}
