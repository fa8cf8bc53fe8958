import { expect, test } from "vitest";
import { scripted, since, stackId } from "./scripted-stacks.ts";

// Source: AWS CloudFormation API reference, DetectStackResourceDrift; user guide, "Detect unmanaged configuration changes".

const service = {
  StackId: stackId,
  LogicalResourceId: "Service",
  ResourceType: "AWS::ECS::Service",
  Timestamp: since,
};

test("a resource that somebody has changed past its stack is told with what differs", async () => {
  const { stacks } = await scripted({
    DetectStackResourceDrift: [
      {
        StackResourceDrift: {
          ...service,
          StackResourceDriftStatus: "MODIFIED",
          PropertyDifferences: [
            {
              PropertyPath: "/TaskDefinition",
              ExpectedValue: "shop-test-api:3",
              ActualValue: "shop-test-api:4",
              DifferenceType: "NOT_EQUAL",
            },
          ],
        },
      },
    ],
  });
  expect(await stacks.drift("shop-test-api", "Service", {})).toEqual({
    drift: "modified",
    differences: [{ path: "/TaskDefinition", expected: "shop-test-api:3", actual: "shop-test-api:4" }],
  });
});

test.each([
  ["IN_SYNC", "none"],
  ["DELETED", "deleted"],
  ["NOT_CHECKED", "unknown"],
] as const)("%s is told as %s", async (StackResourceDriftStatus, drift) => {
  const { stacks } = await scripted({
    DetectStackResourceDrift: [{ StackResourceDrift: { ...service, StackResourceDriftStatus } }],
  });
  expect(await stacks.drift("shop-test-api", "Service", {})).toEqual({ drift, differences: [] });
});

test("a resource that is not there is told as that", async () => {
  const message = "Resource Servise does not exist for stack shop-test-api";
  const { stacks } = await scripted({ DetectStackResourceDrift: [{ error: "ValidationError", message }] });
  await expect(stacks.drift("shop-test-api", "Servise", {})).rejects.toMatchObject({
    code: "stack/not-found",
    message: "there is no resource Servise in a stack shop-test-api",
  });
});
