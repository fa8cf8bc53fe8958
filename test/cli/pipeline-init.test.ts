import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { missingCfnLint, lint } from "../support/cfn-lint.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import { folderWith } from "../support/files.ts";

const manifest = `name: api
type: Backend Service
image: { location: demo/api:1, port: 80 }
environments: { test: { count: 2 }, prod: { count: 3 } }
`;

/** A repository with the application in a folder of it, on a branch, with a remote. */
async function repository(folder: string, remote?: string): Promise<string> {
  const root = await folderWith({
    [join(folder, "copilot/.workspace")]: "application: demo\n",
    [join(folder, "copilot/api/manifest.yml")]: manifest,
  });
  await execa("git", ["init", "-q", "-b", "trunk"], { cwd: root });
  if (remote !== undefined) await execa("git", ["remote", "add", "origin", remote], { cwd: root });
  return root;
}

test("a workflow of GitHub Actions, with the role that it takes on", async () => {
  const root = await repository("shop", "git@github.com:example/shop.git");
  const host = new FakeHost({ cwd: join(root, "shop") });
  const argv = ["pipeline", "init", "--provider", "GitHubActions", "-e", "test,prod"];
  expect(await run(argv, host)).toMatchInlineSnapshot(`
    "stdout:
    wrote ../.github/workflows/deploy.yml
    wrote copilot/pipelines/deploy/github-actions-role.yml

    make the role that it takes on, from the repository's folder:
      aws cloudformation deploy --stack-name demo-github-actions --template-file shop/copilot/pipelines/deploy/github-actions-role.yml --capabilities CAPABILITY_IAM
    tell the repository its ARN and the application's region:
      gh variable set AWS_ROLE_ARN --body "$(aws cloudformation describe-stacks --stack-name demo-github-actions --query 'Stacks[0].Outputs[0].OutputValue' --output text)"
      gh variable set AWS_REGION --body eu-west-1
    then commit and push the files; each environment may have required reviewers on GitHub
    exit code 0"
  `);
  expect(await readFile(join(root, ".github/workflows/deploy.yml"), "utf8")).toMatchInlineSnapshot(`
    "# Deploys the application demo whenever trunk changes. Written by \`pilotfish pipeline init\`; it is yours to change.
    #
    # AWS trusts this repository through OpenID Connect, so that no key of AWS is kept here. Before the first run:
    #   1. Make the role that the jobs take on, as an administrator of the application's account and in its region:
    #        aws cloudformation deploy --stack-name demo-github-actions --template-file shop/copilot/pipelines/deploy/github-actions-role.yml --capabilities CAPABILITY_IAM
    #   2. Tell the repository its ARN and the region:
    #        gh variable set AWS_ROLE_ARN --body "$(aws cloudformation describe-stacks --stack-name demo-github-actions --query 'Stacks[0].Outputs[0].OutputValue' --output text)"
    #        gh variable set AWS_REGION --body eu-west-1
    #   3. Where somebody is to approve a deployment, give the environment of GitHub with its name "required reviewers".
    name: deploy

    on:
      push:
        branches:
          - trunk
      workflow_dispatch:

    permissions:
      contents: read
      # For the token that is changed into credentials of AWS.
      id-token: write

    defaults:
      run:
        working-directory: shop

    jobs:
      validate:
        name: Check the manifests
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v5
          - uses: actions/setup-node@v5
            with:
              node-version: 22
          - name: Install pilotfish
            run: npm install --global pilotfish@0.1.0
          - name: Validate
            run: pilotfish validate

      deploy-test:
        name: Deploy to test
        needs: validate
        runs-on: ubuntu-latest
        environment: test
        # One deployment at a time to an environment, and none is cut off in the middle.
        concurrency:
          group: pilotfish-demo-test
          cancel-in-progress: false
        steps:
          - uses: actions/checkout@v5
            with:
              # Images are tagged with what \`git describe\` says.
              fetch-depth: 0
          - uses: actions/setup-node@v5
            with:
              node-version: 22
          - name: Install pilotfish
            run: npm install --global pilotfish@0.1.0
          - uses: aws-actions/configure-aws-credentials@v5
            with:
              role-to-assume: \${{ vars.AWS_ROLE_ARN }}
              aws-region: \${{ vars.AWS_REGION }}
              role-duration-seconds: 7200
              role-session-name: pilotfish-\${{ github.run_id }}
          - name: Deploy
            run: pilotfish deploy --all --env test --init-wkld

      deploy-prod:
        name: Deploy to prod
        needs: deploy-test
        runs-on: ubuntu-latest
        environment: prod
        # One deployment at a time to an environment, and none is cut off in the middle.
        concurrency:
          group: pilotfish-demo-prod
          cancel-in-progress: false
        steps:
          - uses: actions/checkout@v5
            with:
              # Images are tagged with what \`git describe\` says.
              fetch-depth: 0
          - uses: actions/setup-node@v5
            with:
              node-version: 22
          - name: Install pilotfish
            run: npm install --global pilotfish@0.1.0
          - uses: aws-actions/configure-aws-credentials@v5
            with:
              role-to-assume: \${{ vars.AWS_ROLE_ARN }}
              aws-region: \${{ vars.AWS_REGION }}
              role-duration-seconds: 7200
              role-session-name: pilotfish-\${{ github.run_id }}
          - name: Deploy
            run: pilotfish deploy --all --env prod --init-wkld
    "
  `);
  const role = join(root, "shop/copilot/pipelines/deploy/github-actions-role.yml");
  expect(await readFile(role, "utf8")).toMatchInlineSnapshot(`
    "AWSTemplateFormatVersion: "2010-09-09"
    Description: The role that workflows of GitHub take on to deploy the application demo
    Parameters:
      Repository:
        Type: String
        Description: The repository on GitHub, as owner/name.
        Default: example/shop
        AllowedPattern: "[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+"
      OIDCProviderArn:
        Type: String
        Default: ""
        Description: >-
          The account's identity provider for token.actions.githubusercontent.com, of which it may have one; empty makes it.
    Conditions:
      MakesProvider: !Equals [!Ref OIDCProviderArn, ""]
    Resources:
      GitHub:
        Type: AWS::IAM::OIDCProvider
        Condition: MakesProvider
        DeletionPolicy: Retain
        UpdateReplacePolicy: Retain
        Properties:
          Url: https://token.actions.githubusercontent.com
          ClientIdList: [sts.amazonaws.com]
      DeployRole:
        Type: AWS::IAM::Role
        Properties:
          # Longer than a deployment with its roll-back takes.
          MaxSessionDuration: 7200
          AssumeRolePolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: sts:AssumeRoleWithWebIdentity
                Principal:
                  Federated: !If [MakesProvider, !Ref GitHub, !Ref OIDCProviderArn]
                Condition:
                  StringEquals:
                    token.actions.githubusercontent.com:aud: sts.amazonaws.com
                    # Jobs of these environments of the repository alone.
                    token.actions.githubusercontent.com:sub:
                      - !Sub repo:\${Repository}:environment:test
                      - !Sub repo:\${Repository}:environment:prod
          Policies:
            - PolicyName: DeployApplication
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Sid: WorkInEnvironments
                    Effect: Allow
                    Action: sts:AssumeRole
                    Resource:
                      - !Sub arn:\${AWS::Partition}:iam::*:role/demo-test-EnvManagerRole
                      - !Sub arn:\${AWS::Partition}:iam::*:role/demo-prod-EnvManagerRole
                  - Sid: ReadRecords
                    Effect: Allow
                    Action: [ssm:GetParameter, ssm:GetParameters, ssm:GetParametersByPath]
                    Resource:
                      - !Sub arn:\${AWS::Partition}:ssm:*:\${AWS::AccountId}:parameter/copilot/applications/demo
                      - !Sub arn:\${AWS::Partition}:ssm:*:\${AWS::AccountId}:parameter/copilot/applications/demo/*
                  - Sid: AddWorkloads
                    Effect: Allow
                    Action: [ssm:PutParameter, ssm:AddTagsToResource]
                    Resource: !Sub arn:\${AWS::Partition}:ssm:*:\${AWS::AccountId}:parameter/copilot/applications/demo/components/*
                  - Sid: LockDeployments
                    Effect: Allow
                    Action: [ssm:PutParameter, ssm:AddTagsToResource, ssm:GetParameter, ssm:DeleteParameter]
                    Resource: !Sub arn:\${AWS::Partition}:ssm:*:\${AWS::AccountId}:parameter/copilot/locks/demo/*
                  - Sid: ReadApplication
                    Effect: Allow
                    Action:
                      - cloudformation:DescribeStacks
                      - cloudformation:DescribeStackResource
                      - cloudformation:DescribeStackResources
                      - cloudformation:GetTemplate
                      - cloudformation:GetTemplateSummary
                    Resource:
                      - !Sub arn:\${AWS::Partition}:cloudformation:*:\${AWS::AccountId}:stack/demo-infrastructure-roles/*
                      - !Sub arn:\${AWS::Partition}:cloudformation:*:\${AWS::AccountId}:stack/StackSet-demo-infrastructure-*/*
                  - Sid: AddRepositories
                    Effect: Allow
                    Action:
                      - cloudformation:DescribeStackSet
                      - cloudformation:DescribeStackSetOperation
                      - cloudformation:DescribeStackInstance
                      - cloudformation:ListStackInstances
                      - cloudformation:ListStackSetOperations
                      - cloudformation:ListStackSetOperationResults
                      - cloudformation:CreateStackInstances
                      - cloudformation:UpdateStackSet
                      - cloudformation:TagResource
                    Resource:
                      - !Sub arn:\${AWS::Partition}:cloudformation:*:\${AWS::AccountId}:stackset/demo-infrastructure:*
                      - !Sub arn:\${AWS::Partition}:cloudformation:*:\${AWS::AccountId}:stackset-target/demo-infrastructure:*
                      - !Sub arn:\${AWS::Partition}:cloudformation:*::type/resource/*
                  - Sid: LetStackSetsWork
                    Effect: Allow
                    Action: iam:PassRole
                    Resource: !Sub arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/demo-adminrole
                  - Sid: LogInToImages
                    Effect: Allow
                    Action: ecr:GetAuthorizationToken
                    Resource: "*"
                  - Sid: PushImages
                    Effect: Allow
                    Action:
                      - ecr:BatchCheckLayerAvailability
                      - ecr:BatchGetImage
                      - ecr:BatchGetRepositoryScanningConfiguration
                      - ecr:CompleteLayerUpload
                      - ecr:DescribeImages
                      - ecr:DescribeImageScanFindings
                      - ecr:DescribeRepositories
                      - ecr:GetDownloadUrlForLayer
                      - ecr:GetLifecyclePolicy
                      - ecr:InitiateLayerUpload
                      - ecr:PutImage
                      - ecr:PutImageScanningConfiguration
                      - ecr:PutLifecyclePolicy
                      - ecr:UploadLayerPart
                    Resource: !Sub arn:\${AWS::Partition}:ecr:*:\${AWS::AccountId}:repository/demo/*
                  - Sid: FindBucket
                    Effect: Allow
                    Action: s3:ListBucket
                    Resource: !Sub arn:\${AWS::Partition}:s3:::stackset-demo-*
                  - Sid: UploadFiles
                    Effect: Allow
                    Action: [s3:GetObject, s3:PutObject, s3:DeleteObject]
                    Resource: !Sub arn:\${AWS::Partition}:s3:::stackset-demo-*/*
                  - Sid: EncryptFiles
                    Effect: Allow
                    Action: [kms:Decrypt, kms:GenerateDataKey]
                    Resource: "*"
                    Condition:
                      StringEquals: { "aws:ResourceTag/copilot-application": "demo" }
    Outputs:
      RoleArn:
        Description: What the workflow takes on; the repository's variable AWS_ROLE_ARN.
        Value: !GetAtt DeployRole.Arn
    "
  `);
  // The same again changes nothing; what somebody has changed is left alone.
  expect(await run(argv, new FakeHost({ cwd: join(root, "shop") }))).toMatchInlineSnapshot(`
    "stdout:
    ../.github/workflows/deploy.yml was there and stays as it is
    copilot/pipelines/deploy/github-actions-role.yml was there and stays as it is

    make the role that it takes on, from the repository's folder:
      aws cloudformation deploy --stack-name demo-github-actions --template-file shop/copilot/pipelines/deploy/github-actions-role.yml --capabilities CAPABILITY_IAM
    tell the repository its ARN and the application's region:
      gh variable set AWS_ROLE_ARN --body "$(aws cloudformation describe-stacks --stack-name demo-github-actions --query 'Stacks[0].Outputs[0].OutputValue' --output text)"
      gh variable set AWS_REGION --body eu-west-1
    then commit and push the files; each environment may have required reviewers on GitHub
    exit code 0"
  `);
  expect(await run([...argv, "-b", "main"], new FakeHost({ cwd: join(root, "shop") }))).toMatchInlineSnapshot(`
    "stderr:
    ../.github/workflows/deploy.yml  error  this file exists and says something else; it was left as it is  (workspace/file-exists)
                                            move it away to have it written anew: mv ../.github/workflows/deploy.yml ../.github/workflows/deploy.yml.old
    exit code 1"
  `);
});

