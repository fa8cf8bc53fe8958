import { expect, test } from "vitest";
import type { LeftOut } from "../../src/providers/provider.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import { completed, FakeProvider, service } from "../support/fake-provider.ts";
import { apiManifest, demoWorkspace } from "./workspaces.ts";

const manifest = `${apiManifest}environments:\n  local:\n    count:\n      range: 2-10\n      cpu_percentage: 70\n`;

/** Told out of order. */
const leavesOut: LeftOut[] = [
  { code: "left-out/scaling", path: ["count", "range"], message: "automatic scaling is left out" },
  { code: "left-out/alias", path: ["http", "alias"], message: "names are left out" },
];

const workspace = () => demoWorkspace({ "copilot/api/manifest.yml": manifest });
const provider = () =>
  new FakeProvider({
    leavesOut,
    deploy: { steps: [], result: { outcome: "completed", status: service([completed(1)]), durationMs: 800 } },
  });

test("a deploy says at its beginning what the simulator leaves out, with the place", async () => {
  const deploy = ["svc", "deploy", "-n", "api", "-e", "local"];
  expect(await run(deploy, new FakeHost({ cwd: await workspace(), provider: provider() }))).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    copilot/api/manifest.yml:6:1  note: names are left out
    copilot/api/manifest.yml:11:14  note: automatic scaling is left out
    stdout:
    api is deployed in 800 ms: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
  const host = new FakeHost({ cwd: await workspace(), provider: provider() });
  await run([...deploy, "--json"], host);
  const notices = host.stdout.text.split("\n").filter((line) => line.includes(`"notice"`));
  expect(notices.map((line) => JSON.parse(line) as unknown)[1]).toMatchInlineSnapshot(`
    {
      "code": "left-out/scaling",
      "message": "automatic scaling is left out",
      "place": {
        "column": 14,
        "file": "copilot/api/manifest.yml",
        "line": 11,
      },
      "type": "notice",
    }
  `);
});

test("validate says it for the simulator's environment, and does not fail", async () => {
  const validate = async (...more: string[]) =>
    run(["validate", ...more], new FakeHost({ cwd: await workspace(), provider: provider() }));
  expect(await validate("-e", "local", "--strict")).toMatchInlineSnapshot(`
    "stdout:
    copilot/api/manifest.yml:6:1  note: names are left out
    copilot/api/manifest.yml:11:14  note: automatic scaling is left out
    1 manifest: no problems
    exit code 0"
  `);
  expect(await validate("-e", "local", "--json")).toMatchInlineSnapshot(`
    "stdout:
    {
      "diagnostics": [],
      "leftOut": [
        {
          "code": "left-out/alias",
          "message": "names are left out",
          "place": {
            "file": "copilot/api/manifest.yml",
            "line": 6,
            "column": 1
          }
        },
        {
          "code": "left-out/scaling",
          "message": "automatic scaling is left out",
          "place": {
            "file": "copilot/api/manifest.yml",
            "line": 11,
            "column": 14
          }
        }
      ],
      "files": 1,
      "failed": false
    }
    exit code 0"
  `);
  expect(await validate()).toMatchInlineSnapshot(`
    "stdout:
    1 manifest: no problems
    exit code 0"
  `);
});

test("addons and overrides are for AWS: what tasks have of them is left out, and said", async () => {
  const addon = `Parameters: { App: { Type: String }, Env: { Type: String }, Name: { Type: String } }
Resources: { Table: { Type: AWS::DynamoDB::Table }, Key: { Type: AWS::SecretsManager::Secret } }
Outputs: { TableName: { Value: !Ref Table }, Key: { Value: !Ref Key } }
`;
  const patches = `- op: add
  path: /Resources/TaskRole/Properties/Tags
  value: []
- op: add
  path: /Resources/TaskDefinition/Properties/ContainerDefinitions/0/Ulimits
  value: []
`;
  const beside = { "copilot/api/addons/table.yml": addon, "copilot/api/overrides/cfn.patches.yml": patches };
  const deploy = async (files: Record<string, string>) =>
    run(
      ["svc", "deploy", "-n", "api", "-e", "local"],
      new FakeHost({ cwd: await demoWorkspace(files), provider: quiet() }),
    );
  const quiet = () =>
    new FakeProvider({
      deploy: { steps: [], result: { outcome: "completed", status: service([completed(1)]), durationMs: 800 } },
    });
  expect(await deploy(beside)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    copilot/api/addons  note: addons are left out: nothing in the folder is made, and containers lack TABLE_NAME, KEY
    copilot/api/overrides/cfn.patches.yml:5:9  note: this patch is left out: \`TaskDefinition\` is as the manifest says
    stdout:
    api is deployed in 800 ms: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
  const said = await deploy({ "copilot/api/overrides/cdk.json": "{}", "copilot/api/addons/broken.yml": "[" });
  expect(said.split("\n").filter((line) => line.includes("note:"))).toMatchInlineSnapshot(`
    [
      "copilot/api/addons  note: addons are left out: nothing in the folder is made",
      "copilot/api/overrides/cdk.json  note: the CDK app is left out: what runs is what the manifest says",
    ]
  `);
  const cwd = await demoWorkspace(beside);
  expect(await run(["validate", "-e", "local"], new FakeHost({ cwd, provider: quiet() }))).toMatchInlineSnapshot(`
    "stdout:
    copilot/api/addons  note: addons are left out: nothing in the folder is made, and containers lack TABLE_NAME, KEY
    copilot/api/overrides/cfn.patches.yml:5:9  note: this patch is left out: \`TaskDefinition\` is as the manifest says
    1 manifest: no problems
    exit code 0"
  `);
});
