import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import type { StackFacts } from "../../../src/cloudformation/facts.ts";
import { pipelineTags, pipelineTemplate } from "../../../src/cloudformation/pipeline/pipeline-template.ts";
import { testBuildspec } from "../../../src/cloudformation/pipeline/test-buildspec.ts";
import type { Value } from "../../../src/cloudformation/template.ts";
import { loadPipelineManifest } from "../../../src/manifest/load-pipeline.ts";
import { planPipeline } from "../../../src/plan/plan-pipeline.ts";
import { judged } from "../../support/template-check/judged.ts";

const environment = (env: string, account: string, region: string) => ({
  account,
  region,
  managerRoleArn: `arn:aws:iam::${account}:role/shop-${env}-EnvManagerRole`,
  executionRoleArn: `arn:aws:iam::${account}:role/shop-${env}-CFNExecutionRole`,
});

const facts: StackFacts = {
  account: "111111111111",
  region: "us-west-2",
  partition: "aws",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:us-west-2:111111111111:key/1" },
  environments: {
    test: environment("test", "111111111111", "us-west-2"),
    prod: environment("prod", "222222222222", "eu-west-1"),
  },
};

/** The stack of a pipeline that deploys `api` and `web`, with this source and what else its manifest says. */
function stack(
  source: string,
  { more = "stages: [{ name: test }]", ...known }: Partial<StackFacts> & { more?: string } = {},
) {
  const text = `name: release\nversion: 1\nsource: ${source}\n${more}`;
  const given = { file: "manifest.yml", text, folder: "release" };
  const { manifest, diagnostics } = loadPipelineManifest(given, { app: "shop" });
  if (!manifest) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const plan = planPipeline({ manifest, app: "shop", folder: "copilot/pipelines/release", workloads: ["web", "api"] });
  const input = { plan, facts: { ...facts, ...known } };
  const template = judged(pipelineTemplate(input));
  const properties = (id: string) => template.Resources[id]?.Properties ?? {};
  const actionsOf = (stage: string) =>
    (properties("Pipeline")["Stages"] as { Name: string; Actions: Record<string, Value>[] }[]).find(
      ({ Name }) => Name === stage,
    )?.Actions ?? [];
  const statements = (id: string) =>
    (properties(id)["PolicyDocument"] as { Statement: { Action: string[]; Resource: Value }[] }).Statement;
  return { template, tags: pipelineTags(input), properties, actionsOf, statements };
}

const github = (more = "") =>
  `{ provider: GitHub, properties: { repository: https://github.com/example/shop${more} } }`;
const codeCommit = (more = "") =>
  `{ provider: CodeCommit, properties: { repository: https://us-west-2.console.aws.amazon.com/codesuite/codecommit/repositories/shop/browse${more} } }`;

