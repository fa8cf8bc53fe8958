import { expect, test } from "vitest";
import { planWorkload } from "../../../src/plan/plan-workload.ts";
import { printableTaskDefinition, resolvePlan } from "../../../src/plan/resolve.ts";

const plan = planWorkload({
  app: "shop",
  env: "test",
  manifest: {
    name: "web",
    type: "Load Balanced Web Service",
    image: { build: "Dockerfile", port: 80 },
    http: { path: "/" },
    variables: { image: "web", ref: "region", NOTE: '{"ref":"region"}' },
  },
});

test("each reference is looked up and nothing else is touched", () => {
  const asked: unknown[] = [];
  const resolved = resolvePlan(plan, (later) => {
    asked.push(later);
    return `#${asked.length}`;
  });
  expect(asked).toMatchInlineSnapshot(`
    [
      {
        "ref": "execution-role",
      },
      {
        "ref": "task-role",
      },
      {
        "image": "web",
      },
      {
        "env": "PublicLoadBalancerDNSName",
      },
      {
        "ref": "region",
      },
      {
        "ref": "log-group",
      },
      {
        "env": "PublicSubnets",
      },
      {
        "env": "EnvironmentSecurityGroup",
      },
      {
        "ref": "partition",
      },
      {
        "ref": "partition",
      },
      {
        "ref": "region",
      },
      {
        "ref": "account",
      },
      {
        "ref": "partition",
      },
      {
        "ref": "region",
      },
      {
        "ref": "account",
      },
      {
        "ref": "artifact-key",
      },
      {
        "ref": "partition",
      },
      {
        "ref": "region",
      },
      {
        "ref": "account",
      },
    ]
  `);
  expect(JSON.stringify(resolved.taskDefinition)).not.toMatch(/"ref":"[a-z-]+"/);
  const { taskDefinition, service, listenerRules, roles } = resolved;
  expect(resolved).toEqual({ ...plan, taskDefinition, service, listenerRules, roles });
});

test("to be read, what is not known yet stands in angle brackets", () => {
  expect(printableTaskDefinition(plan)).toMatchInlineSnapshot(`
    {
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
              "value": "<DNS name of the public load balancer>",
            },
            {
              "name": "NOTE",
              "value": "{"ref":"region"}",
            },
            {
              "name": "image",
              "value": "web",
            },
            {
              "name": "ref",
              "value": "region",
            },
          ],
          "image": "<image of web>",
          "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
              "awslogs-group": "<log group>",
              "awslogs-region": "<region>",
              "awslogs-stream-prefix": "copilot",
            },
          },
          "name": "web",
          "portMappings": [
            {
              "containerPort": 80,
              "name": "target",
              "protocol": "tcp",
            },
          ],
        },
      ],
      "cpu": "256",
      "executionRoleArn": "<execution role>",
      "family": "shop-test-web",
      "memory": "512",
      "networkMode": "awsvpc",
      "requiresCompatibilities": [
        "FARGATE",
      ],
      "taskRoleArn": "<task role>",
    }
  `);
});
