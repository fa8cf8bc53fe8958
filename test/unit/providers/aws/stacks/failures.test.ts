import { expect, test } from "vitest";
import { event, linesOf, nested, nestedId, scripted, since, stack, stackId } from "./scripted-stacks.ts";

// Sources: AWS CloudFormation user guide, "Stack status codes", "Troubleshooting CloudFormation", "Continue rolling back an
// update"; the events are those that it shows there.

const wanted = { name: "shop-test-api", text: "{}", parameters: {}, tags: {}, where: {} };
const ready = { Status: "CREATE_COMPLETE", StackId: stackId, CreationTime: since } as const;
const { signal } = new AbortController();

test("an update that fails is told by its first cause, not by what was cancelled because of it", async () => {
  const events = [
    event(-3600, "shop-test-api", "UPDATE_COMPLETE"),
    event(1, "shop-test-api", "UPDATE_IN_PROGRESS", { ResourceStatusReason: "User Initiated" }),
    event(2, "Service", "UPDATE_IN_PROGRESS"),
    event(3, "Table", "UPDATE_FAILED", { ResourceStatusReason: "Cannot update the key schema" }),
    event(4, "Service", "UPDATE_FAILED", { ResourceStatusReason: "Resource update cancelled" }),
    event(4, "TargetGroup", "CREATE_FAILED", { ResourceStatusReason: "Resource creation cancelled" }),
    event(4, "Topic", "CREATE_FAILED", { ResourceStatusReason: "Topic shop-test-api-events already exists" }),
    event(5, "shop-test-api", "UPDATE_ROLLBACK_IN_PROGRESS", {
      ResourceStatusReason: "The following resource(s) failed to update: [Table].",
    }),
    event(6, "Table", "UPDATE_COMPLETE"),
    event(7, "shop-test-api", "UPDATE_ROLLBACK_COMPLETE"),
  ];
  const { stacks } = await scripted({
    DescribeStacks: [stack("UPDATE_COMPLETE"), stack("UPDATE_ROLLBACK_COMPLETE")],
    CreateChangeSet: [{}],
    DescribeChangeSet: [ready],
    ExecuteChangeSet: [{}],
    events: { [stackId]: [events.slice(0, 3), events.slice(0, 5), events] },
  });
  expect(await linesOf(stacks.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "update shop-test-api
    00:01 shop-test-api UPDATE_IN_PROGRESS (User Initiated)
    00:02 Service UPDATE_IN_PROGRESS
    00:03 Table UPDATE_FAILED (Cannot update the key schema)
    00:04 Service UPDATE_FAILED (Resource update cancelled)
    00:04 TargetGroup CREATE_FAILED (Resource creation cancelled)
    00:04 Topic CREATE_FAILED (Topic shop-test-api-events already exists)
    00:05 shop-test-api UPDATE_ROLLBACK_IN_PROGRESS (The following resource(s) failed to update: [Table].)
    00:06 Table UPDATE_COMPLETE
    00:07 shop-test-api UPDATE_ROLLBACK_COMPLETE
    stack/failed  the stack shop-test-api could not be updated: Table (AWS::DynamoDB::Table): Cannot update the key schema
      Topic (AWS::SNS::Topic): Topic shop-test-api-events already exists
      The stack is what it was before (UPDATE_ROLLBACK_COMPLETE).
      https://console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/events?stackId=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A123456789012%3Astack%2Fshop-test-api%2F0a1b2c3d
      hint: aws cloudformation describe-stack-events --stack-name arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-test-api/0a1b2c3d --region eu-west-1"
  `);
});

test("the cause of a nested stack's failure is told, and where it is", async () => {
  const { stacks } = await scripted({
    DescribeStacks: [stack("UPDATE_COMPLETE"), stack("UPDATE_ROLLBACK_COMPLETE")],
    CreateChangeSet: [{}],
    DescribeChangeSet: [ready],
    ExecuteChangeSet: [{}],
    events: {
      [stackId]: [
        [event(1, "shop-test-api", "UPDATE_IN_PROGRESS"), event(2, "AddonsStack", "UPDATE_IN_PROGRESS")],
        [
          event(6, "AddonsStack", "UPDATE_FAILED", {
            ResourceStatusReason: `Embedded stack ${nestedId} was not successfully updated`,
          }),
          event(7, "shop-test-api", "UPDATE_ROLLBACK_IN_PROGRESS"),
          event(9, "shop-test-api", "UPDATE_ROLLBACK_COMPLETE"),
        ],
      ],
      [nestedId]: [
        [nested(-50, "Table", "CREATE_COMPLETE"), nested(3, "shop-test-api-AddonsStack-1X", "UPDATE_IN_PROGRESS")],
        [
          nested(4, "Table", "UPDATE_FAILED", "Attribute x is unknown"),
          nested(5, "shop-test-api-AddonsStack-1X", "UPDATE_ROLLBACK_COMPLETE"),
        ],
      ],
    },
  });
  expect(await linesOf(stacks.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "update shop-test-api
    00:01 shop-test-api UPDATE_IN_PROGRESS
    00:02 AddonsStack UPDATE_IN_PROGRESS
    00:03 shop-test-api-AddonsStack-1X: shop-test-api-AddonsStack-1X UPDATE_IN_PROGRESS
    00:04 shop-test-api-AddonsStack-1X: Table UPDATE_FAILED (Attribute x is unknown)
    00:05 shop-test-api-AddonsStack-1X: shop-test-api-AddonsStack-1X UPDATE_ROLLBACK_COMPLETE
    00:06 AddonsStack UPDATE_FAILED (Embedded stack arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-test-api-AddonsStack-1X/4e5f6a7b was not successfully updated)
    00:07 shop-test-api UPDATE_ROLLBACK_IN_PROGRESS
    00:09 shop-test-api UPDATE_ROLLBACK_COMPLETE
    stack/failed  the stack shop-test-api could not be updated: Table (AWS::DynamoDB::Table) in shop-test-api-AddonsStack-1X: Attribute x is unknown
      The stack is what it was before (UPDATE_ROLLBACK_COMPLETE).
      https://console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/events?stackId=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A123456789012%3Astack%2Fshop-test-api%2F0a1b2c3d
      hint: aws cloudformation describe-stack-events --stack-name arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-test-api/0a1b2c3d --region eu-west-1"
  `);
});

test("a first creation that fails leaves nothing, and the next deployment clears away what is left of it", async () => {
  const lost = event(2, "Service", "CREATE_FAILED", {
    ResourceStatusReason: "Unable to assume the service linked role",
  });
  const { stacks, calls } = await scripted({
    DescribeStacks: [
      { error: "ValidationError", message: "Stack with id shop-test-api does not exist" },
      stack("ROLLBACK_COMPLETE"),
    ],
    CreateChangeSet: [{}],
    DescribeChangeSet: [ready],
    ExecuteChangeSet: [{}],
    DeleteStack: [{}],
    events: {
      [stackId]: [
        [
          event(0, "shop-test-api", "REVIEW_IN_PROGRESS"),
          event(1, "shop-test-api", "CREATE_IN_PROGRESS"),
          lost,
          event(3, "shop-test-api", "ROLLBACK_IN_PROGRESS"),
          event(4, "shop-test-api", "ROLLBACK_COMPLETE"),
        ],
        [
          event(70, "shop-test-api", "DELETE_IN_PROGRESS", { ClientRequestToken: "token-3" }),
          event(71, "shop-test-api", "DELETE_COMPLETE", { ClientRequestToken: "token-3" }),
        ],
        [event(80, "shop-test-api", "CREATE_IN_PROGRESS"), event(81, "shop-test-api", "CREATE_COMPLETE")],
      ],
    },
  });
  expect(await linesOf(stacks.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "create shop-test-api
    00:01 shop-test-api CREATE_IN_PROGRESS
    00:02 Service CREATE_FAILED (Unable to assume the service linked role)
    00:03 shop-test-api ROLLBACK_IN_PROGRESS
    00:04 shop-test-api ROLLBACK_COMPLETE
    stack/failed  the stack shop-test-api could not be created: Service (AWS::ECS::Service): Unable to assume the service linked role
      What had been made is gone again (ROLLBACK_COMPLETE); the next deployment starts anew.
      https://console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/events?stackId=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A123456789012%3Astack%2Fshop-test-api%2F0a1b2c3d
      hint: aws cloudformation describe-stack-events --stack-name arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-test-api/0a1b2c3d --region eu-west-1"
  `);
  calls.length = 0;
  expect(await linesOf(stacks.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "delete shop-test-api
    01:10 shop-test-api DELETE_IN_PROGRESS
    01:11 shop-test-api DELETE_COMPLETE
    create shop-test-api
    01:20 shop-test-api CREATE_IN_PROGRESS
    01:21 shop-test-api CREATE_COMPLETE
    = {"outcome":"created","status":"ROLLBACK_COMPLETE"}"
  `);
  expect(calls.map(({ action }) => action).slice(0, 3)).toEqual(["DescribeStacks", "DescribeStacks", "DeleteStack"]);
});

test.each([
  "Priority '26' is currently in use (Service: AmazonElasticLoadBalancingV2; Status Code: 400; Error Code: PriorityInUse; Request ID: 1)",
  "Resource handler returned message: \"Resource of type 'AWS::ElasticLoadBalancingV2::ListenerRule' with identifier 'One or more priorities not found (Service: ElasticLoadBalancingV2, Status Code: 400, Request ID: 1)' already exists.\" (RequestToken: 1, HandlerErrorCode: AlreadyExists)",
])("a rule whose priority somebody took at the same time is told apart: %s", async (ResourceStatusReason) => {
  const ResourceType = "AWS::ElasticLoadBalancingV2::ListenerRule";
  const { stacks } = await scripted({
    DescribeStacks: [stack("UPDATE_COMPLETE"), stack("UPDATE_ROLLBACK_COMPLETE")],
    CreateChangeSet: [{}],
    DescribeChangeSet: [ready],
    ExecuteChangeSet: [{}],
    events: {
      [stackId]: [
        [
          event(1, "shop-test-api", "UPDATE_IN_PROGRESS"),
          event(2, "HTTPSListenerRule", "CREATE_FAILED", { ResourceStatusReason, ResourceType }),
          event(3, "Service", "UPDATE_FAILED", { ResourceStatusReason: "Resource update cancelled" }),
          event(4, "shop-test-api", "UPDATE_ROLLBACK_COMPLETE"),
        ],
      ],
    },
  });
  expect(await linesOf(stacks.deploy(wanted, signal))).toContain(
    "\nstack/priority-taken  the stack shop-test-api could",
  );
});

test("what failed stays when it shall", async () => {
  const { stacks, calls } = await scripted({
    DescribeStacks: [stack("UPDATE_COMPLETE"), stack("UPDATE_FAILED")],
    CreateChangeSet: [{}],
    DescribeChangeSet: [ready],
    ExecuteChangeSet: [{}],
    events: {
      [stackId]: [
        [
          event(1, "shop-test-api", "UPDATE_IN_PROGRESS"),
          event(2, "Service", "UPDATE_FAILED", { ResourceStatusReason: "Circuit breaker" }),
          event(3, "shop-test-api", "UPDATE_FAILED"),
        ],
      ],
    },
  });
  expect(await linesOf(stacks.deploy({ ...wanted, noRollback: true }, signal))).toMatchInlineSnapshot(`
    "update shop-test-api
    00:01 shop-test-api UPDATE_IN_PROGRESS
    00:02 Service UPDATE_FAILED (Circuit breaker)
    00:03 shop-test-api UPDATE_FAILED
    stack/failed  the stack shop-test-api could not be updated: Service (AWS::ECS::Service): Circuit breaker
      What had been changed is left as it is (UPDATE_FAILED); the next deployment goes on from there.
      https://console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/events?stackId=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A123456789012%3Astack%2Fshop-test-api%2F0a1b2c3d
      hint: aws cloudformation describe-stack-events --stack-name arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-test-api/0a1b2c3d --region eu-west-1"
  `);
  const executed = calls.find(({ action }) => action === "ExecuteChangeSet");
  expect(new URLSearchParams(executed?.request.body.toString()).get("DisableRollback")).toBe("true");
});

test("a rollback that fails too names what holds it up, and how to go on", async () => {
  const { stacks } = await scripted({
    DescribeStacks: [stack("UPDATE_COMPLETE"), stack("UPDATE_ROLLBACK_FAILED")],
    CreateChangeSet: [{}],
    DescribeChangeSet: [ready],
    ExecuteChangeSet: [{}],
    events: {
      [stackId]: [
        [
          event(1, "shop-test-api", "UPDATE_IN_PROGRESS"),
          event(2, "Table", "UPDATE_FAILED", { ResourceStatusReason: "Cannot update the key schema" }),
          event(3, "shop-test-api", "UPDATE_ROLLBACK_IN_PROGRESS"),
          event(4, "Service", "UPDATE_FAILED", { ResourceStatusReason: "Service arn:aws:ecs:… did not stabilize." }),
          event(5, "shop-test-api", "UPDATE_ROLLBACK_FAILED", {
            ResourceStatusReason: "The following resource(s) failed to update: [Service].",
          }),
        ],
      ],
    },
  });
  expect(await linesOf(stacks.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "update shop-test-api
    00:01 shop-test-api UPDATE_IN_PROGRESS
    00:02 Table UPDATE_FAILED (Cannot update the key schema)
    00:03 shop-test-api UPDATE_ROLLBACK_IN_PROGRESS
    00:04 Service UPDATE_FAILED (Service arn:aws:ecs:… did not stabilize.)
    00:05 shop-test-api UPDATE_ROLLBACK_FAILED (The following resource(s) failed to update: [Service].)
    stack/rollback-failed  the stack shop-test-api could not be updated: Table (AWS::DynamoDB::Table): Cannot update the key schema
      CloudFormation could not go back to what was before, and takes no update until it has:
      Service (AWS::ECS::Service): Service arn:aws:ecs:… did not stabilize.
      When the reason cannot be mended: aws cloudformation continue-update-rollback --stack-name shop-test-api --region eu-west-1 --resources-to-skip Service
      https://console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/events?stackId=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A123456789012%3Astack%2Fshop-test-api%2F0a1b2c3d
      hint: aws cloudformation continue-update-rollback --stack-name shop-test-api --region eu-west-1    (once the reason is mended)"
  `);
});

const stuck = {
  DescribeStackResources: [
    {
      StackResources: [
        {
          LogicalResourceId: "Table",
          PhysicalResourceId: "shop-test-api-table",
          ResourceType: "AWS::DynamoDB::Table",
          ResourceStatus: "UPDATE_COMPLETE" as const,
          Timestamp: since,
        },
        {
          LogicalResourceId: "Service",
          PhysicalResourceId: "arn:aws:ecs:eu-west-1:123456789012:service/shop-test/api",
          ResourceType: "AWS::ECS::Service",
          ResourceStatus: "UPDATE_FAILED" as const,
          ResourceStatusReason: "Service did not stabilize.",
          Timestamp: since,
        },
      ],
    },
  ],
};

test("a stack that says whose it is has a command of its own to go on with", async () => {
  const tags = { "copilot-application": "shop", "copilot-environment": "test", "copilot-service": "api" };
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const { stacks } = await scripted({ DescribeStacks: [{ ...stack("UPDATE_ROLLBACK_FAILED"), Tags }], ...stuck });
  const told = (await linesOf(stacks.deploy(wanted, signal))).split("\n");
  expect([told[1], told.at(-1)]).toMatchInlineSnapshot(`
    [
      "  When the reason cannot be mended: pilotfish continue-rollback -a shop -e test -n api --skip Service",
      "  hint: pilotfish continue-rollback -a shop -e test -n api    (once the reason is mended)",
    ]
  `);
});

test("a stack whose rollback has failed takes no update, and says why", async () => {
  const { stacks, calls } = await scripted({ DescribeStacks: [stack("UPDATE_ROLLBACK_FAILED")], ...stuck });
  expect(await linesOf(stacks.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "stack/rollback-failed  the stack shop-test-api could not be rolled back: Service (AWS::ECS::Service): Service did not stabilize.
      When the reason cannot be mended: aws cloudformation continue-update-rollback --stack-name shop-test-api --region eu-west-1 --resources-to-skip Service
      https://console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/events?stackId=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A123456789012%3Astack%2Fshop-test-api%2F0a1b2c3d
      hint: aws cloudformation continue-update-rollback --stack-name shop-test-api --region eu-west-1    (once the reason is mended)"
  `);
  expect(calls.map(({ action }) => action)).toEqual(["DescribeStacks", "DescribeStackResources"]);
});

test("a rollback is gone on with, and followed from where it goes on", async () => {
  const before = [
    event(-60, "shop-test-api", "UPDATE_ROLLBACK_IN_PROGRESS"),
    event(-50, "shop-test-api", "UPDATE_ROLLBACK_FAILED"),
  ];
  const { stacks, calls } = await scripted({
    DescribeStacks: [stack("UPDATE_ROLLBACK_FAILED"), stack("UPDATE_ROLLBACK_COMPLETE")],
    ContinueUpdateRollback: [{}],
    events: {
      [stackId]: [
        before,
        [
          ...before,
          event(1, "shop-test-api", "UPDATE_ROLLBACK_IN_PROGRESS", { ClientRequestToken: "token-1" }),
          event(2, "Service", "UPDATE_COMPLETE", { ClientRequestToken: "token-1" }),
          event(3, "shop-test-api", "UPDATE_ROLLBACK_COMPLETE", { ClientRequestToken: "token-1" }),
        ],
      ],
    },
  });
  const story = stacks.continueRollback({ name: "shop-test-api", where: {}, skip: ["Service"] }, signal);
  expect(await linesOf(story)).toMatchInlineSnapshot(`
    "update shop-test-api
    00:01 shop-test-api UPDATE_ROLLBACK_IN_PROGRESS
    00:02 Service UPDATE_COMPLETE
    00:03 shop-test-api UPDATE_ROLLBACK_COMPLETE
    = {"outcome":"rolled-back","status":"UPDATE_ROLLBACK_COMPLETE"}"
  `);
  const sent = new URLSearchParams(calls[1]?.request.body.toString());
  expect(sent.get("ResourcesToSkip.member.1")).toBe("Service");
});

test("without a rollback there is none to go on with", async () => {
  const { stacks } = await scripted({ DescribeStacks: [stack("UPDATE_COMPLETE")] });
  expect(await linesOf(stacks.continueRollback({ name: "shop-test-api", where: {} }, signal))).toMatchInlineSnapshot(`
    "stack/refused  the stack shop-test-api is UPDATE_COMPLETE: there is no rollback to go on with
      hint: undefined"
  `);
});

test("a deletion that fails names what is in the way, and how to leave it", async () => {
  const token = { ClientRequestToken: "token-1" };
  const { stacks } = await scripted({
    DescribeStacks: [stack("UPDATE_COMPLETE"), stack("DELETE_FAILED")],
    DeleteStack: [{}],
    events: {
      [stackId]: [
        [
          event(-90, "shop-test-api", "DELETE_IN_PROGRESS"),
          event(-80, "shop-test-api", "DELETE_FAILED"),
          event(1, "shop-test-api", "DELETE_IN_PROGRESS", { ...token, ResourceStatusReason: "User Initiated" }),
          event(2, "Bucket", "DELETE_FAILED", {
            ...token,
            ResourceType: "AWS::S3::Bucket",
            ResourceStatusReason: "The bucket you tried to delete is not empty",
          }),
          event(3, "shop-test-api", "DELETE_FAILED", token),
        ],
      ],
    },
  });
  expect(await linesOf(stacks.delete({ name: "shop-test-api", where: {} }, signal))).toMatchInlineSnapshot(`
    "delete shop-test-api
    00:01 shop-test-api DELETE_IN_PROGRESS (User Initiated)
    00:02 Bucket DELETE_FAILED (The bucket you tried to delete is not empty)
    00:03 shop-test-api DELETE_FAILED
    stack/delete-failed  the stack shop-test-api could not be deleted: Bucket (AWS::S3::Bucket): The bucket you tried to delete is not empty
      https://console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/events?stackId=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A123456789012%3Astack%2Fshop-test-api%2F0a1b2c3d
      hint: aws cloudformation delete-stack --stack-name shop-test-api --region eu-west-1 --retain-resources Bucket    (leaves them where they are)"
  `);
});

test("a protected stack is not deleted", async () => {
  const { stacks } = await scripted({
    DescribeStacks: [stack("UPDATE_COMPLETE")],
    DeleteStack: [
      {
        error: "ValidationError",
        message: "Stack [shop-test-api] cannot be deleted while TerminationProtection is enabled",
      },
    ],
  });
  expect(await linesOf(stacks.delete({ name: "shop-test-api", where: {} }, signal))).toMatchInlineSnapshot(`
    "stack/delete-failed  the stack shop-test-api is protected from being deleted
      hint: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name shop-test-api --region eu-west-1"
  `);
});

test("what was once complete is not cleared away by a deployment because its deletion has failed", async () => {
  const failed = {
    ...stuck.DescribeStackResources[0]?.StackResources[1],
    ResourceStatus: "DELETE_FAILED" as const,
  };
  const { stacks, calls } = await scripted({
    DescribeStacks: [stack("DELETE_FAILED")],
    DescribeStackResources: [{ StackResources: [failed as never] }],
    events: {
      [stackId]: [[event(-900, "shop-test-api", "CREATE_COMPLETE"), event(-5, "shop-test-api", "DELETE_FAILED")]],
    },
  });
  expect(await linesOf(stacks.deploy(wanted, signal))).toMatchInlineSnapshot(`
    "stack/delete-failed  the stack shop-test-api could not be deleted: Service (AWS::ECS::Service): Service did not stabilize.
      https://console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/events?stackId=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A123456789012%3Astack%2Fshop-test-api%2F0a1b2c3d
      hint: aws cloudformation delete-stack --stack-name shop-test-api --region eu-west-1 --retain-resources Service    (leaves them where they are)"
  `);
  expect(calls.map(({ action }) => action)).not.toContain("DeleteStack");
});
