import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openWorkspace } from "../../../src/actions/open-workspace.ts";
import { packageEnvironment } from "../../../src/actions/package-environment.ts";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { packageWorkload } from "../../../src/actions/package-workload.ts";
import type { StackFacts } from "../../../src/cloudformation/facts.ts";
import { folderWith } from "../../support/files.ts";

const facts: StackFacts = {
  account: "123456789012",
  region: "eu-west-1",
  partition: "aws",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
};

/** One output of each kind. */
const addon = `Parameters:
  App: { Type: String }
  Env: { Type: String }
  Name: { Type: String }
  Extra: { Type: String }
Resources:
  Key: { Type: AWS::SecretsManager::Secret }
  Reads: { Type: AWS::IAM::ManagedPolicy }
  Group: { Type: AWS::EC2::SecurityGroup }
  Table: { Type: AWS::DynamoDB::Table }
Outputs:
  TableName: { Value: !Ref Table }
  ApiKey: { Value: !Ref Key }
  ReadsArn: { Value: !Ref Reads }
  DbGroup: { Value: !Ref Group }
`;

/** A workload with these addons, packaged. */
async function packaged(manifest: string, files: Record<string, string> = {}, more: Partial<StackFacts> = {}) {
  const root = await folderWith({
    "copilot/.workspace": "application: shop\n",
    "copilot/it/manifest.yml": `name: it\n${manifest}`,
    "copilot/it/addons/all.yml": addon,
    "copilot/it/addons/addons.parameters.yml": "Parameters:\n  Extra: !Sub '${AppName}-x'\n",
    ...files,
  });
  const workspace = await openWorkspace(root);
  return packageWorkload({ workspace, name: "it", env: "test", facts: { ...facts, ...more }, variables: {} });
}

/** All places of a template that name an output of the addons: the way there, and the name. */
function uses(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  const [id, output = ""] = (value as { "Fn::GetAtt"?: string[] })["Fn::GetAtt"] ?? [];
  if (id === "AddonsStack") {
    return [`${path} = ${output.replace("Outputs.", "")}`];
  }
  const name = (value as { Name?: unknown }).Name;
  return Object.entries(value).flatMap(([key, inner]) => {
    const step = Array.isArray(value) ? "" : key === "Value" || key === "ValueFrom" ? `[${String(name)}]` : `.${key}`;
    return uses(inner, path + step);
  });
}

const image = "image: { location: x/y:1 }\n";
const withSidecar =
  "sidecars: { side: { image: x/side:1 } }\nlogging: { destination: { Name: x } }\nsecrets: { OWN: own }\n";

test.for([
  ["Load Balanced Web Service", `image: { location: x/y:1, port: 80 }\nhttp: { path: / }\n${withSidecar}`],
  ["Backend Service", `${image}network: { vpc: { security_groups: [sg-1] } }\n`],
  ["Worker Service", `${image}publish: { topics: [{ name: t }] }\n`],
  ["Scheduled Job", `${image}on: { schedule: '@daily' }\n`],
  [
    "Request-Driven Web Service",
    "image: { location: public.ecr.aws/x/y:1, port: 80 }\nvariables: { OWN: a }\nsecrets: { MINE: b }\n",
  ],
  ["Static Site", "files: [{ source: site }]\n"],
] as const)("what the outputs are for a %s", async ([type, manifest]) => {
  const { stack } = await packaged(`type: ${type}\n${manifest}`);
  expect(uses(stack.template.Resources)).toMatchSnapshot();
  expect(stack.template.Resources["AddonsStack"]?.Properties).toEqual({
    Parameters: {
      App: { Ref: "AppName" },
      Env: { Ref: "EnvName" },
      Name: { Ref: "WorkloadName" },
      Extra: { "Fn::Sub": "${AppName}-x" },
    },
    TemplateURL: { Ref: "AddonsTemplateURL" },
  });
  expect(stack.parameters["AddonsTemplateURL"]).toBe("");
  expect(stack.addons?.file).toBe("it.addons.stack.yml");
});

test("variables of addons stand where Copilot has them, and secrets behind the manifest's", async () => {
  const { stack } = await packaged(
    "type: Worker Service\nimage: { location: x/y:1 }\nvariables: { A: b }\nsecrets: { OWN: own }\npublish: { topics: [{ name: t }] }\n",
  );
  const containers = stack.template.Resources["TaskDefinition"]?.Properties?.["ContainerDefinitions"];
  const [main] = (containers ?? []) as { Environment: { Name: string }[]; Secrets: { Name: string }[] }[];
  expect(main?.Environment.map(({ Name }) => Name).join(" ")).toMatchInlineSnapshot(
    `"COPILOT_APPLICATION_NAME COPILOT_SERVICE_DISCOVERY_ENDPOINT COPILOT_ENVIRONMENT_NAME COPILOT_SERVICE_NAME TABLE_NAME DB_GROUP COPILOT_SNS_TOPIC_ARNS COPILOT_QUEUE_URI A"`,
  );
  expect(main?.Secrets.map(({ Name }) => Name)).toEqual(["OWN", "API_KEY"]);
});

