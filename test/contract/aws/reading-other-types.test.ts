import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Stacks } from "../../../src/providers/account/stacks.ts";
import { createRecords } from "../../../src/providers/aws/records.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { createStacks } from "../../../src/providers/aws/stacks/stacks.ts";
import { createWorkloadReader } from "../../../src/providers/aws/workload-reader.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { json } from "../../support/aws/scripted-ecs.ts";
import { createStack, smallShop } from "../../support/aws/small-shop.ts";

const arn = "arn:aws:apprunner:us-west-2:123456789012:service/shop-test-web/0a1b";

describeWithAws("reading what is no service of ECS", (aws) => {
  let session: AwsSession;
  beforeEach(async () => {
    await aws.reset();
    await smallShop(aws);
    session = new AwsSession({ region: "us-west-2" });
  });
  afterEach(() => session.close());

  const reader = (stacks: Stacks = createStacks(session)) =>
    createWorkloadReader({
      session,
      records: createRecords(session),
      stacks,
      now: () => Date.now(),
      pace: { first: 5, most: 20 },
    });

  const deploy = (name: string, template: object) =>
    createStack(aws, `shop-test-${name}`, template, { "copilot-environment": "test", "copilot-service": name });

  /** Source of the answer: AWS App Runner API Reference, DescribeService. */
  test("a service of App Runner has its address and state, and is shown with its size, port and variables", async () => {
    await deploy("web", { Resources: { Service: { Type: "AWS::AppRunner::Service", Properties: {} } } });
    const Service = {
      ServiceName: "shop-test-web",
      ServiceArn: arn,
      ServiceUrl: "psbqam834h.us-west-2.awsapprunner.com",
      Status: "PAUSED",
      InstanceConfiguration: { Cpu: "1024", Memory: "2048" },
      SourceConfiguration: {
        ImageRepository: {
          ImageIdentifier: "public.ecr.aws/shop/web:1",
          ImageRepositoryType: "ECR_PUBLIC",
          ImageConfiguration: { Port: "8080", RuntimeEnvironmentVariables: { MODE: "fast" } },
        },
      },
    };
    aws.use(async ({ name }, pass) => (name === "apprunner:DescribeService" ? json({ Service }) : pass()));
    const web = { app: "shop", env: "test", name: "web" };
    expect(await reader().describeWorkload(web)).toMatchInlineSnapshot(`
      {
        "app": "shop",
        "deployments": [],
        "desiredCount": 0,
        "env": "test",
        "events": [],
        "name": "web",
        "pendingCount": 0,
        "runningCount": 0,
        "state": "PAUSED",
        "status": "ACTIVE",
        "stoppedTasks": [],
        "tasks": [],
        "urls": [
          "https://psbqam834h.us-west-2.awsapprunner.com",
        ],
      }
    `);
    const { taskDefinition, urls } = await reader().deployedWorkload(web);
    expect({ taskDefinition, urls }).toMatchInlineSnapshot(`
      {
        "taskDefinition": {
          "containerDefinitions": [
            {
              "environment": [
                {
                  "name": "MODE",
                  "value": "fast",
                },
              ],
              "image": "public.ecr.aws/shop/web:1",
              "name": "web",
              "portMappings": [
                {
                  "containerPort": 8080,
                },
              ],
              "secrets": [],
            },
          ],
          "cpu": "1024",
          "family": "shop-test-web",
          "memory": "2048",
        },
        "urls": [
          "https://psbqam834h.us-west-2.awsapprunner.com",
        ],
      }
    `);
  });

  test("the lines of App Runner's instances are in a group of its own", async () => {
    await deploy("web", { Resources: { Service: { Type: "AWS::AppRunner::Service", Properties: {} } } });
    const stacks = createStacks(session);
    const service = { type: "AWS::AppRunner::Service", status: "CREATE_COMPLETE", physicalId: arn };
    const named = { ...stacks, resources: async () => ({ Service: service }) };
    const logs = aws.client(CloudWatchLogsClient);
    const stream = { logGroupName: "/aws/apprunner/shop-test-web/0a1b/application", logStreamName: "instance/i1" };
    await logs.send(new CreateLogGroupCommand(stream));
    await logs.send(new CreateLogStreamCommand(stream));
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp: Date.now(), message: "hello" }] }));
    const lines = [];
    const request = { app: "shop", env: "test", name: "web", follow: false };
    for await (const line of reader(named).logs(request, new AbortController().signal)) lines.push({ ...line, at: "" });
    expect(lines).toEqual([{ at: "", task: "i1", container: "web", stream: "stdout", message: "hello" }]);
  });

  test("sites and jobs are listed, and a site has the addresses that its stack gives out", async () => {
    await deploy("pages", {
      Resources: {
        Bucket: { Type: "AWS::S3::Bucket" },
        CloudFrontDistribution: {
          Type: "AWS::CloudFront::Distribution",
          Properties: {
            DistributionConfig: {
              Enabled: true,
              Origins: [{ Id: "bucket", DomainName: "pages.s3.amazonaws.com", S3OriginConfig: {} }],
              DefaultCacheBehavior: { TargetOriginId: "bucket", ViewerProtocolPolicy: "redirect-to-https" },
            },
          },
        },
      },
      Outputs: {
        CloudFrontDistributionDomainName: { Value: "d111111abcdef8.cloudfront.net" },
        CloudFrontDistributionAlternativeDomainName: { Value: "www.example.com" },
      },
    });
    await deploy("report", {
      Resources: {
        StateMachine: {
          Type: "AWS::StepFunctions::StateMachine",
          Properties: {
            DefinitionString: '{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}',
            RoleArn: "arn:aws:iam::123456789012:role/report",
          },
        },
      },
    });
    const listed = await reader().listWorkloads({ app: "shop", env: "test" });
    expect(listed.map(({ name, status, urls }) => ({ name, status, urls: urls.length > 0 ? urls : "none" })))
      .toMatchInlineSnapshot(`
      [
        {
          "name": "api",
          "status": "ACTIVE",
          "urls": [
            "http://shop-test-Publi-1.us-west-2.elb.amazonaws.com/orders",
          ],
        },
        {
          "name": "pages",
          "status": "ACTIVE",
          "urls": [
            "https://www.example.com",
            "https://d111111abcdef8.cloudfront.net",
          ],
        },
        {
          "name": "report",
          "status": "ACTIVE",
          "urls": "none",
        },
      ]
    `);
  });
});