test.skipIf(missingCfnLint !== undefined)(
  `the role's template is one that CloudFormation takes (${missingCfnLint ?? "cfn-lint"})`,
  async () => {
    const root = await repository(".");
    const host = new FakeHost({ cwd: root });
    await run(["pipeline", "init", "--provider", "GitHubActions", "-e", "test"], host);
    expect(await lint([join(root, "copilot/pipelines/deploy/github-actions-role.yml")])).toEqual([]);
  },
);

test("a pipeline of CodePipeline, as Copilot names its files, which the checks find nothing wrong with", async () => {
  const root = await repository(".", "https://github.com/example/shop.git");
  const argv = ["pipeline", "init", "-n", "release", "-e", "test,prod", "-b", "main"];
  expect(await run(argv, new FakeHost({ cwd: root }))).toMatchInlineSnapshot(`
    "stdout:
    wrote copilot/pipelines/release/manifest.yml
    wrote copilot/pipelines/release/buildspec.yml

    commit and push them, then: pilotfish pipeline deploy --name release
    exit code 0"
  `);
  expect(await readFile(join(root, "copilot/pipelines/release/manifest.yml"), "utf8")).toMatchInlineSnapshot(`
    "# The pipeline release: what it is built from, and what it deploys to. Check this file with \`pilotfish validate\`.
    # All that it may hold: pilotfish docs pipeline

    # The name of the pipeline, and of its folder.
    name: release
    # The version of this file's form.
    version: 1

    # Where the code is. Each push to the branch starts the pipeline.
    source:
      provider: GitHub
      properties:
        branch: main
        repository: https://github.com/example/shop
        # A connection of CodeStar that exists, by its name. Without it the stack makes one, and somebody completes it once
        # in the console of CodePipeline.
        # connection_name: a-connection

    # What makes the templates that are deployed.
    build:
      # It has Node.js 22 and Docker.
      image: aws/codebuild/amazonlinux-x86_64-standard:5.0
      # buildspec: copilot/pipelines/release/buildspec.yml

    # The environments, one after the other.
    stages:
      - name: test
        # Somebody has to agree before anything of this stage runs.
        # requires_approval: true
        # Lines of shell that run after the deployments.
        # test_commands: [make integration-test]
      - name: prod
        # Somebody has to agree before anything of this stage runs.
        # requires_approval: true
        # Lines of shell that run after the deployments.
        # test_commands: [make integration-test]
    "
  `);
  expect(await readFile(join(root, "copilot/pipelines/release/buildspec.yml"), "utf8")).toMatchInlineSnapshot(`
    "# What the pipeline release builds: images are pushed, files uploaded, and the templates of all stages left in infrastructure/.
    version: 0.2
    phases:
      install:
        runtime-versions:
          nodejs: 22
        commands:
          - npm install --global pilotfish@0.1.0
      build:
        commands:
          - pilotfish validate
          # Your tests go here.
      post_build:
        commands:
          # What starts with a failed build would deploy half of it.
          - test "$CODEBUILD_BUILD_SUCCEEDING" = 1
          - tag=$(echo "\${CODEBUILD_BUILD_ID##*:}" | tail -c 100)
          - |
            for env in test prod; do
              for name in $(pilotfish svc ls --local --json | jq -r '.services[]?.name'); do
                pilotfish svc package -n "$name" -e "$env" --output-dir infrastructure --tag "$tag-$env" --upload-assets || exit 1
              done
              for name in $(pilotfish job ls --local --json | jq -r '.jobs[]?.name'); do
                pilotfish job package -n "$name" -e "$env" --output-dir infrastructure --tag "$tag-$env" --upload-assets || exit 1
              done
            done
    artifacts:
      files:
        - "infrastructure/*"
    "
  `);
  expect(await run(["validate"], new FakeHost({ cwd: root }))).toMatchInlineSnapshot(`
    "stdout:
    2 manifests: no problems
    exit code 0"
  `);
});