describe("the source", () => {
  test("with a token of GitHub's, which the stack reads from a secret", () => {
    const { template, actionsOf, statements } = stack(
      "{ provider: GitHubV1, properties: { repository: example/shop, branch: main, access_token_secret: token, output_artifact_format: CODEBUILD_CLONE_REF } }",
    );
    expect(actionsOf("Source")).toMatchInlineSnapshot(`
      [
        {
          "ActionTypeId": {
            "Category": "Source",
            "Owner": "ThirdParty",
            "Provider": "GitHub",
            "Version": 1,
          },
          "Configuration": {
            "Branch": "main",
            "OAuthToken": {
              "Fn::Sub": [
                "{{resolve:secretsmanager:\${SecretId}}}",
                {
                  "SecretId": "token",
                },
              ],
            },
            "Owner": "example",
            "Repo": "shop",
          },
          "Name": "SourceCodeFor-shop",
          "OutputArtifacts": [
            {
              "Name": "SCCheckoutArtifact",
            },
          ],
          "RunOrder": 1,
        },
      ]
    `);
    expect(template.Outputs).toEqual({});
    expect(Object.keys(template.Resources)).not.toContain("SourceConnection");
    const allowed = [...statements("BuildProjectPolicy"), ...statements("PipelineRolePolicy")].flatMap(
      (each) => each.Action,
    );
    expect(allowed.filter((action) => action.startsWith("codestar"))).toEqual([]);
  });

  test("with a connection that the stack makes, which has a name of 32 characters at most", () => {
    const { template, properties, actionsOf } = stack(
      "{ provider: Bitbucket, properties: { repository: https://bitbucket.org/organisation/a-repository-with-a-long-name } }",
    );
    expect(properties("SourceConnection")).toMatchInlineSnapshot(`
      {
        "ConnectionName": "copilot-organ-a-repository-with-",
        "ProviderType": "Bitbucket",
      }
    `);
    expect(actionsOf("Source")).toMatchInlineSnapshot(`
      [
        {
          "ActionTypeId": {
            "Category": "Source",
            "Owner": "AWS",
            "Provider": "CodeStarSourceConnection",
            "Version": 1,
          },
          "Configuration": {
            "BranchName": "main",
            "ConnectionArn": {
              "Ref": "SourceConnection",
            },
            "FullRepositoryId": "organisation/a-repository-with-a-long-name",
          },
          "Name": "SourceCodeFor-shop",
          "OutputArtifacts": [
            {
              "Name": "SCCheckoutArtifact",
            },
          ],
          "RunOrder": 1,
        },
      ]
    `);
    expect(template.Outputs).toMatchInlineSnapshot(`
      {
        "PipelineConnectionARN": {
          "Description": "ARN of the connection to the source code.",
          "Value": {
            "Ref": "SourceConnection",
          },
        },
      }
    `);
  });

  test("with a connection that is there: by its ARN, by a name that is known, and by one that is not", () => {
    const arn = "arn:aws:codestar-connections:us-west-2:111111111111:connection/1";
    const byArn = stack(github(`, connection_arn: "${arn}", output_artifact_format: CODEBUILD_CLONE_REF`));
    const byName = stack(github(", connection_name: github, output_artifact_format: CODEBUILD_CLONE_REF"), {
      connections: { github: arn },
    });
    expect(byName.template).toEqual(byArn.template);
    expect(byArn.template.Parameters).toEqual({});
    expect(Object.keys(byArn.template.Resources)).not.toContain("SourceConnection");
    expect(byArn.actionsOf("Source")[0]?.["Configuration"]).toMatchInlineSnapshot(`
      {
        "BranchName": "main",
        "ConnectionArn": "arn:aws:codestar-connections:us-west-2:111111111111:connection/1",
        "FullRepositoryId": "example/shop",
        "OutputArtifactFormat": "CODEBUILD_CLONE_REF",
      }
    `);
    expect(byArn.template.Outputs?.["PipelineConnectionARN"]?.Value).toBe(arn);
    const connecting = [...byArn.statements("BuildProjectPolicy"), ...byArn.statements("PipelineRolePolicy")].filter(
      ({ Action }) => Action.some((each) => each.startsWith("codestar")),
    );
    expect(connecting.map(({ Resource }) => Resource)).toEqual([arn, [arn]]);

    const unknown = stack(github(", connection_name: github"));
    expect(unknown.template.Parameters).toMatchInlineSnapshot(`
      {
        "SourceConnectionARN": {
          "Description": "ARN of the connection named github.",
          "Type": "String",
        },
      }
    `);
    expect(unknown.actionsOf("Source")[0]?.["Configuration"]).toMatchInlineSnapshot(`
      {
        "BranchName": "main",
        "ConnectionArn": {
          "Ref": "SourceConnectionARN",
        },
        "FullRepositoryId": "example/shop",
      }
    `);
  });

  test("in CodeCommit, whose clone needs more permissions than its ZIP file", () => {
    const plain = stack(codeCommit());
    const cloned = stack(codeCommit(", output_artifact_format: CODEBUILD_CLONE_REF"));
    const zipped = stack(codeCommit(", output_artifact_format: CODE_ZIP"));
    expect(cloned.actionsOf("Source")).toMatchInlineSnapshot(`
      [
        {
          "ActionTypeId": {
            "Category": "Source",
            "Owner": "AWS",
            "Provider": "CodeCommit",
            "Version": 1,
          },
          "Configuration": {
            "BranchName": "main",
            "OutputArtifactFormat": "CODEBUILD_CLONE_REF",
            "RepositoryName": "shop",
          },
          "Name": "SourceCodeFor-shop",
          "OutputArtifacts": [
            {
              "Name": "SCCheckoutArtifact",
            },
          ],
          "RunOrder": 1,
        },
      ]
    `);
    expect(cloned.statements("BuildProjectPolicy").at(-1)).toMatchInlineSnapshot(`
      {
        "Action": [
          "codecommit:GitPull",
        ],
        "Effect": "Allow",
        "Resource": {
          "Fn::Sub": "arn:\${AWS::Partition}:codecommit:\${AWS::Region}:\${AWS::AccountId}:shop",
        },
      }
    `);
    const reads = (each: ReturnType<typeof stack>) =>
      each
        .statements("PipelineRolePolicy")
        .flatMap(({ Action }) => Action.filter((one) => one.endsWith("GetRepository")));
    expect([plain, cloned, zipped].map(reads)).toEqual([
      [],
      ["codecommit:GetRepository"],
      ["codecommit:GetRepository"],
    ]);
    expect(plain.template.Outputs).toEqual({});
    const address = "https://git-codecommit.us-west-2.amazonaws.com/v1/repos/shop";
    expect(stack(`{ provider: CodeCommit, properties: { repository: "${address}" } }`)).toMatchObject({
      template: plain.template,
    });
  });
});

