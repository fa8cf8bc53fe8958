import { type Descriptions, under } from "../description.ts";

const actions = (when: string): Descriptions => ({
  "": `What runs ${when} the deployments of the stage, each in a build project of its own.`,
  "*": "An action, by the name that it has in the pipeline.",
  "*.buildspec": {
    about: "The file with the commands, seen from the workspace's root.",
    examples: ["copilot/pipelines/release/migrate.yml"],
  },
  "*.depends_on": "The other actions of this group that come before it.",
});

export const pipelineManifest: Descriptions = {
  name: "The pipeline's name, and part of the name of its stack.",
  version: "The version of this form of manifest.",
  source: "Where the code is.",
  "source.provider": "Who keeps it. GitHubV1 is GitHub with a token of a person.",
  "source.properties": "Which repository, and how it is reached.",
  "source.properties.branch": { about: "The branch to watch.", default: "main" },
  "source.properties.repository": {
    about: "The repository's address.",
    examples: [
      "https://github.com/OWNER/REPOSITORY",
      "https://bitbucket.org/OWNER/REPOSITORY",
      "https://REGION.console.aws.amazon.com/codesuite/codecommit/repositories/REPOSITORY/browse",
    ],
  },
  "source.properties.access_token_secret": "The secret in Secrets Manager that holds a token of GitHub's.",
  "source.properties.connection_name": "A connection that exists. Without one, the stack makes one.",
  "source.properties.connection_arn": "The same connection by its ARN.",
  "source.properties.output_artifact_format": "What the build is given: a ZIP file, or a clone with its history.",
  build: "What builds images and packages templates.",
  "build.image": {
    about: "The image that the build runs in; with `aarch64` in its name, on ARM.",
    default: "aws/codebuild/amazonlinux2-x86_64-standard:5.0",
  },
  "build.buildspec":
    "The file with the build's commands, seen from the workspace's root. Without it: buildspec.yml beside the manifest.",
  "build.additional_policy": "What the build may do besides.",
  "build.additional_policy.PolicyDocument": "A policy in IAM's words; functions of CloudFormation may stand in it.",
  stages: "The environments, in the order in which they are deployed to.",
  "stages.name": "The environment.",
  "stages.requires_approval": { about: "Whether somebody has to agree first.", default: false },
  ...under("stages.pre_deployments", actions("before")),
  "stages.deployments": "What is deployed. Without it: every workload of the workspace, side by side.",
  "stages.deployments.*": "A workload, or a stack with a name and a template of its own.",
  "stages.deployments.*.stack_name": "The name of the stack. Without it: APPLICATION-ENVIRONMENT-NAME.",
  "stages.deployments.*.template_path":
    "The template in what the build puts out. Without it: infrastructure/NAME-ENVIRONMENT.stack.yml.",
  "stages.deployments.*.template_config":
    "Its parameters and tags. Without it: infrastructure/NAME-ENVIRONMENT.params.json.",
  "stages.deployments.*.depends_on": "The other deployments of the stage that come before it.",
  ...under("stages.post_deployments", actions("after")),
  "stages.test_commands": {
    about: "Lines of shell that run after the deployments, in the place of `post_deployments`.",
    examples: [["make integration-test"]],
  },
};