test("a Request-Driven Web Service whose addons alone have secrets may read them", async () => {
  const { stack } = await packaged(
    "type: Request-Driven Web Service\nimage: { location: public.ecr.aws/x/y:1, port: 80 }\n",
  );
  const { Policies: policies, ManagedPolicyArns: managed } = stack.template.Resources["InstanceRole"]?.Properties ?? {};
  expect((policies as { PolicyName: string }[]).map(({ PolicyName }) => PolicyName)).toEqual([
    "DenyIAM",
    "AccessCopilotTaggedSecrets",
  ]);
  expect(managed).toEqual([{ "Fn::GetAtt": ["AddonsStack", "Outputs.ReadsArn"] }]);
});

const backend = `type: Backend Service\n${image}`;

test.for<[what: string, parameters: string]>([
  ["what is there", "!GetAtt DiscoveryService.Arn"],
  ["what another parameter and AWS itself have", "!Sub '${EnvName}-${AWS::Region}-${!Literal}'"],
  ["a name of its own", "!Sub ['${X}', { X: !Ref Service }]"],
  ["the long form", "{ 'Fn::GetAtt': [Service, Name] }"],
  ["a misspelt resource", "!GetAtt Servce.Name"],
  ["within a text", "!Join ['', [a, !Sub 'x-${TargetGroup.TargetGroupName}']]"],
  ["a custom resource of Copilot's", "!GetAtt EnvControllerAction.PublicLoadBalancerDNSName"],
  ["the long form of what is not there", "{ Ref: TaskDefinitoin }"],
])("a parameter of the addons may refer to the template around them: %s", async ([, value]) => {
  const files = { "copilot/it/addons/addons.parameters.yml": `Parameters:\n  Extra: ${value}\n` };
  const result = await packaged(backend, files).then(
    () => "fine",
    (error: { diagnostics: { line: number; column: number; message: string; hint?: string }[] }) =>
      error.diagnostics.map(({ line, column, message, hint }) => `${line}:${column} ${message}\n  ${hint}`).join("\n"),
  );
  expect(result).toMatchSnapshot();
});

test("a parameter may refer to what a patch adds", async () => {
  const { stack } = await packaged(backend, {
    "copilot/it/addons/addons.parameters.yml": "Parameters:\n  Extra: !Ref Mine\n",
    "copilot/it/overrides/cfn.patches.yml": "- op: add\n  path: /Resources/Mine\n  value: { Type: AWS::SNS::Topic }\n",
  });
  expect(stack.text).toContain("Extra: !Ref Mine");
});

describe("where CloudFormation finds the template of the addons", () => {
  const said = ({ diagnostics }: Awaited<ReturnType<typeof packaged>>) =>
    diagnostics.map(({ file, message, hint }) => `${file.replace(/.*\/copilot/, "copilot")} ${message}\n  ${hint}`);
  const deployed = "https://artifacts.s3.eu-west-1.amazonaws.com/manual/addons/it/0.yml";

  test("nowhere, before it is uploaded", async () => {
    expect(said(await packaged(backend))).toMatchInlineSnapshot(`
      [
        "copilot/it/addons the template of the addons is not uploaded: while the parameter AddonsTemplateURL is empty, no stack has them
        upload it.addons.stack.yml as s3://artifacts/manual/addons/it/55593ad709bf52a6c0f017eac86a69c7c6f34211f4b2ca8ea06e127c3a7c91a6.yml and give its address: AddonsTemplateURL, or "addonsTemplateUrl" in the facts",
      ]
    `);
  });

  test("where the running stack has it from, as long as it is the same", async () => {
    const { stack } = await packaged(backend);
    const sha = said(await packaged(backend))[0]?.match(/[0-9a-f]{64}/)?.[0];
    expect(stack.addons?.text).toBeDefined();
    const same = deployed.replace("/0.", `/${sha}.`);
    const again = await packaged(backend, {}, { workloadParameters: { AddonsTemplateURL: same } });
    expect(again.stack.parameters["AddonsTemplateURL"]).toBe(same);
    expect(again.diagnostics).toEqual([]);
  });

  test("as well when it is another one, so that the addons stay; and that is told", async () => {
    const other = await packaged(backend, {}, { workloadParameters: { AddonsTemplateURL: deployed } });
    expect(other.stack.parameters["AddonsTemplateURL"]).toBe(deployed);
    expect(said(other)).toMatchInlineSnapshot(`
      [
        "copilot/it/addons the template of the addons is another one than the running stack has, and it is not uploaded: the stack keeps its own
        upload it.addons.stack.yml as s3://artifacts/manual/addons/it/55593ad709bf52a6c0f017eac86a69c7c6f34211f4b2ca8ea06e127c3a7c91a6.yml and give its address: AddonsTemplateURL, or "addonsTemplateUrl" in the facts",
      ]
    `);
  });

  test("where the facts say", async () => {
    const given = await packaged(backend, {}, { addonsTemplateUrl: "https://x/y.yml" });
    expect(given.stack.parameters["AddonsTemplateURL"]).toBe("https://x/y.yml");
    expect(given.diagnostics).toEqual([]);
  });

  test("nowhere, when the folder is gone", async () => {
    const root = await folderWith({
      "copilot/.workspace": "application: shop\n",
      "copilot/it/manifest.yml": `name: it\n${backend}`,
    });
    const { stack } = await packageWorkload({
      workspace: await openWorkspace(root),
      name: "it",
      env: "test",
      facts: { ...facts, workloadParameters: { AddonsTemplateURL: deployed } },
      variables: {},
    });
    expect(stack.parameters["AddonsTemplateURL"]).toBe("");
    expect(stack.addons).toBeUndefined();
  });
});