describe("the build", () => {
  test("runs on ARM with an image for it, on what its manifest says", () => {
    const { properties } = stack(github(), {
      more: "build: { image: aws/codebuild/amazonlinux2-aarch64-standard:3.0, buildspec: ci/build.yml }\nstages: [{ name: test }]",
    });
    expect(properties("BuildProject")).toMatchInlineSnapshot(`
      {
        "Artifacts": {
          "Type": "CODEPIPELINE",
        },
        "Cache": {
          "Modes": [
            "LOCAL_DOCKER_LAYER_CACHE",
          ],
          "Type": "LOCAL",
        },
        "Description": {
          "Fn::Sub": "Build for \${AWS::StackName}",
        },
        "EncryptionKey": {
          "Fn::ImportValue": "shop-ArtifactKey",
        },
        "Environment": {
          "ComputeType": "BUILD_GENERAL1_SMALL",
          "EnvironmentVariables": [
            {
              "Name": "AWS_ACCOUNT_ID",
              "Value": {
                "Fn::Sub": "\${AWS::AccountId}",
              },
            },
            {
              "Name": "PARTITION",
              "Value": {
                "Ref": "AWS::Partition",
              },
            },
          ],
          "Image": "aws/codebuild/amazonlinux2-aarch64-standard:3.0",
          "PrivilegedMode": true,
          "Type": "ARM_CONTAINER",
        },
        "Name": {
          "Fn::Sub": "\${AWS::StackName}-BuildProject",
        },
        "ServiceRole": {
          "Fn::GetAtt": [
            "BuildProjectRole",
            "Arn",
          ],
        },
        "Source": {
          "BuildSpec": "ci/build.yml",
          "Type": "CODEPIPELINE",
        },
        "TimeoutInMinutes": 60,
      }
    `);
  });

  test("has defaults, also where fields are empty", () => {
    const plain = stack(github());
    const empty = stack(github(), { more: 'build: { image: "", buildspec: "" }\nstages: [{ name: test }]' });
    expect(empty.template).toEqual(plain.template);
    expect(plain.properties("BuildProject")).toMatchObject({
      Environment: { Image: "aws/codebuild/amazonlinux2-x86_64-standard:5.0", Type: "LINUX_CONTAINER" },
      Source: { BuildSpec: "copilot/pipelines/release/buildspec.yml" },
    });
  });

  test("may do what the manifest adds, functions and all", () => {
    const { properties } = stack(github(), {
      more: "build: { additional_policy: { PolicyDocument: { Statement: [{ Effect: Deny, Action: '*', Resource: !Sub '${AWS::StackName}' }] } } }\nstages: [{ name: test }]",
    });
    expect(properties("BuildProjectAdditionalPolicy")).toMatchInlineSnapshot(`
      {
        "PolicyDocument": {
          "Statement": [
            {
              "Action": "*",
              "Effect": "Deny",
              "Resource": {
                "Fn::Sub": "\${AWS::StackName}",
              },
            },
          ],
        },
        "PolicyName": {
          "Fn::Sub": "\${AWS::StackName}-BuildProjectAdditionalPolicy",
        },
        "Roles": [
          {
            "Ref": "BuildProjectRole",
          },
        ],
      }
    `);
    expect(
      stack(github(), { more: "build: { additional_policy: {} }\nstages: [{ name: test }]" }).template.Resources,
    ).not.toHaveProperty("BuildProjectAdditionalPolicy");
  });
});

