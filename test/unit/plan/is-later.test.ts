import { expect, test } from "vitest";
import type { WorkloadManifest } from "../../../src/manifest/load.ts";
import { isLater } from "../../../src/plan/is-later.ts";
import { planWorkload } from "../../../src/plan/plan-workload.ts";
import { printableTaskDefinition } from "../../../src/plan/resolve.ts";

test.each<object>([
  { ref: "region" },
  { env: "VpcId" },
  { image: "api" },
  { import: "shop-TableName" },
  { envFile: "api" },
  { join: ["arn:", { ref: "partition" }, { join: [] }] },
])("%j is a reference", (value) => {
  expect(isLater(value)).toBe(true);
});

test.each<object>([
  {},
  { ref: "nothing" },
  { env: "HOME" },
  { image: 1 },
  { ref: "region", image: "api" },
  { join: ["a", { ref: "nothing" }] },
  { toString: "x" },
])("%j is none", (value) => {
  expect(isLater(value)).toBe(false);
});

test("labels and log options that look like references stay what they are", () => {
  const manifest: WorkloadManifest = {
    name: "api",
    type: "Backend Service",
    image: { location: "x", labels: { ref: "region" } },
    logging: { destination: { image: "x" } },
    sidecars: { side: { image: "x", labels: { import: "x" } } },
    taskdef_overrides: [{ path: "ContainerDefinitions[0].DockerLabels.options", value: "x" }],
  };
  const { containerDefinitions } = printableTaskDefinition(planWorkload({ manifest, app: "shop", env: "test" }));
  expect(
    containerDefinitions?.map(({ name, dockerLabels, logConfiguration }) => [
      name,
      dockerLabels,
      logConfiguration?.options,
    ]),
  ).toMatchInlineSnapshot(`
    [
      [
        "api",
        {
          "options": "x",
          "ref": "region",
        },
        {
          "image": "x",
        },
      ],
      [
        "firelens_log_router",
        undefined,
        {
          "awslogs-group": "<log group>",
          "awslogs-region": "<region>",
          "awslogs-stream-prefix": "copilot",
        },
      ],
      [
        "side",
        {
          "import": "x",
        },
        {
          "awslogs-group": "<log group>",
          "awslogs-region": "<region>",
          "awslogs-stream-prefix": "copilot",
        },
      ],
    ]
  `);
});
