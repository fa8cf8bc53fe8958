import { ref, sub } from "../intrinsics.ts";
import type { Resource, Value } from "../template.ts";
import { buildPermissions } from "./build-permissions.ts";
import { managerRoleArn, type PipelineInput } from "./pipeline-input.ts";
import { allow, assumedBy } from "./statements.ts";

/** The role of the build, which packages for every environment. */
export function buildRole(input: PipelineInput): Resource {
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      ...codeBuildRole(input),
      Policies: [
        assumeManagers(
          input,
          input.plan.stages.map(({ env }) => env),
        ),
      ],
    },
  };
}

/** The role of an action before or after the deployments to an environment. */
export function actionRole(input: PipelineInput, env: string): Resource {
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      ...codeBuildRole(input),
      Policies: [
        assumeManagers(input, [env]),
        { PolicyName: "build-role-policy", PolicyDocument: buildPermissions(input) },
      ],
    },
  };
}

export function buildPolicy(input: PipelineInput): Resource {
  return {
    Type: "AWS::IAM::Policy",
    DependsOn: "BuildProjectRole",
    Properties: {
      PolicyName: sub("${AWS::StackName}-CodeBuildPolicy"),
      Roles: [ref("BuildProjectRole")],
      PolicyDocument: buildPermissions(input),
    },
  };
}

/** What the manifest lets the build do besides. */
export function additionalPolicy({ plan: { build } }: PipelineInput): Resource | undefined {
  if (build.additionalPolicy === undefined) return undefined;
  return {
    Type: "AWS::IAM::Policy",
    Properties: {
      PolicyName: sub("${AWS::StackName}-BuildProjectAdditionalPolicy"),
      // Written in the manifest as it stands in a template.
      PolicyDocument: build.additionalPolicy as Value,
      Roles: [ref("BuildProjectRole")],
    },
  };
}

function codeBuildRole(input: PipelineInput): Record<string, Value> {
  const managed = (name: string) => `arn:${input.facts.partition}:iam::aws:policy/${name}`;
  return {
    Path: "/",
    AssumeRolePolicyDocument: assumedBy("codebuild.amazonaws.com"),
    ManagedPolicyArns: [managed("AmazonSSMReadOnlyAccess"), managed("AWSCloudFormationReadOnlyAccess")],
  };
}

function assumeManagers(input: PipelineInput, environments: readonly string[]): Value {
  const Statement = environments.map((env) => allow(["sts:AssumeRole"], managerRoleArn(input, env)));
  return { PolicyName: "assume-env-manager", PolicyDocument: { Version: "2012-10-17", Statement } };
}