describe("stages", () => {
  test("in other regions and accounts take their own roles, and the application's buckets there", () => {
    const { properties, actionsOf, statements } = stack(github(), {
      more: "stages: [{ name: test }, { name: prod }]",
      regionalArtifacts: {
        "eu-west-1": { bucket: "artifacts-eu", kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/2" },
        "us-west-2": { bucket: "of-the-application-itself", kmsKeyArn: "arn:aws:kms:us-west-2:111111111111:key/1" },
      },
    });
    expect(properties("Pipeline")["ArtifactStores"]).toMatchInlineSnapshot(`
      [
        {
          "ArtifactStore": {
            "EncryptionKey": {
              "Id": "arn:aws:kms:us-west-2:111111111111:key/1",
              "Type": "KMS",
            },
            "Location": "artifacts",
            "Type": "S3",
          },
          "Region": "us-west-2",
        },
        {
          "ArtifactStore": {
            "EncryptionKey": {
              "Id": "arn:aws:kms:eu-west-1:111111111111:key/2",
              "Type": "KMS",
            },
            "Location": "artifacts-eu",
            "Type": "S3",
          },
          "Region": "eu-west-1",
        },
      ]
    `);
    expect(statements("PipelineRolePolicy").slice(2)).toMatchInlineSnapshot(`
      [
        {
          "Action": [
            "kms:Decrypt",
            "kms:Encrypt",
            "kms:GenerateDataKey",
          ],
          "Effect": "Allow",
          "Resource": [
            "arn:aws:kms:us-west-2:111111111111:key/1",
            "arn:aws:kms:eu-west-1:111111111111:key/2",
          ],
        },
        {
          "Action": [
            "s3:PutObject",
            "s3:GetBucketPolicy",
            "s3:GetObject",
            "s3:ListBucket",
            "s3:PutObjectAcl",
            "s3:GetObjectAcl",
          ],
          "Effect": "Allow",
          "Resource": [
            {
              "Fn::Join": [
                "",
                [
                  "arn:aws:s3:::",
                  "artifacts",
                ],
              ],
            },
            {
              "Fn::Join": [
                "",
                [
                  "arn:aws:s3:::",
                  "artifacts",
                  "/*",
                ],
              ],
            },
            {
              "Fn::Join": [
                "",
                [
                  "arn:aws:s3:::",
                  "artifacts-eu",
                ],
              ],
            },
            {
              "Fn::Join": [
                "",
                [
                  "arn:aws:s3:::",
                  "artifacts-eu",
                  "/*",
                ],
              ],
            },
          ],
        },
        {
          "Action": [
            "sts:AssumeRole",
          ],
          "Effect": "Allow",
          "Resource": [
            "arn:aws:iam::111111111111:role/shop-test-EnvManagerRole",
            "arn:aws:iam::222222222222:role/shop-prod-EnvManagerRole",
          ],
        },
      ]
    `);
    expect(actionsOf("DeployTo-prod")[0]).toMatchInlineSnapshot(`
      {
        "ActionTypeId": {
          "Category": "Deploy",
          "Owner": "AWS",
          "Provider": "CloudFormation",
          "Version": 1,
        },
        "Configuration": {
          "ActionMode": "CREATE_UPDATE",
          "Capabilities": "CAPABILITY_IAM,CAPABILITY_NAMED_IAM,CAPABILITY_AUTO_EXPAND",
          "RoleArn": "arn:aws:iam::222222222222:role/shop-prod-CFNExecutionRole",
          "StackName": "shop-prod-api",
          "TemplateConfiguration": "BuildOutput::infrastructure/api-prod.params.json",
          "TemplatePath": "BuildOutput::infrastructure/api-prod.stack.yml",
        },
        "InputArtifacts": [
          {
            "Name": "BuildOutput",
          },
        ],
        "Name": "CreateOrUpdate-api-prod",
        "Region": "eu-west-1",
        "RoleArn": "arn:aws:iam::222222222222:role/shop-prod-EnvManagerRole",
        "RunOrder": 1,
      }
    `);
  });

  test("run in order: approval, what comes before, deployments, what comes after", () => {
    const { actionsOf, template } = stack(github(), {
      more: `
stages:
  - name: prod
    requires_approval: true
    pre_deployments:
      seed: { buildspec: seed.yml, depends_on: [db_migration] }
      db_migration: { buildspec: migrate.yml }
    deployments:
      web: { depends_on: [api, cache] }
      api: { depends_on: [database] }
      cache:
      database: { stack_name: shared-database, template_path: database.yml, template_config: database.json }
    post_deployments:
      smoke: { buildspec: smoke.yml, depends_on: [warm-up] }
      warm-up: { buildspec: warm-up.yml }
`,
    });
    const order = actionsOf("DeployTo-prod").map(({ Name, RunOrder }) => `${RunOrder} ${Name as string}`);
    expect(order).toMatchInlineSnapshot(`
      [
        "1 ApprovePromotionTo-prod",
        "2 db_migration",
        "3 seed",
        "8 smoke",
        "7 warm-up",
        "5 CreateOrUpdate-api-prod",
        "4 CreateOrUpdate-cache-prod",
        "4 CreateOrUpdate-database-prod",
        "6 CreateOrUpdate-web-prod",
      ]
    `);
    expect(actionsOf("DeployTo-prod").find(({ Name }) => Name === "CreateOrUpdate-database-prod")?.["Configuration"])
      .toMatchInlineSnapshot(`
      {
        "ActionMode": "CREATE_UPDATE",
        "Capabilities": "CAPABILITY_IAM,CAPABILITY_NAMED_IAM,CAPABILITY_AUTO_EXPAND",
        "RoleArn": "arn:aws:iam::222222222222:role/shop-prod-CFNExecutionRole",
        "StackName": "shared-database",
        "TemplateConfiguration": "BuildOutput::database.json",
        "TemplatePath": "BuildOutput::database.yml",
      }
    `);
    expect(Object.keys(template.Resources).filter((id) => /^(Pre|Post)/.test(id))).toMatchInlineSnapshot(`
      [
        "PreprodDeploymentActiondbmigrationBuildProjectRole",
        "PreprodDeploymentActiondbmigration",
        "PreprodDeploymentActionseedBuildProjectRole",
        "PreprodDeploymentActionseed",
        "PostprodDeploymentActionsmokeBuildProjectRole",
        "PostprodDeploymentActionsmoke",
        "PostprodDeploymentActionwarmupBuildProjectRole",
        "PostprodDeploymentActionwarmup",
      ]
    `);
  });

  test("test with commands after the deployments, under an ID that a stack can have", () => {
    const { actionsOf, properties } = stack(github(), {
      more: "stages: [{ name: eu-test-1, deployments: { api: , web: { depends_on: [api] } }, test_commands: ['make test'] }]",
      environments: { "eu-test-1": environment("eu-test-1", "111111111111", "us-west-2") },
    });
    expect(actionsOf("DeployTo-eu-test-1").at(-1)).toMatchInlineSnapshot(`
      {
        "ActionTypeId": {
          "Category": "Test",
          "Owner": "AWS",
          "Provider": "CodeBuild",
          "Version": 1,
        },
        "Configuration": {
          "ProjectName": {
            "Ref": "BuildTestCommandseuDASHtestDASH1",
          },
        },
        "InputArtifacts": [
          {
            "Name": "SCCheckoutArtifact",
          },
        ],
        "Name": "TestCommands",
        "RunOrder": 3,
      }
    `);
    expect(properties("BuildTestCommandseuDASHtestDASH1")).toMatchInlineSnapshot(`
      {
        "Artifacts": {
          "Type": "NO_ARTIFACTS",
        },
        "EncryptionKey": {
          "Fn::ImportValue": "shop-ArtifactKey",
        },
        "Environment": {
          "ComputeType": "BUILD_GENERAL1_SMALL",
          "Image": "aws/codebuild/amazonlinux2-x86_64-standard:5.0",
          "PrivilegedMode": true,
          "Type": "LINUX_CONTAINER",
        },
        "ServiceRole": {
          "Fn::GetAtt": [
            "BuildProjectRole",
            "Arn",
          ],
        },
        "Source": {
          "BuildSpec": "version: 0.2
      phases:
        build:
          commands:
            - make test
      ",
          "Type": "NO_SOURCE",
        },
      }
    `);
  });

  test("without anything to deploy are left out, and their projects are made", () => {
    const text = `name: release\nversion: 1\nsource: ${github()}\nstages: [{ name: test, pre_deployments: { a: { buildspec: a.yml } } }]`;
    const { manifest } = loadPipelineManifest({ file: "f", text, folder: "release" }, { app: "shop" });
    if (!manifest) throw new Error("the manifest has errors");
    const plan = planPipeline({ manifest, app: "shop", folder: "copilot", workloads: [] });
    const { Resources } = pipelineTemplate({ plan, facts });
    const stages = Resources["Pipeline"]?.Properties?.["Stages"] as { Name: string }[];
    expect(stages.map(({ Name }) => Name)).toEqual(["Source", "Build"]);
    expect(Object.keys(Resources)).toContain("PretestDeploymentActiona");
    expect(plan.build.buildspec).toBe("copilot/buildspec.yml");
  });
});

describe("the stack", () => {
  test("of a pipeline with nothing but its own name keeps it, and is not tagged with it", () => {
    const legacy = stack(github(), { legacyPipelines: ["release"], tags: { team: "web" } });
    expect(legacy.properties("Pipeline")["Name"]).toEqual({ Ref: "AWS::StackName" });
    expect(legacy.tags).toEqual({ team: "web", "copilot-application": "shop" });
    const other = stack(github(), { legacyPipelines: ["another"] });
    expect(other.properties("Pipeline")).not.toHaveProperty("Name");
    expect(other.tags).toEqual({ "copilot-application": "shop", "copilot-pipeline": "release" });
  });

  test("in another partition names no resource of AWS's first one", () => {
    const china: Partial<StackFacts> = {
      partition: "aws-cn",
      region: "cn-north-1",
      artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws-cn:kms:cn-north-1:111111111111:key/1" },
      environments: {
        test: {
          account: "111111111111",
          region: "cn-north-1",
          managerRoleArn: "arn:aws-cn:iam::111111111111:role/shop-test-EnvManagerRole",
          executionRoleArn: "arn:aws-cn:iam::111111111111:role/shop-test-CFNExecutionRole",
        },
      },
    };
    expect(JSON.stringify(stack(github(), china).template)).not.toContain("arn:aws:");
  });
});

test("test commands stand in their buildspec as they are written, and in quotes where YAML would read no command", () => {
  const commands = [
    "make test",
    'echo "running tests"',
    "echo done: all",
    "- not a list",
    "{ a; }",
    "[ -f x ] && make",
    "make # the rest",
    "&& true",
    "true",
    "!important",
    "one\ntwo",
    "",
    "*",
  ];
  const text = testBuildspec(commands);
  expect(text).toMatchInlineSnapshot(`
    "version: 0.2
    phases:
      build:
        commands:
          - make test
          - echo "running tests"
          - "echo done: all"
          - "- not a list"
          - "{ a; }"
          - "[ -f x ] && make"
          - make # the rest
          - "&& true"
          - true
          - "!important"
          - "one\\ntwo"
          - ""
          - "*"
    "
  `);
  const read = (parse(text) as { phases: { build: { commands: unknown[] } } }).phases.build.commands;
  expect(read).toEqual(commands.map((each) => (each === "true" ? true : each.replace(/ #.*/, ""))));
});
