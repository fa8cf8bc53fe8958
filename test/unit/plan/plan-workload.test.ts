import { describe, expect, test } from "vitest";
import type { ServiceManifest } from "../../../src/manifest/load.ts";
import { planWorkload } from "../../../src/plan/plan-workload.ts";

const web: ServiceManifest = {
  name: "web",
  type: "Load Balanced Web Service",
  image: { build: "web/Dockerfile", port: 8080 },
  http: { path: "/" },
};
const api: ServiceManifest = {
  name: "api",
  type: "Backend Service",
  image: { location: "example/api:1" },
};

const plan = (manifest: ServiceManifest) => planWorkload({ manifest, app: "shop", env: "test" });

describe("a whole plan", () => {
  test("a web service with nothing but what it must have gets Copilot's defaults", () => {
    expect(plan(web)).toMatchInlineSnapshot(`
      {
        "alarms": [],
        "app": "shop",
        "builds": [
          {
            "args": {},
            "cacheFrom": [],
            "container": "web",
            "context": "web",
            "dockerfile": "web/Dockerfile",
            "platform": "linux/amd64",
          },
        ],
        "discovery": {
          "name": "web",
          "namespace": "test.shop.local",
          "port": 8080,
        },
        "env": "test",
        "envFiles": [],
        "imagePort": 8080,
        "images": {},
        "listenerRules": [
          {
            "band": "root",
            "conditions": [
              {
                "Field": "path-pattern",
                "PathPatternConfig": {
                  "Values": [
                    "/*",
                  ],
                },
              },
            ],
            "key": "main",
            "path": "/",
            "targetGroup": "main",
          },
        ],
        "loadBalancer": "public",
        "logRetentionDays": 30,
        "main": {
          "container": "web",
          "port": 8080,
        },
        "name": "web",
        "roles": {
          "execution": {
            "managedPolicies": [
              {
                "join": [
                  "arn:",
                  {
                    "ref": "partition",
                  },
                  ":iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
                ],
              },
            ],
            "policies": [
              {
                "PolicyName": "shop-test-webSecretsPolicy",
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
            ],
          },
          "task": {
            "managedPolicies": [],
            "policies": [
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
          },
        },
        "service": {
          "deploymentConfiguration": {
            "alarms": {
              "alarmNames": [],
              "enable": false,
              "rollback": true,
            },
            "deploymentCircuitBreaker": {
              "enable": true,
              "rollback": true,
            },
            "maximumPercent": 200,
            "minimumHealthyPercent": 100,
          },
          "desiredCount": 1,
          "healthCheckGracePeriodSeconds": 60,
          "launchType": "FARGATE",
          "networkConfiguration": {
            "awsvpcConfiguration": {
              "assignPublicIp": "ENABLED",
              "securityGroups": [
                {
                  "env": "EnvironmentSecurityGroup",
                },
              ],
              "subnets": [
                {
                  "env": "PublicSubnets",
                },
              ],
            },
          },
          "platformVersion": "LATEST",
          "propagateTags": "SERVICE",
          "serviceConnectConfiguration": {
            "enabled": false,
          },
        },
        "targetGroups": [
          {
            "attributes": [
              {
                "Key": "deregistration_delay.timeout_seconds",
                "Value": "60",
              },
              {
                "Key": "stickiness.enabled",
                "Value": "false",
              },
            ],
            "container": "web",
            "containerPort": 8080,
            "implied": [
              "ProtocolVersion",
              "HealthCheckProtocol",
              "HealthCheckIntervalSeconds",
              "HealthCheckTimeoutSeconds",
              "HealthyThresholdCount",
              "UnhealthyThresholdCount",
              "Matcher",
            ],
            "key": "main",
            "request": {
              "HealthCheckIntervalSeconds": 30,
              "HealthCheckPath": "/",
              "HealthCheckProtocol": "HTTP",
              "HealthCheckTimeoutSeconds": 5,
              "HealthyThresholdCount": 5,
              "Matcher": {
                "HttpCode": "200",
              },
              "Port": 8080,
              "Protocol": "HTTP",
              "ProtocolVersion": "HTTP1",
              "TargetType": "ip",
              "UnhealthyThresholdCount": 2,
            },
          },
        ],
        "taskDefinition": {
          "containerDefinitions": [
            {
              "environment": [
                {
                  "name": "COPILOT_APPLICATION_NAME",
                  "value": "shop",
                },
                {
                  "name": "COPILOT_SERVICE_DISCOVERY_ENDPOINT",
                  "value": "test.shop.local",
                },
                {
                  "name": "COPILOT_ENVIRONMENT_NAME",
                  "value": "test",
                },
                {
                  "name": "COPILOT_SERVICE_NAME",
                  "value": "web",
                },
                {
                  "name": "COPILOT_LB_DNS",
                  "value": {
                    "env": "PublicLoadBalancerDNSName",
                  },
                },
              ],
              "image": {
                "image": "web",
              },
              "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                  "awslogs-group": {
                    "ref": "log-group",
                  },
                  "awslogs-region": {
                    "ref": "region",
                  },
                  "awslogs-stream-prefix": "copilot",
                },
              },
              "name": "web",
              "portMappings": [
                {
                  "containerPort": 8080,
                  "name": "target",
                  "protocol": "tcp",
                },
              ],
            },
          ],
          "cpu": "256",
          "executionRoleArn": {
            "ref": "execution-role",
          },
          "family": "shop-test-web",
          "memory": "512",
          "networkMode": "awsvpc",
          "requiresCompatibilities": [
            "FARGATE",
          ],
          "taskRoleArn": {
            "ref": "task-role",
          },
        },
        "topics": [],
        "type": "Load Balanced Web Service",
      }
    `);
  });

  test("a backend service with nothing but an image has no port, no load balancer and nothing to build", () => {
    expect(plan(api)).toMatchInlineSnapshot(`
      {
        "alarms": [],
        "app": "shop",
        "builds": [],
        "discovery": {
          "name": "api",
          "namespace": "test.shop.local",
        },
        "env": "test",
        "envFiles": [],
        "images": {
          "api": "example/api:1",
        },
        "listenerRules": [],
        "logRetentionDays": 30,
        "main": {
          "container": "api",
        },
        "name": "api",
        "roles": {
          "execution": {
            "managedPolicies": [
              {
                "join": [
                  "arn:",
                  {
                    "ref": "partition",
                  },
                  ":iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
                ],
              },
            ],
            "policies": [
              {
                "PolicyName": "shop-test-apiSecretsPolicy",
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
            ],
          },
          "task": {
            "managedPolicies": [],
            "policies": [
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
          },
        },
        "service": {
          "deploymentConfiguration": {
            "alarms": {
              "alarmNames": [],
              "enable": false,
              "rollback": true,
            },
            "deploymentCircuitBreaker": {
              "enable": true,
              "rollback": true,
            },
            "maximumPercent": 200,
            "minimumHealthyPercent": 100,
          },
          "desiredCount": 1,
          "launchType": "FARGATE",
          "networkConfiguration": {
            "awsvpcConfiguration": {
              "assignPublicIp": "ENABLED",
              "securityGroups": [
                {
                  "env": "EnvironmentSecurityGroup",
                },
              ],
              "subnets": [
                {
                  "env": "PublicSubnets",
                },
              ],
            },
          },
          "platformVersion": "LATEST",
          "propagateTags": "SERVICE",
          "serviceConnectConfiguration": {
            "enabled": false,
          },
        },
        "targetGroups": [],
        "taskDefinition": {
          "containerDefinitions": [
            {
              "environment": [
                {
                  "name": "COPILOT_APPLICATION_NAME",
                  "value": "shop",
                },
                {
                  "name": "COPILOT_SERVICE_DISCOVERY_ENDPOINT",
                  "value": "test.shop.local",
                },
                {
                  "name": "COPILOT_ENVIRONMENT_NAME",
                  "value": "test",
                },
                {
                  "name": "COPILOT_SERVICE_NAME",
                  "value": "api",
                },
              ],
              "image": {
                "image": "api",
              },
              "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                  "awslogs-group": {
                    "ref": "log-group",
                  },
                  "awslogs-region": {
                    "ref": "region",
                  },
                  "awslogs-stream-prefix": "copilot",
                },
              },
              "name": "api",
            },
          ],
          "cpu": "256",
          "executionRoleArn": {
            "ref": "execution-role",
          },
          "family": "shop-test-api",
          "memory": "512",
          "networkMode": "awsvpc",
          "requiresCompatibilities": [
            "FARGATE",
          ],
          "taskRoleArn": {
            "ref": "task-role",
          },
        },
        "topics": [],
        "type": "Backend Service",
      }
    `);
  });
});