test("one that deploys environments, from CodeCommit", async () => {
  const root = await repository(".", "codecommit::eu-west-1://shop");
  await run(["pipeline", "init", "-e", "test", "-p", "Environments"], new FakeHost({ cwd: root }));
  const file = (name: string) => readFile(join(root, "copilot/pipelines/demo-trunk", name), "utf8");
  expect(await file("manifest.yml")).toMatchInlineSnapshot(`
    "# The pipeline demo-trunk: what it is built from, and what it deploys to. Check this file with \`pilotfish validate\`.
    # All that it may hold: pilotfish docs pipeline

    # The name of the pipeline, and of its folder.
    name: demo-trunk
    # The version of this file's form.
    version: 1

    # Where the code is. Each push to the branch starts the pipeline.
    source:
      provider: CodeCommit
      properties:
        branch: trunk
        repository: https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/shop/browse

    # What makes the templates that are deployed.
    build:
      # It has Node.js 22 and Docker.
      image: aws/codebuild/amazonlinux-x86_64-standard:5.0
      # buildspec: copilot/pipelines/demo-trunk/buildspec.yml

    # The environments, one after the other.
    stages:
      - name: test
        # Somebody has to agree before anything of this stage runs.
        # requires_approval: true
        # Lines of shell that run after the deployments.
        # test_commands: [make integration-test]
        deployments:
          deploy-env:
            stack_name: demo-test
            template_path: infrastructure/test.env.yml
            template_config: infrastructure/test.env.params.json
    "
  `);
  expect((await file("buildspec.yml")).split("\n").slice(-10).join("\n")).toMatchInlineSnapshot(`
    "      - test "$CODEBUILD_BUILD_SUCCEEDING" = 1
          - tag=$(echo "\${CODEBUILD_BUILD_ID##*:}" | tail -c 100)
          - |
            for env in test; do
              pilotfish env package -n "$env" --output-dir infrastructure --upload-assets || exit 1
            done
    artifacts:
      files:
        - "infrastructure/*"
    "
  `);
  expect(await run(["validate"], new FakeHost({ cwd: root }))).toMatchInlineSnapshot(`
    "stdout:
    2 manifests: no problems
    exit code 0"
  `);
});

