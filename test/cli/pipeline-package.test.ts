import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { demoWorkspace } from "./workspaces.ts";

const role = (env: string, name: string) => `arn:aws:iam::123456789012:role/demo-${env}-${name}`;
const environment = (env: string, region = "eu-west-1") => ({
  account: "123456789012",
  region,
  managerRoleArn: role(env, "EnvManagerRole"),
  executionRoleArn: role(env, "CFNExecutionRole"),
});
const known = {
  account: "123456789012",
  region: "eu-west-1",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
  environments: { test: environment("test"), prod: environment("prod", "us-east-1") },
};
const facts = { "facts.json": JSON.stringify(known) };

const manifest = (name: string, more = "", stages = "[{ name: test }]") =>
  `name: ${name}\nversion: 1\nsource:\n  provider: GitHub\n  properties:\n    repository: example/shop\n${more}stages: ${stages}\n`;
const pipeline = (name: string, more = "", stages?: string) => ({
  [`copilot/pipelines/${name}/manifest.yml`]: manifest(name, more, stages),
  [`copilot/pipelines/${name}/buildspec.yml`]: "version: 0.2\n",
});

const output = ["--facts", "facts.json", "--output-dir", "infrastructure"];

test("pipeline package writes the template alone, under Copilot's name", async () => {
  const cwd = await demoWorkspace({ ...facts, ...pipeline("release") });
  expect(await run(["pipeline", "package", "-n", "release", ...output], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    wrote infrastructure/release.pipeline.stack.yml
    exit code 0"
  `);
  expect(await readdir(join(cwd, "infrastructure"))).toEqual(["release.pipeline.stack.yml"]);
  const template = await readFile(join(cwd, "infrastructure/release.pipeline.stack.yml"), "utf8");
  expect(template.split("\n").slice(0, 10).join("\n")).toMatchInlineSnapshot(`
    "AWSTemplateFormatVersion: "2010-09-09"
    Description: CodePipeline for demo
    Metadata:
      Version: v1.34.1
    Resources:
      SourceConnection:
        Type: AWS::CodeStarConnections::Connection
        Properties:
          ConnectionName: copilot-examp-shop
          ProviderType: GitHub"
  `);
  expect(template).toContain("StackName: demo-test-api");
});

test("the pipeline of an older workspace has its manifest and its buildspec in copilot/", async () => {
  const cwd = await demoWorkspace({
    ...facts,
    "copilot/pipeline.yml": manifest("pipeline-demo-shop"),
    "copilot/buildspec.yml": "version: 0.2\n",
  });
  const said = await run(["pipeline", "package", "--facts", "facts.json"], new FakeHost({ cwd }));
  expect(said).toContain("BuildSpec: copilot/buildspec.yml\n");
  expect(said).toMatch(/exit code 0$/);
});

test("a pipeline goes by the name in its manifest, whatever its folder is called", async () => {
  const cwd = await demoWorkspace({ ...facts, "copilot/pipelines/folder/manifest.yml": manifest("release") });
  expect(await run(["pipeline", "package", "-n", "release", ...output], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/pipelines/folder/manifest.yml:1:1  warning  there is no buildspec \`copilot/pipelines/folder/buildspec.yml\`, and the pipeline runs what it holds  (files/missing)
                                                        paths in a manifest start at the folder that holds \`copilot\`
    wrote infrastructure/release.pipeline.stack.yml
    exit code 0"
  `);
  expect(await run(["pipeline", "package", "-n", "folder", ...output], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    error  the workspace has no pipeline named folder  (workspace/pipeline-not-found)
           did you mean release? There are: release
    exit code 1"
  `);
});

test("what is not known, and what is not there, is told before the template is used", async () => {
  const cwd = await demoWorkspace({
    ...facts,
    ...pipeline(
      "release",
      "    connection_name: github\nbuild: { buildspec: build.yml }\n",
      "[{ name: test, deployments: { apy: , stack: { template_path: stack.yml }, job: } }, { name: prod, pre_deployments: { a: { buildspec: a.yml } } }]",
    ),
    "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
  });
  expect(await run(["pipeline", "package", ...output], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/pipelines/release/manifest.yml:7:22  warning  the ARN of the connection \`github\` is not known; it is the template's parameter SourceConnectionARN  (pipeline/unknown-value)
                                                          give it in the facts: "connections": { "github": "arn:aws:codestar-connections:…" }
    copilot/pipelines/release/manifest.yml:8:21  warning  there is no buildspec \`build.yml\`, and the pipeline runs what it holds  (files/missing)
                                                          paths in a manifest start at the folder that holds \`copilot\`
    copilot/pipelines/release/manifest.yml:9:39  warning  the workspace has no workload \`apy\`  (pipeline/deployment)
                                                          did you mean \`api\`?
    copilot/pipelines/release/manifest.yml:9:83  warning  the workspace has no workload \`job\`  (pipeline/deployment)
                                                          the build has to write infrastructure/job-test.stack.yml, or say what it writes: \`template_path\`
    copilot/pipelines/release/manifest.yml:9:101  warning  prod is in us-east-1, and CodePipeline needs a bucket there  (pipeline/unknown-value)
                                                           give the application's: "regionalArtifacts": { "us-east-1": { "bucket": "…", "kmsKeyArn": "…" } }
    copilot/pipelines/release/manifest.yml:9:142  warning  there is no buildspec \`a.yml\`, and the pipeline runs what it holds  (files/missing)
                                                           paths in a manifest start at the folder that holds \`copilot\`
    wrote infrastructure/release.pipeline.stack.yml
    exit code 0"
  `);
});

test.for<[what: string, args: string[], files: Record<string, string>]>([
  ["no pipeline", ["-n", "release"], {}],
  ["no pipeline and no name", [], {}],
  ["another name", ["-n", "relaese"], { ...pipeline("release"), ...pipeline("network") }],
  ["which one", [], { ...pipeline("release"), ...pipeline("network") }],
  ["no facts", ["-n", "release"], { ...pipeline("release"), "facts.json": "" }],
  ["an environment that the facts do not have", ["-n", "release"], pipeline("release", "", "[{ name: staging }]")],
  ["errors in its manifest", ["-n", "release"], pipeline("release", "build: x\n")],
  ["another application", ["-n", "release", "--app", "shop"], pipeline("release")],
])("%s: pipeline package says what is missing", async ([what, args, files]) => {
  const cwd = await demoWorkspace({ ...facts, ...files });
  const given = what === "no facts" ? args : [...args, "--facts", "facts.json"];
  expect(await run(["pipeline", "package", ...given], new FakeHost({ cwd }))).toMatchSnapshot();
});

test("patches of a pipeline change its template", async () => {
  const cwd = await demoWorkspace({
    ...facts,
    ...pipeline("release"),
    "copilot/pipelines/release/overrides/cfn.patches.yml":
      "- op: replace\n  path: /Resources/BuildProject/Properties/TimeoutInMinutes\n  value: 120\n",
  });
  const said = await run(["pipeline", "package", "--facts", "facts.json"], new FakeHost({ cwd }));
  expect(said).toContain("TimeoutInMinutes: 120\n");
});

test("a permissions boundary of the application bounds the pipeline's roles", async () => {
  const cwd = await demoWorkspace({
    "facts.json": JSON.stringify({ ...known, permissionsBoundary: "limits" }),
    ...pipeline("release"),
  });
  const said = await run(["pipeline", "package", "--facts", "facts.json"], new FakeHost({ cwd }));
  expect(
    said.match(/PermissionsBoundary: !Sub arn:\$\{AWS::Partition\}:iam::\$\{AWS::AccountId\}:policy\/limits/g),
  ).toHaveLength(2);
});

test("validate checks pipelines, and that each has a name of its own", async () => {
  const cwd = await demoWorkspace({
    ...pipeline("release", "", "[{ name: test, require_approval: true }]"),
    ...pipeline("network", "", "[]"),
    "copilot/pipeline.yml": manifest("release"),
    "copilot/buildspec.yml": "version: 0.2\n",
  });
  expect(await run(["validate"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stdout:
    copilot/pipelines/network/manifest.yml:7:1  error  a pipeline needs a stage: an environment to deploy to  (pipeline/stages)
                                                       add \`- name: test\`
    copilot/pipelines/release/manifest.yml:1:7  error  copilot/pipeline.yml describes the pipeline release already  (pipeline/name)
                                                       give it another name, or remove one of the files
    copilot/pipelines/release/manifest.yml:7:24  warning  unknown key \`require_approval\` in \`stages[0]\`; it has no effect  (schema/unknown-key)
                                                          did you mean \`requires_approval\`?
    4 manifests: 2 errors, 1 warning
    exit code 1"
  `);
  expect(await run(["validate", "-n", "api"], new FakeHost({ cwd }))).toMatch(/exit code 0"?$/);
});
