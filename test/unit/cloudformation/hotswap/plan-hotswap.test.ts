import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../../../src/actions/package-root.ts";
import { planHotswap } from "../../../../src/cloudformation/hotswap/plan-hotswap.ts";
import { readTemplate } from "../../../../src/cloudformation/read-template.ts";
import { taskDefinitionRequest } from "../../../../src/cloudformation/hotswap/task-definition-request.ts";
import { valuesOf } from "../../../../src/cloudformation/update/resolve.ts";
import { Open, type Resolved } from "../../../../src/cloudformation/update/resolved.ts";
import type { ResourceSchemas } from "../../../../src/cloudformation/update/replacement.ts";

const schemas: ResourceSchemas = {
  "AWS::ECS::TaskDefinition": ["ContainerDefinitions Cpu Family Volumes"],
  "AWS::ECS::Service": ["Cluster LaunchType"],
  "AWS::Events::Rule": ["Name"],
};

const surroundings = { account: "123456789012", region: "eu-west-1", partition: "aws", stackName: "shop-test-api" };

/** A stack whose task definition takes values from everywhere, and what ECS has of it. */
const template = `
Parameters:
  ContainerImage: { Type: String }
  TaskCPU: { Type: String }
  Count: { Type: Number, Default: 1 }
Conditions:
  HasMany: !Not [!Equals [!Ref Count, "1"]]
Resources:
  LogGroup: { Type: AWS::Logs::LogGroup }
  ExecutionRole: { Type: AWS::IAM::Role }
  TaskDefinition:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: shop-test-api
      Cpu: !Ref TaskCPU
      ExecutionRoleArn: !GetAtt ExecutionRole.Arn
      Volumes:
        - Name: files
          EFSVolumeConfiguration:
            FilesystemId: !ImportValue shop-test-FilesystemID
            AuthorizationConfig: { IAM: ENABLED }
      ContainerDefinitions:
        - Name: api
          Image: !Ref ContainerImage
          Essential: true
          Memory: 512
          DockerLabels: { Team: sales }
          PortMappings: [{ ContainerPort: 8080, Protocol: tcp }]
          Environment:
            - { Name: FIRST, Value: "1" }
            - { Name: TABLE, Value: !GetAtt AddonsStack.Outputs.TableName }
            - { Name: WHERE, Value: !Sub "\${AWS::Region}/\${LogGroup}" }
          Secrets:
            - { Name: KEY, ValueFrom: !Sub "arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/key" }
          LogConfiguration: { LogDriver: awslogs, Options: { awslogs-group: !Ref LogGroup } }
          HealthCheck: { Command: [CMD, "true"], Interval: 10 }
  Service:
    Type: AWS::ECS::Service
    Properties: { TaskDefinition: !Ref TaskDefinition, DesiredCount: !Ref Count }
`;

const deployed = {
  family: "shop-test-api",
  revision: 7,
  cpu: "256",
  executionRoleArn: "arn:aws:iam::123456789012:role/execution",
  volumes: [{ name: "files", efsVolumeConfiguration: { fileSystemId: "fs-1" } }],
  containerDefinitions: [
    {
      name: "api",
      image: "shop/api:1",
      // ECS keeps them in an order of its own.
      environment: [
        { name: "WHERE", value: "eu-west-1//copilot/shop-test-api" },
        { name: "TABLE", value: "shop-test-api-things" },
        { name: "FIRST", value: "1" },
      ],
      logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/copilot/shop-test-api" } },
    },
  ],
};

/** @param change how the template is to be after the deployment */
function plan(
  change: (text: string) => string,
  parameters: Record<string, string> = {},
  tags = { team: "sales" },
  base = (text: string) => text,
) {
  const before = { ContainerImage: "shop/api:1", TaskCPU: "256" };
  return planHotswap({
    before: { template: readTemplate(base(template)), parameters: before, tags: { team: "sales" } },
    after: { template: readTemplate(change(base(template))), parameters: { ...before, ...parameters }, tags },
    schemas,
    surroundings,
    physicalIds: { LogGroup: "/copilot/shop-test-api", TaskDefinition: "arn:…/shop-test-api:7" },
    deployed,
  });
}

const same = (text: string) => text;