test("without a terminal all that is missing is named; with one it is asked for", async () => {
  const root = await repository(".");
  expect(await run(["pipeline", "init"], new FakeHost({ cwd: root }))).toMatchInlineSnapshot(`
    "stderr:
    error  --environments is needed: prod,test; --url is needed: the address of the repository  (usage/missing-input)
           pilotfish pipeline init -e prod,test -u https://github.com/OWNER/REPOSITORY
    exit code 2"
  `);
  const host = new FakeHost({
    cwd: root,
    terminal: { columns: 100, rows: 30 },
    answers: ["release", "test, prod", "https://github.com/example/shop"],
  });
  expect(await run(["pipeline", "init"], host)).toMatchInlineSnapshot(`
    "asked:
    What is the name of the pipeline? (demo-trunk) release
    Which environments does it deploy to, in this order? (prod,test) test, prod
    What is the address of the repository? https://github.com/example/shop
    stdout:
    wrote copilot/pipelines/release/manifest.yml
    wrote copilot/pipelines/release/buildspec.yml

    commit and push them, then: pilotfish pipeline deploy --name release
    exit code 0"
  `);
});

test.each([
  ["--url", "https://gitlab.com/example/shop"],
  ["--git-branch", "a..b"],
  ["--environments", "test,test"],
  ["--environments", "Test"],
  ["--pipeline-type", "Everything"],
  ["--name", "two words"],
])("what makes no sense is refused: %s %s", async (flag, value) => {
  const root = await repository(".", "https://github.com/example/shop.git");
  const given = flag === "--environments" ? [] : ["-e", "test"];
  expect(await run(["pipeline", "init", ...given, flag, value], new FakeHost({ cwd: root }))).toMatchSnapshot();
});
