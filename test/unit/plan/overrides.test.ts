import { RegisterTaskDefinitionRequest$ } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import type { WorkloadManifest } from "../../../src/manifest/load.ts";
import { planWorkload } from "../../../src/plan/plan-workload.ts";
import { printableTaskDefinition } from "../../../src/plan/resolve.ts";
import { modelProblems } from "../../support/aws-model.ts";

const manifest: WorkloadManifest = { name: "api", type: "Backend Service", image: { location: "x", port: 80 } };

const overridden = (...overrides: [path: string, value: unknown][]) =>
  printableTaskDefinition(
    planWorkload({
      manifest: { ...manifest, taskdef_overrides: overrides.map(([path, value]) => ({ path, value })) },
      app: "shop",
      env: "test",
    }),
  );

test("overrides use CloudFormation's names and give what the SDK sends", () => {
  const task = overridden(
    ["ContainerDefinitions[0].Ulimits[-].Name", "nofile"],
    ["ContainerDefinitions[0].Ulimits[0].SoftLimit", 4096],
    ["ContainerDefinitions[0].Ulimits[0].HardLimit", 8192],
    ["ContainerDefinitions[0].DockerLabels", { Team: 1 }],
    ["ContainerDefinitions[0].Environment[-]", { Name: "PORT", Value: 80 }],
    ["ContainerDefinitions[0].LogConfiguration.Options.mode", "non-blocking"],
    ["ContainerDefinitions[0].Command", ["sleep", 5]],
    [
      "Volumes[-]",
      { Name: "v", EFSVolumeConfiguration: { FilesystemId: "fs-1", AuthorizationConfig: { IAM: "ENABLED" } } },
    ],
    ["Cpu", 512],
    ["Memory", 1024],
    ["PidMode", "task"],
  );
  expect(modelProblems(RegisterTaskDefinitionRequest$, task)).toEqual([]);
  const { environment, logConfiguration, ...container } = task.containerDefinitions?.[0] ?? {};
  expect({
    cpu: task.cpu,
    pidMode: task.pidMode,
    volumes: task.volumes,
    container,
    variable: environment?.at(-1),
    options: logConfiguration?.options,
  }).toMatchInlineSnapshot(`
    {
      "container": {
        "command": [
          "sleep",
          "5",
        ],
        "dockerLabels": {
          "Team": "1",
        },
        "image": "<image of api>",
        "name": "api",
        "portMappings": [
          {
            "containerPort": 80,
            "name": "target",
            "protocol": "tcp",
          },
        ],
        "ulimits": [
          {
            "hardLimit": 8192,
            "name": "nofile",
            "softLimit": 4096,
          },
        ],
      },
      "cpu": "512",
      "options": {
        "awslogs-group": "<log group>",
        "awslogs-region": "<region>",
        "awslogs-stream-prefix": "copilot",
        "mode": "non-blocking",
      },
      "pidMode": "task",
      "variable": {
        "name": "PORT",
        "value": "80",
      },
      "volumes": [
        {
          "efsVolumeConfiguration": {
            "authorizationConfig": {
              "iam": "ENABLED",
            },
            "fileSystemId": "fs-1",
          },
          "name": "v",
        },
      ],
    }
  `);
});

test("names that JavaScript gives every object a meaning of are names like others", () => {
  const value: unknown = JSON.parse('{"Name": "nofile", "__proto__": 1, "constructor": 2}');
  const [ulimit] = overridden(["ContainerDefinitions[0].Ulimits[-]", value]).containerDefinitions?.[0]?.ulimits ?? [];
  expect(JSON.stringify(ulimit)).toBe('{"name":"nofile","__proto__":1,"constructor":2}');
});

test("an element that is not there is refused", () => {
  expect(() => overridden(["ContainerDefinitions[2].StopTimeout", 5])).toThrowErrorMatchingInlineSnapshot(
    `[UserError: there is no \`ContainerDefinitions[2]\`: the list has one element]`,
  );
});

test("a task definition with more than 64 KB is refused", () => {
  const variables = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`VARIABLE_${i}`, "x".repeat(45)]));
  expect(() =>
    planWorkload({ manifest: { ...manifest, variables }, app: "shop", env: "test" }),
  ).toThrowErrorMatchingInlineSnapshot(`[UserError: the task definition has 72589 bytes, and ECS takes 65536]`);
});