test("another image is a request of ECS's own, with what CloudFormation knows taken from what it has deployed", () => {
  expect(plan(same, { ContainerImage: "shop/api:2", TaskCPU: "512" })).toMatchInlineSnapshot(`
    {
      "changes": [
        "Cpu",
        "ContainerDefinitions[api].Image",
      ],
      "request": {
        "containerDefinitions": [
          {
            "dockerLabels": {
              "Team": "sales",
            },
            "environment": [
              {
                "name": "FIRST",
                "value": "1",
              },
              {
                "name": "TABLE",
                "value": "shop-test-api-things",
              },
              {
                "name": "WHERE",
                "value": "eu-west-1//copilot/shop-test-api",
              },
            ],
            "essential": true,
            "healthCheck": {
              "command": [
                "CMD",
                "true",
              ],
              "interval": 10,
            },
            "image": "shop/api:2",
            "logConfiguration": {
              "logDriver": "awslogs",
              "options": {
                "awslogs-group": "/copilot/shop-test-api",
              },
            },
            "memory": 512,
            "name": "api",
            "portMappings": [
              {
                "containerPort": 8080,
                "protocol": "tcp",
              },
            ],
            "secrets": [
              {
                "name": "KEY",
                "valueFrom": "arn:aws:ssm:eu-west-1:123456789012:parameter/key",
              },
            ],
          },
        ],
        "cpu": "512",
        "executionRoleArn": "arn:aws:iam::123456789012:role/execution",
        "family": "shop-test-api",
        "volumes": [
          {
            "efsVolumeConfiguration": {
              "authorizationConfig": {
                "iam": "ENABLED",
              },
              "fileSystemId": "fs-1",
            },
            "name": "files",
          },
        ],
      },
      "swaps": "forth",
    }
  `);
});

test("variables, secrets and commands are changed as well", () => {
  const swap = plan((text) =>
    text
      .replace('- { Name: FIRST, Value: "1" }', "- { Name: SECOND, Value: !Ref LogGroup }")
      .replace("parameter/key", "parameter/other")
      .replace("Essential: true", "Essential: true\n          Command: [serve, --fast]"),
  );
  expect(swap.swaps === "forth" && swap.changes).toMatchInlineSnapshot(`
    [
      "ContainerDefinitions[api].Environment[FIRST]",
      "ContainerDefinitions[api].Environment[SECOND]",
      "ContainerDefinitions[api].Secrets[KEY].ValueFrom",
      "ContainerDefinitions[api].Command",
    ]
  `);
});

test("what is in no resource is no change, and neither is metadata", () => {
  expect(plan((text) => `Metadata: { Manifest: "name: api" }\n${text}`)).toEqual({ swaps: "back" });
});

test.each<[string, (text: string) => string, string]>([
  [
    "the service",
    (text) => text.replace("DesiredCount: !Ref Count", "DesiredCount: 3"),
    "Service (AWS::ECS::Service) is changed: DesiredCount",
  ],
  [
    "a new resource",
    (text) => text.replace("Resources:", "Resources:\n  Queue: { Type: AWS::SQS::Queue }"),
    "Queue (AWS::SQS::Queue) is added",
  ],
  [
    "a resource that goes",
    (text) => text.replace("  LogGroup: { Type: AWS::Logs::LogGroup }\n", ""),
    "LogGroup (AWS::Logs::LogGroup) is removed",
  ],
  ["an output", (text) => `${text}Outputs: { Port: { Value: "80" } }\n`, "the output Port"],
  [
    "what the definition waits for",
    (text) => text.replace("    Properties:\n      Family", "    DependsOn: LogGroup\n    Properties:\n      Family"),
    "TaskDefinition (AWS::ECS::TaskDefinition) is replaced: ContainerDefinitions[api].Image, DependsOn",
  ],
  [
    "what nobody but CloudFormation can know",
    (text) => text.replace("AddonsStack.Outputs.TableName", "AddonsStack.Outputs.Other"),
    'CloudFormation alone knows {"Fn::GetAtt":["AddonsStack","Outputs.Other"]} (TaskDefinition.ContainerDefinitions[api].Environment[TABLE].Value)',
  ],
  [
    "a value that CloudFormation puts in",
    (text) => text.replace('Value: "1"', "Value: '{{resolve:ssm:/x}}'"),
    'CloudFormation alone knows "{{resolve:ssm:/x}}" (TaskDefinition.ContainerDefinitions[api].Environment[FIRST].Value)',
  ],
])("with %s it is no hotswap", (_, change, because) => {
  expect(plan(change, { ContainerImage: "shop/api:2" })).toEqual({ swaps: "no", because: [because] });
});

