import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { demoWorkspace } from "./workspaces.ts";

const facts = JSON.stringify({
  account: "123456789012",
  region: "eu-west-1",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
});
const addon = `Parameters:
  App: { Type: String }
  Env: { Type: String }
  Name: { Type: String }
Resources:
  Table: { Type: AWS::DynamoDB::Table }
Outputs:
  TableName: { Value: !Ref Table }
`;
const files = {
  "facts.json": facts,
  "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
};
const svc = ["svc", "package", "-n", "api", "-e", "test", "--facts", "facts.json"];
const env = ["env", "package", "-n", "test", "--facts", "facts.json"];

test("the template of the addons is written beside the service's", async () => {
  const cwd = await demoWorkspace({ ...files, "copilot/api/addons/table.yml": addon });
  expect(await run([...svc, "--output-dir", "out"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/api/addons:1:1  warning  the template of the addons is not uploaded: while the parameter AddonsTemplateURL is empty, no stack has them  (addons/not-uploaded)
                                     upload api.addons.stack.yml as s3://artifacts/manual/addons/api/fe44b4ad9da453cb838b9a7902e256d508b3022798a12ef6340843b5f52d1ee1.yml and give its address: AddonsTemplateURL, or "addonsTemplateUrl" in the facts
    wrote out/api-test.stack.yml
    wrote out/api-test.params.json
    wrote out/api.addons.stack.yml
    exit code 0"
  `);
  expect(await readdir(join(cwd, "out"))).toEqual([
    "api-test.params.json",
    "api-test.stack.yml",
    "api.addons.stack.yml",
  ]);
  expect(await readFile(join(cwd, "out/api.addons.stack.yml"), "utf8")).toMatchInlineSnapshot(`
    "Parameters:
      App: {Type: String}
      Env: {Type: String}
      Name: {Type: String}
    Resources:
      Table: {Type: AWS::DynamoDB::Table}
    Outputs:
      TableName: {Value: !Ref Table}
    "
  `);
});

test("on stdout the service's template stands alone, as with Copilot", async () => {
  const cwd = await demoWorkspace({ ...files, "copilot/api/addons/table.yml": addon });
  const said = await run(svc, new FakeHost({ cwd }));
  expect(said).toContain("Value: !GetAtt AddonsStack.Outputs.TableName");
  expect(said).not.toContain("AWS::DynamoDB::Table");
});

test("an environment's addons are written under Copilot's name", async () => {
  const own = addon.replace("  Name: { Type: String }\n", "");
  const cwd = await demoWorkspace({ ...files, "copilot/environments/addons/table.yml": own });
  expect(await run([...env, "--output-dir", "out"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/environments/addons:1:1  warning  the template of the addons is not uploaded: while the parameter AddonsTemplateURL is empty, no stack has them  (addons/not-uploaded)
                                              upload env.addons.yml as s3://artifacts/manual/addons/environments/903259a14051d500bb787d209a29b4cb7d7a950d605332e07eecae1a78320af6.yml and give its address: AddonsTemplateURL, or "addonsTemplateUrl" in the facts
    wrote out/test.env.yml
    wrote out/test.env.params.json
    wrote out/env.addons.yml
    exit code 0"
  `);
  expect(await readdir(join(cwd, "out"))).toEqual(["env.addons.yml", "test.env.params.json", "test.env.yml"]);
});

test("what is wrong with addons is told at its line, and nothing is written", async () => {
  const cwd = await demoWorkspace({
    ...files,
    "copilot/api/addons/a.yml": addon,
    "copilot/api/addons/b.yml": "Resources:\n  Table: { Type: AWS::S3::Bucket }\n",
    "copilot/api/addons/addons.parameters.yml": "Parameters:\n  Nmae: x\n",
  });
  expect(await run([...svc, "--output-dir", "out"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/api/addons/b.yml:2:3  error  \`Table\` is not the same as at copilot/api/addons/a.yml:6  (addons/conflict)
                                         all files of the folder are one template: give it another name, or take it out of one of them
    copilot/api/addons/addons.parameters.yml:2:3  error  no template has the parameter \`Nmae\`  (addons/parameters)
    error  2 files have 2 errors  (addons/invalid)
    exit code 1"
  `);
});

test.for<[what: string, files: Record<string, string>]>([
  ["an empty folder", { "copilot/api/addons/": "" }],
  ["other files alone", { "copilot/api/addons/README.md": "", "copilot/api/addons/.DS_Store": "" }],
  ["parameters alone", { "copilot/api/addons/addons.parameters.yml": "Parameters: {}\n" }],
])("%s: no addons", async ([, more]) => {
  const cwd = await demoWorkspace({ ...files, ...more });
  expect(await run([...svc, "--output-dir", "out"], new FakeHost({ cwd }))).toMatchSnapshot();
});

test("validate tells what is wrong with addons and overrides, of workloads and of environments", async () => {
  const cwd = await demoWorkspace({
    ...files,
    "copilot/api/addons/table.yml": "Resources: [a]\n",
    "copilot/api/overrides/cfn.patches.yml": "- op: move\n  path: /a\n",
    "copilot/report/manifest.yml":
      "name: report\ntype: Scheduled Job\nimage: { location: r:1 }\non: { schedule: '@daily' }\n",
    "copilot/report/overrides/cdk.json": "{}",
    "copilot/environments/addons/x.yml": addon.replace("  Env: { Type: String }\n", ""),
    "copilot/environments/overrides/readme.txt": "",
  });
  expect(await run(["validate"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stdout:
    copilot/api/addons/table.yml:1:12  error  \`Resources\` has to be a map of names  (addons/section)
    copilot/api/overrides/cfn.patches.yml:1:7  error  \`move\` is no operation: there are add, remove and replace  (overrides/patch)
    copilot/environments/addons/x.yml:1:1  error  the parameter \`Env\` is missing, which is always given  (addons/parameters)
                                                  add \`Env: { Type: String }\` under \`Parameters\`
    copilot/environments/addons/x.yml:3:3  error  nothing gives the parameter \`Name\` a value  (addons/parameters)
                                                  give it a \`Default\`, or a value under \`Parameters\` of addons.parameters.yml
    copilot/environments/overrides:1:1  error  there is no cfn.patches.yml in this folder, and nothing else in it changes the template  (overrides/invalid)
                                               it holds readme.txt
    copilot/report/overrides/cdk.json:1:1  warning  a CDK app changes this template; it is not run by pilotfish, which makes no template beside it  (overrides/cdk)
                                                    write what it changes as patches in copilot/report/overrides/cfn.patches.yml, or package with --ignore-overrides
    3 manifests: 5 errors, 1 warning
    exit code 1"
  `);
  expect(await run(["validate", "-n", "report"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stdout:
    copilot/report/overrides/cdk.json:1:1  warning  a CDK app changes this template; it is not run by pilotfish, which makes no template beside it  (overrides/cdk)
                                                    write what it changes as patches in copilot/report/overrides/cfn.patches.yml, or package with --ignore-overrides
    1 manifest: 1 warning
    exit code 0"
  `);
});
