/** A pipeline that builds what a repository holds, and deploys it to one environment after the other. */
export interface PipelinePlan {
  app: string;
  name: string;
  source: PipelineSource;
  build: PipelineBuild;
  /** In the order in which they run; one without deployments is not part of the pipeline, and its projects are made. */
  stages: PipelineStage[];
}

export type PipelineSource = TokenSource | ConnectionSource | CodeCommitSource;

/** GitHub with a token of a person. */
export interface TokenSource {
  provider: "GitHubV1";
  owner: string;
  repository: string;
  branch: string;
  /** The name of the secret that holds the token. */
  tokenSecret: string;
}

export interface ConnectionSource {
  provider: "GitHub" | "Bitbucket";
  owner: string;
  repository: string;
  branch: string;
  /** One that exists, by its name or its ARN, or the name of one to be made. */
  connection: { arn: string } | { existing: string } | { made: string };
  outputFormat?: string;
}

export interface CodeCommitSource {
  provider: "CodeCommit";
  repository: string;
  branch: string;
  outputFormat?: string;
}

/** What runs in a container of CodeBuild. */
export interface PipelineBuild {
  image: string;
  environmentType: "LINUX_CONTAINER" | "ARM_CONTAINER";
  /** From the repository's root. */
  buildspec: string;
  /** What it may do besides, in IAM's words; functions of CloudFormation may stand in it. */
  additionalPolicy?: unknown;
}

/** Actions with the same run order run side by side. */
export interface PipelineStage {
  env: string;
  approval?: { runOrder: number };
  preDeployments: BuildAction[];
  deployments: DeployAction[];
  postDeployments: BuildAction[];
  tests?: { commands: string[]; runOrder: number };
}

export interface BuildAction {
  name: string;
  buildspec: string;
  runOrder: number;
}

export interface DeployAction {
  name: string;
  stackName: string;
  /** In what the build puts out. */
  templatePath: string;
  templateConfig: string;
  runOrder: number;
}