test("addons of all environments are a stack of each", async () => {
  const root = await folderWith({
    "copilot/.workspace": "application: shop\n",
    "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
    "copilot/environments/addons/db.yml": `Parameters: { App: { Type: String }, Env: { Type: String }, Vpc: { Type: String } }
Resources: { T: { Type: AWS::DynamoDB::Table } }
Outputs: { T: { Value: !Ref T, Export: { Name: !Sub '\${App}-\${Env}-T' } } }
`,
    "copilot/environments/addons/addons.parameters.yml": "Parameters: { Vpc: !Ref VPC }\n",
  });
  const workspace = await openWorkspace(root);
  const { stack, diagnostics } = await packageEnvironment({ workspace, env: "test", facts, variables: {} });
  expect(stack.template.Resources["AddonsStack"]).toMatchInlineSnapshot(`
    {
      "Metadata": {
        "aws:copilot:description": "A CloudFormation nested stack for your additional AWS resources",
      },
      "Properties": {
        "Parameters": {
          "App": {
            "Ref": "AppName",
          },
          "Env": {
            "Ref": "EnvironmentName",
          },
          "Vpc": {
            "Ref": "VPC",
          },
        },
        "TemplateURL": {
          "Ref": "AddonsTemplateURL",
        },
      },
      "Type": "AWS::CloudFormation::Stack",
    }
  `);
  expect(stack.template.Parameters["AddonsTemplateURL"]).toEqual({
    Type: "String",
    Description: "URL of the template of the addons.",
  });
  expect(stack.parameters["AddonsTemplateURL"]).toBe("");
  expect(stack.addons?.file).toBe("env.addons.yml");
  expect(diagnostics.map(({ code, hint }) => `${code} ${hint}`)).toMatchInlineSnapshot(`
    [
      "addons/not-uploaded upload env.addons.yml as s3://artifacts/manual/addons/environments/66ac0416c761ee9cde1acdc87768c6da0755130a871a074e6ba457579f296285.yml and give its address: AddonsTemplateURL, or "addonsTemplateUrl" in the facts",
    ]
  `);
});

const root = packageRoot(import.meta.url);
const app = join(root, "../shared/copilot-app");
const parity = join(root, "../shared/tools/parity.mjs");
const isHere = existsSync(parity) && existsSync(app);
if (!isHere) process.stderr.write("skipped: an application that Copilot deployed is not at ../shared/copilot-app\n");

describe.skipIf(!isHere)("beside addons that Copilot deployed", () => {
  test.for(["test", "prod"])(
    "the template in %s is the same to the letter, and so is what the service gets of it",
    async (env) => {
      const { stacks } = JSON.parse(readFileSync(join(app, "deployed/app.json"), "utf8")) as {
        stacks: {
          name: string;
          template: string;
          parameters: Record<string, string>;
          outputs: Record<string, string>;
        }[];
      };
      const named = (start: string) => stacks.find(({ name }) => name.startsWith(start));
      const front = named(`shop-${env}-front`);
      const { KMSKeyARN = "", PipelineBucket = "" } = named("StackSet-shop-infrastructure")?.outputs ?? {};
      const { stack, diagnostics } = await packageWorkload({
        workspace: await openWorkspace(join(app, "workspace")),
        name: "front",
        env,
        facts: {
          account: "123456789012",
          region: "us-west-2",
          partition: "aws",
          artifacts: { bucket: PipelineBucket, kmsKeyArn: KMSKeyARN },
          domain: "example.com",
          workloadParameters: front?.parameters ?? {},
        },
        variables: {},
      });
      const nested = named(`shop-${env}-front-AddonsStack`);
      expect(stack.addons?.text).toBe(readFileSync(join(app, "deployed", nested?.template ?? ""), "utf8"));
      expect(stack.parameters["AddonsTemplateURL"]).toBe(front?.parameters["AddonsTemplateURL"]);
      expect(diagnostics.filter(({ code }) => code.startsWith("addons/"))).toEqual([]);
      const folder = mkdtempSync(join(tmpdir(), "pf-addons-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const write = (name: string, text: string) => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      const files = [
        join(app, "deployed", front?.template ?? ""),
        write("theirs.json", JSON.stringify({ Parameters: front?.parameters })),
        write("ours.yml", stack.text),
        write("ours.json", JSON.stringify({ Parameters: stack.parameters })),
      ];
      const report = execFileSync(process.execPath, [realpathSync(parity), ...files, "--list"], {
        cwd: root,
        encoding: "utf8",
      });
      expect(report).toMatchSnapshot();
    },
  );
});
