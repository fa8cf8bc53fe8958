import type { BuildAction, DeployAction, PipelineSource, PipelineStage } from "../../plan/pipeline-plan.ts";
import { ref, subWith } from "../intrinsics.ts";
import type { Value } from "../template.ts";
import { connectionArn } from "./connection.ts";
import { actionProject, testProject } from "./logical-ids.ts";
import { environmentOf, type PipelineInput } from "./pipeline-input.ts";

const checkout = [{ Name: "SCCheckoutArtifact" }];
const built = [{ Name: "BuildOutput" }];

/** All that a pipeline does, in its order. A stage that deploys nothing is left out. */
export function pipelineStages(input: PipelineInput): Value[] {
  const deploying = input.plan.stages.filter(({ deployments }) => deployments.length > 0);
  return [
    { Name: "Source", Actions: [sourceAction(input)] },
    {
      Name: "Build",
      Actions: [
        {
          Name: "Build",
          ActionTypeId: actionType("Build", "CodeBuild"),
          Configuration: { ProjectName: ref("BuildProject") },
          RunOrder: 1,
          InputArtifacts: checkout,
          OutputArtifacts: built,
        },
      ],
    },
    ...deploying.map((stage) => deployStage(input, stage)),
  ];
}

function sourceAction(input: PipelineInput): Value {
  const { app, source } = input.plan;
  return {
    Name: `SourceCodeFor-${app}`,
    ...sourceConfiguration(source, connectionArn(input)),
    OutputArtifacts: checkout,
    RunOrder: 1,
  };
}

function sourceConfiguration(source: PipelineSource, connection: Value | undefined): Record<string, Value> {
  if (source.provider === "GitHubV1")
    return {
      ActionTypeId: actionType("Source", "GitHub", "ThirdParty"),
      Configuration: {
        Owner: source.owner,
        Repo: source.repository,
        Branch: source.branch,
        OAuthToken: subWith("{{resolve:secretsmanager:${SecretId}}}", { SecretId: source.tokenSecret }),
      },
    };
  const format: Record<string, Value> =
    source.outputFormat === undefined ? {} : { OutputArtifactFormat: source.outputFormat };
  if (source.provider === "CodeCommit")
    return {
      ActionTypeId: actionType("Source", "CodeCommit"),
      Configuration: { RepositoryName: source.repository, BranchName: source.branch, ...format },
    };
  return {
    ActionTypeId: actionType("Source", "CodeStarSourceConnection"),
    Configuration: {
      ...(connection !== undefined && { ConnectionArn: connection }),
      FullRepositoryId: `${source.owner}/${source.repository}`,
      BranchName: source.branch,
      ...format,
    },
  };
}

function deployStage(input: PipelineInput, stage: PipelineStage): Value {
  const { env, approval, preDeployments, deployments, postDeployments, tests } = stage;
  return {
    Name: `DeployTo-${env}`,
    Actions: [
      ...(approval === undefined
        ? []
        : [
            {
              Name: `ApprovePromotionTo-${env}`,
              ActionTypeId: actionType("Approval", "Manual"),
              RunOrder: approval.runOrder,
            },
          ]),
      ...preDeployments.map((each) => buildAction(each, actionProject("Pre", stage, each))),
      ...postDeployments.map((each) => buildAction(each, actionProject("Post", stage, each))),
      ...deployments.map((each) => deployAction(input, env, each)),
      ...(tests === undefined
        ? []
        : [
            {
              Name: "TestCommands",
              ActionTypeId: actionType("Test", "CodeBuild"),
              Configuration: { ProjectName: ref(testProject(stage)) },
              RunOrder: tests.runOrder,
              InputArtifacts: checkout,
            },
          ]),
    ],
  };
}

function buildAction({ name, runOrder }: BuildAction, project: string): Value {
  return {
    Name: name,
    RunOrder: runOrder,
    ActionTypeId: actionType("Build", "CodeBuild"),
    Configuration: { ProjectName: ref(project) },
    InputArtifacts: checkout,
    OutputArtifacts: [{ Name: `${project}Output` }],
  };
}

function deployAction(input: PipelineInput, env: string, action: DeployAction): Value {
  const { region, managerRoleArn, executionRoleArn } = environmentOf(input, env);
  return {
    Name: action.name,
    Region: region,
    ActionTypeId: actionType("Deploy", "CloudFormation"),
    Configuration: {
      ActionMode: "CREATE_UPDATE",
      StackName: action.stackName,
      Capabilities: "CAPABILITY_IAM,CAPABILITY_NAMED_IAM,CAPABILITY_AUTO_EXPAND",
      TemplatePath: `BuildOutput::${action.templatePath}`,
      TemplateConfiguration: `BuildOutput::${action.templateConfig}`,
      RoleArn: executionRoleArn,
    },
    InputArtifacts: built,
    RunOrder: action.runOrder,
    RoleArn: managerRoleArn,
  };
}

function actionType(category: string, provider: string, owner = "AWS"): Value {
  return { Category: category, Owner: owner, Version: 1, Provider: provider };
}
