import { getAtt, ref } from "../intrinsics.ts";
import { present, type Resource, type Template, templateVersion } from "../template.ts";
import { actionProjects, buildProject, testProjects } from "./build-projects.ts";
import { additionalPolicy, buildPolicy, buildRole } from "./build-roles.ts";
import { connectionOutputs, connectionParameters, sourceConnection } from "./connection.ts";
import { artifactStores, type PipelineInput } from "./pipeline-input.ts";
import { pipelinePolicy, pipelineRole } from "./pipeline-role.ts";
import { pipelineStages } from "./stages.ts";

/** The stack of a pipeline, with Copilot's logical IDs. Names, accounts and roles stand in it as they are: it has no
 *  parameters but what is not known. */
export function pipelineTemplate(input: PipelineInput): Template {
  const { plan } = input;
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `CodePipeline for ${plan.app}`,
    Metadata: { Version: templateVersion },
    Parameters: connectionParameters(input),
    Conditions: {},
    Resources: present({
      SourceConnection: sourceConnection(plan.source),
      BuildProjectRole: buildRole(input),
      BuildProjectPolicy: buildPolicy(input),
      BuildProjectAdditionalPolicy: additionalPolicy(input),
      BuildProject: buildProject(input),
      ...testProjects(input),
      ...actionProjects(input),
      PipelineRole: pipelineRole(),
      PipelineRolePolicy: pipelinePolicy(input),
      Pipeline: pipeline(input),
    }),
    Outputs: connectionOutputs(input),
  };
}

/** The tags of the stack. One without the name of its pipeline is taken for one that Copilot made before it named stacks
 *  after applications. */
export function pipelineTags(input: PipelineInput): Record<string, string> {
  const { app, name } = input.plan;
  const own = { "copilot-application": app, ...(!isLegacy(input) && { "copilot-pipeline": name }) };
  return { ...input.facts.tags, ...own };
}

/** What the pipeline's stack is called. */
export function pipelineStackName(input: PipelineInput): string {
  const { app, name } = input.plan;
  return isLegacy(input) ? name : `pipeline-${app}-${name}`;
}

function isLegacy({ plan, facts }: PipelineInput): boolean {
  return facts.legacyPipelines?.includes(plan.name) ?? false;
}

function pipeline(input: PipelineInput): Resource {
  return {
    Type: "AWS::CodePipeline::Pipeline",
    DependsOn: ["PipelineRole", "PipelineRolePolicy"],
    Properties: {
      ArtifactStores: artifactStores(input).map(({ region, bucket, kmsKeyArn }) => ({
        Region: region,
        ArtifactStore: { Type: "S3", Location: bucket, EncryptionKey: { Id: kmsKeyArn, Type: "KMS" } },
      })),
      RoleArn: getAtt("PipelineRole.Arn"),
      ...(isLegacy(input) && { Name: ref("AWS::StackName") }),
      Stages: pipelineStages(input),
    },
  };
}
