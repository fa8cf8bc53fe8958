import type { PipelineManifest } from "../manifest/load-pipeline.ts";
import { parseRepository } from "../manifest/repository.ts";
import { providerMeant } from "../manifest/rules/pipeline-source.ts";
import { ranksOf } from "../manifest/run-order.ts";
import { sortedEntries, stackName } from "./names.ts";
import type {
  BuildAction,
  ConnectionSource,
  DeployAction,
  PipelineBuild,
  PipelinePlan,
  PipelineSource,
  PipelineStage,
} from "./pipeline-plan.ts";

export interface PipelineToPlan {
  /** Checked: it has no errors left. */
  manifest: PipelineManifest;
  app: string;
  /** The folder that holds the manifest, from the repository's root. */
  folder: string;
  /** The workloads of the workspace, which a stage deploys that names none. */
  workloads: readonly string[];
}

/** Everything that a pipeline is, with Copilot's defaults. Pure. */
export function planPipeline({ manifest, app, folder, workloads }: PipelineToPlan): PipelinePlan {
  return {
    app,
    name: manifest.name,
    source: sourceOf(manifest.source),
    build: buildOf(manifest, folder),
    stages: manifest.stages.map((stage) => stageOf(stage, app, workloads)),
  };
}

export const defaultBuildImage = "aws/codebuild/amazonlinux2-x86_64-standard:5.0";

function sourceOf(source: PipelineManifest["source"]): PipelineSource {
  const provider = providerMeant(source) ?? "GitHub";
  const { branch = "main", repository: address, access_token_secret: tokenSecret = "" } = source.properties;
  const { owner, name: repository } = parseRepository(provider, address) ?? { owner: "", name: address };
  if (provider === "GitHubV1") return { provider, owner, repository, branch, tokenSecret };
  const format = source.properties.output_artifact_format;
  const output = format === undefined ? {} : { outputFormat: format };
  if (provider === "CodeCommit") return { provider, repository, branch, ...output };
  const connection = connectionOf(source.properties, { owner, repository });
  return { provider, owner, repository, branch, connection, ...output };
}

/** The name of a connection has 32 characters at most. */
function connectionOf(
  { connection_name: existing, connection_arn: arn }: PipelineManifest["source"]["properties"],
  { owner, repository }: { owner: string; repository: string },
): ConnectionSource["connection"] {
  if (existing) return { existing };
  if (arn) return { arn };
  return { made: `copilot-${owner.slice(0, 5)}-${repository.slice(0, 18)}` };
}

function buildOf({ build = {} }: PipelineManifest, folder: string): PipelineBuild {
  const image = build.image || defaultBuildImage;
  const policy = build.additional_policy?.PolicyDocument;
  return {
    image,
    environmentType: image.includes("aarch64") ? "ARM_CONTAINER" : "LINUX_CONTAINER",
    buildspec: build.buildspec || `${folder}/buildspec.yml`,
    ...(policy !== undefined && { additionalPolicy: policy }),
  };
}

type StageManifest = PipelineManifest["stages"][number];

/** An approval, then what precedes deployments, then these, then what follows them: each waits for all before it. */
function stageOf(stage: StageManifest, app: string, workloads: readonly string[]): PipelineStage {
  const { name: env, requires_approval: needsApproval = false, test_commands: commands = [] } = stage;
  const approved = needsApproval ? 1 : 0;
  const preDeployments = buildActions(stage.pre_deployments, approved + 1);
  const prepared = last(preDeployments, approved);
  const deployments = deployActions(stage, { app, workloads }, prepared + 1);
  const deployed = last(deployments, prepared);
  return {
    env,
    ...(needsApproval && { approval: { runOrder: 1 } }),
    preDeployments,
    deployments,
    postDeployments: buildActions(stage.post_deployments, deployed + 1),
    ...(commands.length > 0 && { tests: { commands, runOrder: deployed + 1 } }),
  };
}

function last(actions: readonly { runOrder: number }[], before: number): number {
  return actions.reduce((most, { runOrder }) => Math.max(most, runOrder), before);
}

function buildActions(actions: StageManifest["pre_deployments"], first: number): BuildAction[] {
  const ranks = ranksOf(waitingOf(actions));
  return sortedEntries(actions).map(([name, { buildspec }]) => ({
    name,
    buildspec,
    runOrder: first + (ranks.get(name) ?? 0),
  }));
}

/** In the order of the actions' own names. */
function deployActions(
  { name: env, deployments: given = {} }: StageManifest,
  { app, workloads }: { app: string; workloads: readonly string[] },
  first: number,
): DeployAction[] {
  const isGiven = Object.keys(given).length > 0;
  const all: typeof given = isGiven ? given : Object.fromEntries(workloads.map((name) => [name, {}]));
  const ranks = ranksOf(waitingOf(all));
  const actions = Object.entries(all).map(([name, each]): [string, DeployAction] => [
    `CreateOrUpdate-${name}-${env}`,
    {
      name: `CreateOrUpdate-${name}-${env}`,
      stackName: each.stack_name || stackName(app, env, name),
      templatePath: each.template_path || `infrastructure/${name}-${env}.stack.yml`,
      templateConfig: each.template_config || `infrastructure/${name}-${env}.params.json`,
      runOrder: first + (ranks.get(name) ?? 0),
    },
  ]);
  return sortedEntries(Object.fromEntries(actions)).map(([, action]) => action);
}

function waitingOf(group: Readonly<Record<string, { depends_on?: string[] }>> = {}) {
  return Object.fromEntries(Object.entries(group).map(([name, { depends_on: names = [] }]) => [name, names]));
}
