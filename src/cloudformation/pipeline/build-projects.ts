import type { BuildAction, PipelineStage } from "../../plan/pipeline-plan.ts";
import { defaultBuildImage } from "../../plan/plan-pipeline.ts";
import { getAtt, importValue, ref, sub } from "../intrinsics.ts";
import type { Resource, Resources, Value } from "../template.ts";
import { actionProject, testProject } from "./logical-ids.ts";
import type { PipelineInput } from "./pipeline-input.ts";
import { actionRole } from "./build-roles.ts";
import { testBuildspec } from "./test-buildspec.ts";

/** What builds images and packages templates. */
export function buildProject({ plan: { app, build } }: PipelineInput): Resource {
  const { image, environmentType, buildspec } = build;
  return project(app, "BuildProjectRole", {
    Name: sub("${AWS::StackName}-BuildProject"),
    Description: sub("Build for ${AWS::StackName}"),
    ...onSource({ image, type: environmentType, buildspec }),
  });
}

/** What runs the test commands of stages. */
export function testProjects({ plan: { app, stages } }: PipelineInput): Resources {
  const withTests = stages.flatMap((stage) => (stage.tests ? [{ stage, commands: stage.tests.commands }] : []));
  return Object.fromEntries(
    withTests.map(({ stage, commands }) => [
      testProject(stage),
      project(app, "BuildProjectRole", {
        Artifacts: { Type: "NO_ARTIFACTS" },
        Environment: environment(defaultBuildImage, "LINUX_CONTAINER"),
        Source: { Type: "NO_SOURCE", BuildSpec: testBuildspec(commands) },
      }),
    ]),
  );
}

/** What runs before and after the deployments of stages, each with a role of its own. The build's image does not count. */
export function actionProjects(input: PipelineInput): Resources {
  const { app, stages } = input.plan;
  const of = (when: "Pre" | "Post", stage: PipelineStage, actions: readonly BuildAction[]) =>
    actions.flatMap((action): [string, Resource][] => {
      const id = actionProject(when, stage, action);
      const role = `${id}BuildProjectRole`;
      const source = onSource({
        image: defaultBuildImage,
        type: "LINUX_CONTAINER",
        buildspec: action.buildspec,
        variables: { COPILOT_APPLICATION_NAME: app, COPILOT_ENVIRONMENT_NAME: stage.env },
      });
      return [
        [role, actionRole(input, stage.env)],
        [id, project(app, role, source)],
      ];
    });
  return Object.fromEntries([
    ...stages.flatMap((stage) => of("Pre", stage, stage.preDeployments)),
    ...stages.flatMap((stage) => of("Post", stage, stage.postDeployments)),
  ]);
}

function project(app: string, role: string, properties: Record<string, Value>): Resource {
  return {
    Type: "AWS::CodeBuild::Project",
    Properties: {
      EncryptionKey: importValue(`${app}-ArtifactKey`),
      ServiceRole: getAtt(`${role}.Arn`),
      ...properties,
    },
  };
}

/** A build that starts from what the pipeline hands to it. */
function onSource({
  image,
  type,
  buildspec,
  variables = {},
}: {
  image: string;
  type: string;
  buildspec: string;
  variables?: Record<string, string>;
}): Record<string, Value> {
  return {
    Artifacts: { Type: "CODEPIPELINE" },
    Cache: { Modes: ["LOCAL_DOCKER_LAYER_CACHE"], Type: "LOCAL" },
    Environment: {
      ...environment(image, type),
      EnvironmentVariables: [
        { Name: "AWS_ACCOUNT_ID", Value: sub("${AWS::AccountId}") },
        { Name: "PARTITION", Value: ref("AWS::Partition") },
        ...Object.entries(variables).map(([name, value]) => ({ Name: name, Value: value })),
      ],
    },
    Source: { Type: "CODEPIPELINE", BuildSpec: buildspec },
    TimeoutInMinutes: 60,
  };
}

function environment(image: string, type: string): Record<string, Value> {
  return { Type: type, ComputeType: "BUILD_GENERAL1_SMALL", PrivilegedMode: true, Image: image };
}
