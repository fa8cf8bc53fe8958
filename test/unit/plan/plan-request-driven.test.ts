import { expect, test } from "vitest";
import type { RequestDrivenManifest } from "../../../src/manifest/load.ts";
import { planRequestDriven } from "../../../src/plan/plan-request-driven.ts";

const plan = (more: Partial<RequestDrivenManifest> = {}) =>
  planRequestDriven({
    manifest: {
      name: "run",
      type: "Request-Driven Web Service",
      image: { build: "web/Dockerfile", port: 80 },
      ...more,
    },
    app: "shop",
    env: "test",
  });

test("a service with nothing but what it must have gets Copilot's defaults", () => {
  expect(plan()).toMatchInlineSnapshot(`
    {
      "app": "shop",
      "builds": [
        {
          "args": {},
          "cacheFrom": [],
          "container": "run",
          "context": "web",
          "dockerfile": "web/Dockerfile",
          "platform": "linux/amd64",
        },
      ],
      "env": "test",
      "instancePolicies": [
        {
          "PolicyName": "DenyIAM",
          "Statement": [
            {
              "Action": [
                "iam:*",
              ],
              "Effect": "Deny",
              "Resource": [
                "*",
              ],
            },
          ],
        },
      ],
      "name": "run",
      "service": {
        "cpu": 1024,
        "memory": 2048,
        "port": 80,
        "secrets": [],
        "serviceName": "shop-test-run",
        "tags": [],
        "tracing": false,
        "variables": [
          {
            "name": "COPILOT_APPLICATION_NAME",
            "value": "shop",
          },
          {
            "name": "COPILOT_ENVIRONMENT_NAME",
            "value": "test",
          },
          {
            "name": "COPILOT_SERVICE_NAME",
            "value": "run",
          },
        ],
      },
      "topics": [],
      "type": "Request-Driven Web Service",
    }
  `);
});

test("a health check says what the manifest says, in whole seconds", () => {
  const check = (healthcheck: NonNullable<RequestDrivenManifest["http"]>["healthcheck"]) =>
    plan({ http: { healthcheck } }).service.healthCheck;
  expect(check("/up")).toEqual({ path: "/up" });
  expect(check({})).toBeUndefined();
  expect(check({ interval: "1500ms", timeout: "2s", healthy_threshold: 1, unhealthy_threshold: 2 })).toEqual({
    interval: 1,
    timeout: 2,
    healthyThreshold: 1,
    unhealthyThreshold: 2,
  });
});

test.each([
  [false, undefined],
  [true, { env: "AppRunnerVpcEndpointId" }],
  [{ endpoint: "vpce-1" }, "vpce-1"],
])("private: %j is reached through %j", (given, endpoint) => {
  expect(plan({ http: { private: given } }).privateEndpoint).toEqual(endpoint);
});

test.each([
  ["private", [{ env: "PrivateSubnets" }]],
  [{ subnets: ["subnet-1"] }, ["subnet-1"]],
  [{ subnets: { from_tags: { b: "c", a: ["d"] } } }, [{ subnetsWithTags: { a: ["d"], b: ["c"] } }]],
])("placement %j goes out through %j, and finds services by name", (placement, subnets) => {
  const { egress, service } = plan({ network: { vpc: { placement } } });
  expect(egress).toEqual({ subnets });
  expect(service.variables).toContainEqual({
    name: "COPILOT_SERVICE_DISCOVERY_ENDPOINT",
    value: "test.shop.local",
  });
});

