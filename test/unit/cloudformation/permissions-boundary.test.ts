import { expect, test } from "vitest";
import { parse } from "yaml";
import { openWorkspace } from "../../../src/actions/open-workspace.ts";
import { packageEnvironment } from "../../../src/actions/package-environment.ts";
import { packageWorkload } from "../../../src/actions/package-workload.ts";
import type { StackFacts } from "../../../src/cloudformation/facts.ts";
import { folderWith } from "../../support/files.ts";

const facts: StackFacts = {
  account: "111122223333",
  region: "eu-west-1",
  partition: "aws",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1" },
};

const image = "image: { location: public.ecr.aws/a/b:1";
const manifests = {
  "environments/test": `name: test
type: Environment
http: { public: { access_logs: true } }
network: { vpc: { flow_logs: true } }`,
  web: `name: web
type: Load Balanced Web Service
${image}, port: 80 }
http: { path: / }
count: { range: 1-2, cpu_percentage: 50 }`,
  nightly: `name: nightly
type: Scheduled Job
${image} }
on: { schedule: "@daily" }`,
  run: `name: run
type: Request-Driven Web Service
${image}, port: 80 }`,
};

test("the application's permissions boundary is on every role, and on nothing else", async () => {
  const root = await folderWith({
    "copilot/.workspace": "application: shop\n",
    ...Object.fromEntries(
      Object.entries(manifests).map(([name, text]) => [`copilot/${name}/manifest.yml`, `${text}\n`]),
    ),
  });
  const workspace = await openWorkspace(root);
  const given = { workspace, env: "test", facts: { ...facts, permissionsBoundary: "shop-limits" }, variables: {} };
  const stacks = [
    await packageEnvironment(given),
    ...(await Promise.all(["web", "nightly", "run"].map((name) => packageWorkload({ ...given, name })))),
  ];
  const bounded: string[] = [];
  for (const { stack } of stacks)
    for (const [id, { Type, Properties = {} }] of Object.entries(stack.template.Resources)) {
      const boundary = Properties["PermissionsBoundary"];
      expect(boundary !== undefined).toBe(Type === "AWS::IAM::Role");
      if (boundary === undefined) continue;
      expect(boundary).toEqual({ "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/shop-limits" });
      bounded.push(id);
    }
  expect(bounded).toMatchInlineSnapshot(`
    [
      "CloudformationExecutionRole",
      "EnvironmentManagerRole",
      "CustomResourceRole",
      "BucketCleanerRole",
      "ELBAccessLogsBucketCleanerRole",
      "FlowLogRole",
      "ExecutionRole",
      "TaskRole",
      "AutoScalingRole",
      "ExecutionRole",
      "TaskRole",
      "RuleRole",
      "StateMachineRole",
      "AccessRole",
      "InstanceRole",
    ]
  `);
});

test("without one no role has it", async () => {
  const root = await folderWith({
    "copilot/.workspace": "application: shop\n",
    "copilot/run/manifest.yml": `${manifests.run}\n`,
  });
  const { stack } = await packageWorkload({
    workspace: await openWorkspace(root),
    name: "run",
    env: "test",
    facts,
    variables: {},
  });
  expect(parse(stack.text, { logLevel: "silent" }).Resources.InstanceRole.Properties).not.toHaveProperty(
    "PermissionsBoundary",
  );
});