test("what else follows the definition would stay behind: then it is no hotswap", () => {
  const job = "Resources:\n  Rule: { Type: AWS::Events::Rule, Properties: { Arn: !Ref TaskDefinition } }";
  const withRule = (text: string) => text.replace("Resources:", job);
  expect(plan(same, { ContainerImage: "shop/api:2" }, undefined, withRule)).toEqual({
    swaps: "no",
    because: ["Rule (AWS::Events::Rule) is changed"],
  });
});

test("a parameter that more than the definition takes is no hotswap, and neither are other tags", () => {
  expect(plan(same, { Count: "2" })).toMatchInlineSnapshot(`
    {
      "because": [
        "Service (AWS::ECS::Service) is changed: DesiredCount",
      ],
      "swaps": "no",
    }
  `);
  expect(plan(same, { ContainerImage: "shop/api:2" }, { team: "billing" })).toMatchInlineSnapshot(`
    {
      "because": [
        "the tags of the stack (team)",
      ],
      "swaps": "no",
    }
  `);
});

interface DeployedStack {
  name: string;
  template: string;
  parameters: Record<string, string>;
  resources: Record<string, { id: string }>;
}

const deployedStacks = join(packageRoot(import.meta.url), "../shared/copilot-app/deployed");

describe.skipIf(!existsSync(deployedStacks))(
  "stacks that Copilot has made (skipped: ../shared/copilot-app is not there)",
  () => {
    const { stacks } = JSON.parse(readFileSync(join(deployedStacks, "app.json"), "utf8")) as {
      stacks: DeployedStack[];
    };

    /** What becomes of a stack with another image. Whatever its template leaves open, ECS has a value for. */
    function withImage(name: string): unknown {
      const stack = stacks.find((each) => each.name === name);
      if (stack === undefined) throw new Error(`there is no ${name}`);
      const own = readTemplate(readFileSync(join(deployedStacks, stack.template), "utf8"));
      const place = { ...surroundings, stackName: name };
      const { TaskDefinition: { Properties = {} } = {} } = own.Resources;
      const swap = planHotswap({
        before: { template: own, parameters: stack.parameters },
        after: { template: own, parameters: { ...stack.parameters, ContainerImage: "shop/other:2" } },
        schemas,
        surroundings: place,
        physicalIds: Object.fromEntries(Object.entries(stack.resources).map(([id, each]) => [id, each.id])),
        deployed: taskDefinitionRequest(filled(valuesOf(own, stack.parameters, place).of(Properties))),
      });
      if (swap.swaps !== "forth") return swap;
      const containers = swap.request["containerDefinitions"] as { name: string; image: string }[];
      return [swap.changes, containers.map(({ image }) => image)];
    }

    function filled(value: Resolved): Resolved {
      if (typeof value === "string") return value;
      if (value instanceof Open) return "known to ECS";
      if (Array.isArray(value)) return value.map(filled);
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item)]));
    }

    test("another image of a service is a hotswap, and of a job it is not", () => {
      expect(withImage("shop-test-api")).toMatchInlineSnapshot(`
        [
          [
            "ContainerDefinitions[api].Image",
          ],
          [
            "shop/other:2",
          ],
        ]
      `);
      expect(withImage("shop-test-front")).toMatchInlineSnapshot(`
        [
          [
            "ContainerDefinitions[front].Image",
          ],
          [
            "shop/other:2",
            "public.ecr.aws/example/proxy:1",
          ],
        ]
      `);
      expect(withImage("shop-test-orders")).toMatchInlineSnapshot(`
        [
          [
            "ContainerDefinitions[orders].Image",
          ],
          [
            "shop/other:2",
          ],
        ]
      `);
      expect(withImage("shop-test-report")).toMatchInlineSnapshot(`
        {
          "because": [
            "Rule (AWS::Events::Rule) may be changed: Targets[statemachine].Arn, Targets[statemachine].RoleArn",
            "RuleRole (AWS::IAM::Role) may be replaced: Policies[EventRulePolicy].PolicyDocument.Statement[0].Resource",
            "StateMachine (AWS::StepFunctions::StateMachine) may be replaced: RoleArn",
            "StateMachineRole (AWS::IAM::Role) may be replaced",
          ],
          "swaps": "no",
        }
      `);
    });
  },
);