test("everything else that a manifest may ask for", () => {
  const { service, instancePolicies, image, alias, topics, builds } = plan({
    image: { location: "123456789012.dkr.ecr.us-east-1.amazonaws.com/run:1", port: 80 },
    http: { alias: "run.example.com" },
    cpu: 256,
    memory: 512,
    count: "small/2",
    command: "serve --now",
    observability: { tracing: "awsxray" },
    variables: { B: "1", A: { from_cfn: "x" } },
    secrets: { D: { secretsmanager: "d" }, C: "/c" },
    publish: { topics: [{ name: "runs" }, { name: "jobs", fifo: true }] },
    tags: { b: "2", a: "1" },
  });
  expect({ service, instancePolicies, image, alias, topics, builds }).toMatchInlineSnapshot(`
    {
      "alias": "run.example.com",
      "builds": [],
      "image": {
        "name": "123456789012.dkr.ecr.us-east-1.amazonaws.com/run:1",
        "repository": "ECR",
      },
      "instancePolicies": [
        {
          "PolicyName": "DenyIAM",
          "Statement": [
            {
              "Action": [
                "iam:*",
              ],
              "Effect": "Deny",
              "Resource": [
                "*",
              ],
            },
          ],
        },
        {
          "PolicyName": "AccessCopilotTaggedSecrets",
          "Statement": [
            {
              "Action": [
                "ssm:GetParameters",
              ],
              "Condition": {
                "StringEquals": {
                  "ssm:ResourceTag/copilot-application": "shop",
                  "ssm:ResourceTag/copilot-environment": "test",
                },
              },
              "Effect": "Allow",
              "Resource": [
                {
                  "join": [
                    "arn:",
                    {
                      "ref": "partition",
                    },
                    ":ssm:",
                    {
                      "ref": "region",
                    },
                    ":",
                    {
                      "ref": "account",
                    },
                    ":",
                    "parameter/*",
                  ],
                },
              ],
            },
            {
              "Action": [
                "secretsmanager:GetSecretValue",
              ],
              "Condition": {
                "StringEquals": {
                  "secretsmanager:ResourceTag/copilot-application": "shop",
                  "secretsmanager:ResourceTag/copilot-environment": "test",
                },
              },
              "Effect": "Allow",
              "Resource": [
                {
                  "join": [
                    "arn:",
                    {
                      "ref": "partition",
                    },
                    ":secretsmanager:",
                    {
                      "ref": "region",
                    },
                    ":",
                    {
                      "ref": "account",
                    },
                    ":",
                    "secret:*",
                  ],
                },
              ],
            },
            {
              "Action": [
                "kms:Decrypt",
              ],
              "Effect": "Allow",
              "Resource": [
                {
                  "ref": "artifact-key",
                },
              ],
            },
            {
              "Action": [
                "kms:Decrypt",
              ],
              "Condition": {
                "StringEquals": {
                  "aws:ResourceTag/copilot-application": "shop",
                  "aws:ResourceTag/copilot-environment": "test",
                },
              },
              "Effect": "Allow",
              "Resource": [
                {
                  "join": [
                    "arn:",
                    {
                      "ref": "partition",
                    },
                    ":kms:",
                    {
                      "ref": "region",
                    },
                    ":",
                    {
                      "ref": "account",
                    },
                    ":",
                    "key/*",
                  ],
                },
              ],
              "Sid": "DecryptTaggedKMSKey",
            },
          ],
        },
        {
          "PolicyName": "Publish2SNS",
          "Statement": [
            {
              "Action": [
                "sns:Publish",
              ],
              "Effect": "Allow",
              "Resource": [
                {
                  "topic": "runs",
                },
                {
                  "topic": "jobs.fifo",
                },
              ],
            },
          ],
        },
        {
          "PolicyName": "EnableAWSXRayTracing",
          "Statement": [
            {
              "Action": [
                "xray:PutTraceSegments",
                "xray:PutTelemetryRecords",
                "xray:GetSamplingRules",
                "xray:GetSamplingTargets",
                "xray:GetSamplingStatisticSummaries",
                "ssm:GetParameters",
              ],
              "Effect": "Allow",
              "Resource": [
                "*",
              ],
            },
          ],
        },
      ],
      "service": {
        "autoScalingConfiguration": "small/2",
        "cpu": 256,
        "memory": 512,
        "port": 80,
        "secrets": [
          {
            "name": "C",
            "valueFrom": "/c",
          },
          {
            "name": "D",
            "valueFrom": {
              "join": [
                "arn:",
                {
                  "ref": "partition",
                },
                ":secretsmanager:",
                {
                  "ref": "region",
                },
                ":",
                {
                  "ref": "account",
                },
                ":secret:d",
              ],
            },
          },
        ],
        "serviceName": "shop-test-run",
        "startCommand": "serve --now",
        "tags": [
          {
            "key": "a",
            "value": "1",
          },
          {
            "key": "b",
            "value": "2",
          },
        ],
        "tracing": true,
        "variables": [
          {
            "name": "COPILOT_APPLICATION_NAME",
            "value": "shop",
          },
          {
            "name": "COPILOT_ENVIRONMENT_NAME",
            "value": "test",
          },
          {
            "name": "COPILOT_SERVICE_NAME",
            "value": "run",
          },
          {
            "name": "COPILOT_SNS_TOPIC_ARNS",
            "value": {
              "join": [
                "{"jobs.fifo":"arn:",
                {
                  "ref": "partition",
                },
                ":sns:",
                {
                  "ref": "region",
                },
                ":",
                {
                  "ref": "account",
                },
                ":shop-test-run-jobs.fifo"",
                ","runs":"arn:",
                {
                  "ref": "partition",
                },
                ":sns:",
                {
                  "ref": "region",
                },
                ":",
                {
                  "ref": "account",
                },
                ":shop-test-run-runs"",
                "}",
              ],
            },
          },
          {
            "name": "A",
            "value": {
              "import": "x",
            },
          },
          {
            "name": "B",
            "value": "1",
          },
        ],
      },
      "topics": [
        {
          "fifo": false,
          "name": "runs",
          "topicName": "shop-test-run-runs",
        },
        {
          "fifo": true,
          "name": "jobs",
          "topicName": "shop-test-run-jobs.fifo",
        },
      ],
    }
  `);
});
