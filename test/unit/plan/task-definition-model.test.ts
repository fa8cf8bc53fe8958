import { RegisterTaskDefinitionRequest$ } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import type { ServiceManifest } from "../../../src/manifest/load.ts";
import { planWorkload } from "../../../src/plan/plan-workload.ts";
import { printableTaskDefinition, resolvePlan } from "../../../src/plan/resolve.ts";
import { modelProblems } from "../../support/aws-model.ts";

const manifests: ServiceManifest[] = [
  {
    name: "web",
    type: "Load Balanced Web Service",
    image: { build: "Dockerfile", port: 8080 },
    http: { path: "/" },
    variables: { A: "1" },
  },
  {
    name: "api",
    type: "Backend Service",
    image: { location: "example/api:1", port: 80 },
    http: { path: "api" },
  },
  {
    name: "job-runner",
    type: "Backend Service",
    image: { location: "example/runner:1" },
    cpu: 512,
    memory: 1024,
  },
];

test.each(manifests)("the printed task definition of $name is what the SDK would send", (manifest) => {
  const plan = planWorkload({ manifest, app: "shop", env: "test" });
  expect(modelProblems(RegisterTaskDefinitionRequest$, printableTaskDefinition(plan))).toEqual([]);
  expect(modelProblems(RegisterTaskDefinitionRequest$, resolvePlan(plan, () => "known").taskDefinition)).toEqual([]);
});

test("a task definition with a reference left in it is none that the SDK would send", () => {
  const plan = planWorkload({ manifest: manifests[0]!, app: "shop", env: "test" });
  expect(modelProblems(RegisterTaskDefinitionRequest$, plan.taskDefinition)).toMatchInlineSnapshot(`
    [
      "executionRoleArn: an object where a string belongs",
      "taskRoleArn: an object where a string belongs",
      "containerDefinitions[0].image: an object where a string belongs",
      "containerDefinitions[0].environment[4].value: an object where a string belongs",
      "containerDefinitions[0].logConfiguration.options.awslogs-region: an object where a string belongs",
      "containerDefinitions[0].logConfiguration.options.awslogs-group: an object where a string belongs",
    ]
  `);
});

test("the check sees unknown members, missing ones and wrong types", () => {
  const wrong = {
    cpu: 256,
    memory: "512",
    networkmode: "awsvpc",
    requiresCompatibilities: "FARGATE",
    enableFaultInjection: "no",
    containerDefinitions: [
      {
        name: "web",
        essential: 1,
        portMappings: [{ containerPort: "80", Protocol: "tcp" }],
        environment: [{ name: "A", value: null }],
        logConfiguration: { options: { "awslogs-group": 1 } },
        healthCheck: { interval: 5 },
        dockerLabels: [],
      },
    ],
  };
  expect(modelProblems(RegisterTaskDefinitionRequest$, wrong)).toMatchInlineSnapshot(`
    [
      "family: missing",
      "cpu: a number where a string belongs",
      "networkmode: no member of RegisterTaskDefinitionRequest",
      "requiresCompatibilities: a string where a list belongs",
      "enableFaultInjection: a string where a boolean belongs",
      "containerDefinitions[0].essential: a number where a boolean belongs",
      "containerDefinitions[0].portMappings[0].containerPort: a string where a number belongs",
      "containerDefinitions[0].portMappings[0].Protocol: no member of PortMapping",
      "containerDefinitions[0].environment[0].value: null where a string belongs",
      "containerDefinitions[0].logConfiguration.logDriver: missing",
      "containerDefinitions[0].logConfiguration.options.awslogs-group: a number where a string belongs",
      "containerDefinitions[0].healthCheck.command: missing",
      "containerDefinitions[0].dockerLabels: a list where a map belongs",
    ]
  `);
});