describe("what the manifest decides", () => {
  test("sizes, count and variables", () => {
    const { taskDefinition, service } = plan({
      ...api,
      cpu: 1024,
      memory: 2048,
      count: 0,
      variables: { LOG_LEVEL: "info", EMPTY: "" },
    });
    expect([taskDefinition.cpu, taskDefinition.memory, service.desiredCount]).toEqual(["1024", "2048", 0]);
    expect(taskDefinition.containerDefinitions?.[0]).toMatchObject({
      environment: [
        { name: "COPILOT_APPLICATION_NAME", value: "shop" },
        { name: "COPILOT_SERVICE_DISCOVERY_ENDPOINT", value: "test.shop.local" },
        { name: "COPILOT_ENVIRONMENT_NAME", value: "test" },
        { name: "COPILOT_SERVICE_NAME", value: "api" },
        { name: "EMPTY", value: "" },
        { name: "LOG_LEVEL", value: "info" },
      ],
    });
  });

  test("a backend service with http stands behind the internal load balancer", () => {
    const planned = plan({
      ...api,
      image: { location: "example/api:1", port: 80 },
      http: { path: "api" },
    });
    expect(planned.loadBalancer).toBe("internal");
    expect(planned.taskDefinition.containerDefinitions?.[0]).toMatchObject({
      environment: expect.arrayContaining([{ name: "COPILOT_LB_DNS", value: { env: "InternalLoadBalancerDNSName" } }]),
    });
  });

  test("a health check given as a path, and one that sets everything", () => {
    const short = plan({ ...web, http: { path: "/", healthcheck: "healthz" } });
    expect(short.targetGroups[0]?.request.HealthCheckPath).toBe("/healthz");
    const long = plan({
      ...web,
      http: {
        path: "/",
        deregistration_delay: "1m30s",
        healthcheck: {
          path: "/up",
          port: 9000,
          success_codes: "200-299",
          healthy_threshold: 3,
          unhealthy_threshold: 4,
          interval: "12s",
          timeout: "2500ms",
          grace_period: "2m",
        },
      },
    });
    expect(long.targetGroups).toMatchInlineSnapshot(`
      [
        {
          "attributes": [
            {
              "Key": "deregistration_delay.timeout_seconds",
              "Value": "90",
            },
            {
              "Key": "stickiness.enabled",
              "Value": "false",
            },
          ],
          "container": "web",
          "containerPort": 8080,
          "implied": [
            "ProtocolVersion",
            "HealthCheckProtocol",
          ],
          "key": "main",
          "request": {
            "HealthCheckIntervalSeconds": 12,
            "HealthCheckPath": "/up",
            "HealthCheckPort": "9000",
            "HealthCheckProtocol": "HTTP",
            "HealthCheckTimeoutSeconds": 2,
            "HealthyThresholdCount": 3,
            "Matcher": {
              "HttpCode": "200-299",
            },
            "Port": 8080,
            "Protocol": "HTTP",
            "ProtocolVersion": "HTTP1",
            "TargetType": "ip",
            "UnhealthyThresholdCount": 4,
          },
        },
      ]
    `);
    expect(long.service.healthCheckGracePeriodSeconds).toBe(120);
  });

  test.each([
    { port: 8080, check: undefined, protocol: "HTTP", checked: "HTTP" },
    { port: 443, check: undefined, protocol: "HTTPS", checked: "HTTPS" },
    { port: 443, check: 8080, protocol: "HTTPS", checked: "HTTP" },
    { port: 8080, check: 443, protocol: "HTTP", checked: "HTTPS" },
  ])("port $port checked on $check speaks $protocol and is checked over $checked", ({ port, check, ...expected }) => {
    const { targetGroups } = plan({
      ...web,
      image: { build: ".", port },
      http: { path: "/", healthcheck: { port: check } },
    });
    expect(targetGroups[0]?.request).toMatchObject({
      Protocol: expected.protocol,
      HealthCheckProtocol: expected.checked,
    });
  });

  test.each([
    ["/", "root", ["/*"]],
    ["", "root", ["/*"]],
    ["admin", "path", ["/admin", "/admin/*"]],
    ["/admin/v1", "path", ["/admin/v1", "/admin/v1/*"]],
  ])("the path %j is a rule of band %s for %j", (path, band, values) => {
    expect(plan({ ...web, http: { path } }).listenerRules).toEqual([
      {
        key: "main",
        band,
        path,
        conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: values } }],
        targetGroup: "main",
      },
    ]);
  });

  test.each([
    ["./Dockerfile", "./Dockerfile", "."],
    ["services/web/Dockerfile.prod", "services/web/Dockerfile.prod", "services/web"],
    [{ dockerfile: "web/Dockerfile" }, "web/Dockerfile", "web"],
    [{ dockerfile: "web/Dockerfile", context: "." }, "web/Dockerfile", "."],
    [{ context: "web" }, "web/Dockerfile", "web"],
    [{ args: { A: "1" } }, "Dockerfile", "."],
  ])("build %j reads %s in %s", (build, dockerfile, context) => {
    expect(plan({ ...web, image: { build, port: 80 } }).builds[0]).toMatchObject({
      dockerfile,
      context,
    });
  });

  test("quotes around a secret's place are YAML's, as in Copilot's template", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3:password::";
    const secrets = { A: `'${arn}'`, B: '"/shop/b"', C: "/shop/c" };
    const manifest = { ...api, secrets, sidecars: { side: { image: "nginx", secrets: { D: `'${arn}'` } } } };
    const containers = plan(manifest).taskDefinition.containerDefinitions ?? [];
    expect(containers.flatMap((each) => each.secrets ?? [])).toEqual([
      { name: "A", valueFrom: arn },
      { name: "B", valueFrom: "/shop/b" },
      { name: "C", valueFrom: "/shop/c" },
      { name: "D", valueFrom: arn },
    ]);
  });

  test("arguments, target and caches of a build reach the plan", () => {
    const build = {
      context: "web",
      args: { VERSION: "1" },
      target: "final",
      cache_from: ["web:latest"],
    };
    expect(plan({ ...web, image: { build, port: 80 } }).builds).toEqual([
      {
        container: "web",
        dockerfile: "web/Dockerfile",
        context: "web",
        args: { VERSION: "1" },
        target: "final",
        cacheFrom: ["web:latest"],
        platform: "linux/amd64",
      },
    ]);
  });
});
