import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CreateSecretCommand, ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { explained } from "../../../src/providers/aws/explained.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { impatientTiming } from "../../support/aws/impatient-timing.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { scripted } from "../../support/aws/script.ts";
import { FakeHost, run } from "../../support/fake-host.ts";
import { FakeProvider } from "../../support/fake-provider.ts";
import { folderWith } from "../../support/files.ts";

const source =
  "source: { provider: GitHub, properties: { branch: main, repository: https://github.com/example/shop } }";
const manifest = `name: release\nversion: 1\n${source}\nstages: [{ name: test }]\n`;
const buildspec = "version: 0.2\nphases: {}\n";

const files = {
  "copilot/.workspace": "application: shop\n",
  "copilot/api/manifest.yml": "name: api\ntype: Backend Service\nimage: { location: example/api:1, port: 80 }\n",
  "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
  "copilot/pipelines/release/manifest.yml": manifest,
  "copilot/pipelines/release/buildspec.yml": buildspec,
};

describeWithAws("pipelines on AWS", (aws) => {
  async function say(line: string, answers?: (string | boolean)[], folder?: string): Promise<string> {
    const cwd = folder ?? (await folderWith(files));
    const session = new AwsSession({ region: "us-west-2" });
    const account = explained(createAwsAccount(session, impatientTiming()));
    const terminal = answers && { terminal: { columns: 120, rows: 40 }, answers };
    const host = new FakeHost({ cwd, provider: new FakeProvider({}), aws: { account }, ...terminal });
    try {
      return (await run(line.split(" "), host))
        .replace(/[\da-f]{8}-[\da-f-]{27}/g, "ID")
        .replace(/-Pipeline-\w+/g, "-Pipeline-ID")
        .replace(/"at":"[^"]+"/g, '"at":"TIME"');
    } finally {
      session.close();
    }
  }

  const stack = async () => {
    const { Stacks = [] } = await aws.client(CloudFormationClient).send(new DescribeStacksCommand({}));
    const found = Stacks.find(({ StackName }) => StackName === "pipeline-shop-release");
    return (
      found && { status: found.StackStatus, tags: found.Tags?.map(({ Key, Value }) => `${Key}=${Value}`).toSorted() }
    );
  };

  test("one that is not deployed is listed and has nothing to show", async () => {
    expect(await say("app init shop")).toContain("exit code 0");
    expect(await say("env init -n test --default-config")).toContain("exit code 0");
    expect(await say("pipeline ls")).toMatchInlineSnapshot(`
      "stdout:
      NAME     FOLDER                     DEPLOYED
      release  copilot/pipelines/release  -
      exit code 0"
    `);
    expect(await say("pipeline ls --local --json")).toMatchInlineSnapshot(`
      "stdout:
      {
        "pipelines": [
          {
            "name": "release",
            "folder": "copilot/pipelines/release"
          }
        ]
      }
      exit code 0"
    `);
    expect(await say("pipeline status -n release")).toMatchInlineSnapshot(`
      "stderr:
      error  the application shop has no pipeline named release on AWS  (pipeline/not-found)
             pilotfish pipeline deploy
      exit code 1"
    `);
  });

  test("it is deployed with Copilot's name and tags, and whoever has it is told of its connection", async () => {
    expect(await say("pipeline deploy --yes --allow-downgrade")).toMatchInlineSnapshot(`
      "stderr:
      application shop · pipeline release · account 123456789012, us-west-2
      stack pipeline-shop-release: creating
      stack pipeline-shop-release: SourceConnection (AWS::CodeStarConnections::Connection) CREATE_COMPLETE
      stack pipeline-shop-release: BuildProjectRole (AWS::IAM::Role) CREATE_COMPLETE
      stack pipeline-shop-release: BuildProjectPolicy (AWS::IAM::Policy) CREATE_COMPLETE
      stack pipeline-shop-release: BuildProject (AWS::CodeBuild::Project) CREATE_COMPLETE
      stack pipeline-shop-release: PipelineRole (AWS::IAM::Role) CREATE_COMPLETE
      stack pipeline-shop-release: PipelineRolePolicy (AWS::IAM::Policy) CREATE_COMPLETE
      stack pipeline-shop-release: Pipeline (AWS::CodePipeline::Pipeline) CREATE_COMPLETE
      stack pipeline-shop-release: CREATE_COMPLETE
      stdout:
      the pipeline release is deployed; follow it: pilotfish pipeline status --name release

      its connection to the code is pending: arn:aws:codestar-connections:us-west-2:123456789012:connection/ID
      complete it in the console, and the pipeline starts with the next push:
        https://us-west-2.console.aws.amazon.com/codesuite/settings/connections
      exit code 0"
    `);
    expect(await stack()).toEqual({
      status: "CREATE_COMPLETE",
      tags: ["copilot-application=shop", "copilot-pipeline=release"],
    });
    expect(await say("pipeline update -n release")).toMatchInlineSnapshot(`
      "stderr:
      application shop · pipeline release · account 123456789012, us-west-2
      stdout:
      nothing has changed: the pipeline release is what its manifest says
      exit code 0"
    `);
    expect(await say("pipeline ls")).toMatchInlineSnapshot(`
      "stdout:
      NAME     FOLDER                     DEPLOYED
      release  copilot/pipelines/release  CREATE_COMPLETE
      exit code 0"
    `);
  });

  test("a difference is shown, and deployed when somebody says so", async () => {
    const changed = manifest.replace("branch: main", "branch: next");
    const other = await folderWith({ ...files, "copilot/pipelines/release/manifest.yml": changed });
    expect(await say("pipeline deploy --diff", undefined, other)).toMatchInlineSnapshot(`
      "stderr:
      application shop · pipeline release · account 123456789012, us-west-2
      pipeline-shop-release  against the deployed stack
      ~   Pipeline  AWS::CodePipeline::Pipeline: changed
          ~ Stages[Source].Actions[SourceCodeFor-shop].Configuration.BranchName: "main" → "next"

      1 changed
      error  there is nobody to ask whether to deploy this: --yes is needed  (usage/missing-input)
             pilotfish pipeline deploy --diff --yes
      exit code 2"
    `);
    expect(await say("pipeline deploy --diff", [false], other)).toContain("nothing was changed");
    expect(await say("pipeline deploy --diff", [true], other)).toContain("the pipeline release is deployed");
    expect((await stack())?.status).toBe("UPDATE_COMPLETE");
  });

  test("what CodePipeline says of it is shown", async () => {
    const action = (name: string, category: string, provider: string, configuration: Record<string, string>) => ({
      name,
      actionTypeId: { category, owner: "AWS", provider, version: "1" },
      configuration,
    });
    aws.use(
      scripted({
        source: "CodePipeline API reference, GetPipeline and GetPipelineState",
        answers: {
          "codepipeline:GetPipeline": ({ name }) => ({
            pipeline: {
              name,
              roleArn: "arn:aws:iam::123456789012:role/pipeline",
              version: 1,
              stages: [
                {
                  name: "Source",
                  actions: [
                    action("SourceCodeFor-shop", "Source", "CodeStarSourceConnection", {
                      FullRepositoryId: "example/shop",
                      BranchName: "main",
                    }),
                  ],
                },
                { name: "Build", actions: [action("Build", "Build", "CodeBuild", { ProjectName: "BuildProject-1" })] },
                {
                  name: "DeployTo-test",
                  actions: [
                    action("CreateOrUpdate-api-test", "Deploy", "CloudFormation", { StackName: "shop-test-api" }),
                  ],
                },
              ],
            },
            metadata: { created: new Date("2026-01-02T03:04:05Z"), updated: new Date("2026-01-03T03:04:05Z") },
          }),
          "codepipeline:GetPipelineState": ({ name }) => ({
            pipelineName: name,
            updated: new Date("2026-01-03T03:04:05Z"),
            stageStates: [
              {
                stageName: "Source",
                inboundTransitionState: { enabled: true },
                actionStates: [{ actionName: "SourceCodeFor-shop", latestExecution: { status: "Succeeded" } }],
              },
              {
                stageName: "Build",
                inboundTransitionState: { enabled: true },
                actionStates: [
                  {
                    actionName: "Build",
                    latestExecution: {
                      status: "Failed",
                      lastStatusChange: new Date("2026-01-03T03:05:05Z"),
                      errorDetails: { code: "JobFailed", message: "Build terminated with state: FAILED" },
                    },
                  },
                ],
              },
              {
                stageName: "DeployTo-test",
                inboundTransitionState: { enabled: false },
                actionStates: [{ actionName: "CreateOrUpdate-api-test" }],
              },
            ],
          }),
        },
      }),
    );
    expect(await say("pipeline show -n release")).toMatchInlineSnapshot(`
      "stdout:
      release

      about
        application  shop
        pipeline     pipeline-shop-release-Pipeline-ID
        stack        pipeline-shop-release
        account      123456789012, us-west-2
        created      2026-01-02T03:04:05.000Z
        updated      2026-01-03T03:04:05.000Z

      stages
        Source         SourceCodeFor-shop       Source  CodeStarSourceConnection  FullRepositoryId: example/shop, BranchName: main
        Build          Build                    Build   CodeBuild                 ProjectName: BuildProject-1
        DeployTo-test  CreateOrUpdate-api-test  Deploy  CloudFormation            StackName: shop-test-api
      exit code 0"
    `);
    expect(await say("pipeline status")).toMatchInlineSnapshot(`
      "stdout:
      release

      stages
        Source                          SourceCodeFor-shop       Succeeded
        Build                           Build                    Failed     2026-01-03T03:05:05.000Z  Build terminated with state: FAILED
        DeployTo-test (stopped before)  CreateOrUpdate-api-test  -
      exit code 0"
    `);
    expect(await say("pipeline status --json")).toMatchInlineSnapshot(`
      "stdout:
      {
        "name": "release",
        "app": "shop",
        "pipelineName": "pipeline-shop-release-Pipeline-ID",
        "updatedAt": "2026-01-03T03:04:05.000Z",
        "stages": [
          {
            "name": "Source",
            "transition": "ENABLED",
            "actions": [
              {
                "name": "SourceCodeFor-shop",
                "status": "Succeeded"
              }
            ]
          },
          {
            "name": "Build",
            "transition": "ENABLED",
            "actions": [
              {
                "name": "Build",
                "status": "Failed",
                "changedAt": "2026-01-03T03:05:05.000Z",
                "message": "Build terminated with state: FAILED"
              }
            ]
          },
          {
            "name": "DeployTo-test",
            "transition": "DISABLED",
            "actions": [
              {
                "name": "CreateOrUpdate-api-test"
              }
            ]
          }
        ]
      }
      exit code 0"
    `);
  });

  test("a connection of which only the name is known is told before anything is done", async () => {
    const named = manifest.replace("branch: main", "branch: main, connection_name: mine");
    const folder = await folderWith({ ...files, "copilot/pipelines/release/manifest.yml": named });
    expect(await say("pipeline deploy --yes", undefined, folder)).toMatchInlineSnapshot(`
      "stderr:
      application shop · pipeline release · account 123456789012, us-west-2
      copilot/pipelines/release/manifest.yml:3:74  error  the ARN of the connection \`mine\` is not known; it is the template's parameter SourceConnectionARN  (pipeline/unknown-value)
                                                          write \`connection_arn\` with its ARN in the place of \`connection_name\`: aws codestar-connections list-connections
      error  the pipeline cannot be deployed: not everything that it needs is known  (pipeline/incomplete)
      exit code 1"
    `);
  });

  test("a stage whose environment is not there is told at its line", async () => {
    const further = manifest.replace("[{ name: test }]", "[{ name: test }, { name: prod }]");
    const folder = await folderWith({ ...files, "copilot/pipelines/release/manifest.yml": further });
    expect(await say("pipeline deploy --yes", undefined, folder)).toMatchInlineSnapshot(`
      "stderr:
      application shop · pipeline release · account 123456789012, us-west-2
      copilot/pipelines/release/manifest.yml:4:34  error  AWS does not have the environment prod, which is a stage of the pipeline  (environment/not-found)
                                                          pilotfish env init --name prod
      exit code 1"
    `);
  });

  test("deleting asks, and takes the secret of its source along when that is wanted", async () => {
    expect(await say("pipeline delete -n release")).toMatchInlineSnapshot(`
      "stderr:
      application shop · pipeline release · account 123456789012, us-west-2
      error  this cannot be undone, and there is nobody to ask: --yes is needed  (usage/missing-input)
             pilotfish pipeline delete -n release --yes
      exit code 2"
    `);
    expect(await say("pipeline delete -n release", [false])).toContain("nothing was deleted");
    expect(await say("pipeline delete -n release --yes")).toMatchInlineSnapshot(`
      "stderr:
      application shop · pipeline release · account 123456789012, us-west-2
      stack pipeline-shop-release: deleting
      stack pipeline-shop-release: DELETE_COMPLETE
      stdout:
      the pipeline release is deleted; its files are still there
      exit code 0"
    `);
    expect(await stack()).toBeUndefined();
    const secrets = aws.client(SecretsManagerClient);
    await secrets.send(new CreateSecretCommand({ Name: "github-token", SecretString: "hunter2" }));
    await aws.client(CloudFormationClient).send(
      new CreateStackCommand({
        StackName: "pipeline-shop-old",
        Tags: [
          { Key: "copilot-application", Value: "shop" },
          { Key: "copilot-pipeline", Value: "old" },
        ],
        TemplateBody: JSON.stringify({
          Resources: {
            Topic: {
              Type: "AWS::SNS::Topic",
              Properties: { DisplayName: "{{resolve:secretsmanager:github-token:SecretString}}" },
            },
          },
        }),
      }),
    );
    expect(await say("pipeline delete -n old --yes --delete-secret --json")).toMatchInlineSnapshot(`
      "stdout:
      {"type":"stack-started","stack":"pipeline-shop-old","action":"delete","at":"TIME"}
      {"type":"stack-resource","stack":"pipeline-shop-old","at":"TIME","logicalId":"pipeline-shop-old","physicalId":"arn:aws:cloudformation:us-west-2:123456789012:stack/pipeline-shop-old/ID","resourceType":"AWS::CloudFormation::Stack","status":"DELETE_IN_PROGRESS","reason":"User Initiated"}
      {"type":"stack-resource","stack":"pipeline-shop-old","at":"TIME","logicalId":"pipeline-shop-old","physicalId":"arn:aws:cloudformation:us-west-2:123456789012:stack/pipeline-shop-old/ID","resourceType":"AWS::CloudFormation::Stack","status":"DELETE_COMPLETE"}
      {"type":"result","outcome":"deleted","secret":"github-token","secretDeleted":true}
      exit code 0"
    `);
    const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
    expect(SecretList).toEqual([]);
  });
});
