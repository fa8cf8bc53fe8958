import { join, relative, sep } from "node:path";
import { shellWord } from "../errors.ts";
import { gitRoot } from "../workspace/git.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { fillTemplate, yamlScalar } from "./fill-template.ts";
import type { PipelineToInit } from "./init-pipeline.ts";
import { remoteRepository } from "../manifest/remote-address.ts";
import { writeOnce, type WrittenOnce } from "./write-once.ts";

interface Tools {
  workspace: Workspace;
  packageRoot: string;
  cwd: string;
  /** Of this program, which the workflow installs. */
  version: string;
}

export interface WrittenWorkflow {
  files: WrittenOnce[];
  /** Makes the role that the workflow takes on. */
  roleCommand: string;
  /** Prints the ARN of that role. */
  arnCommand: string;
}

/** Writes `.github/workflows/NAME.yml`, which deploys to one environment after the other with credentials that AWS gives to
 *  the repository, and beside the workspace's pipelines the CloudFormation template of the role that it takes on.
 *  @throws UserError workspace/file-exists, workspace/write-failed */
export async function initWorkflow(
  { name, type, environments, branch, url }: Omit<PipelineToInit, "url"> & { url?: string },
  { workspace, packageRoot, cwd, version }: Tools,
): Promise<WrittenWorkflow> {
  const app = workspace.application;
  const repositoryRoot = (await gitRoot(workspace.root)) ?? workspace.root;
  const folder = relative(repositoryRoot, workspace.root).split(sep).join("/");
  const repository = url === undefined ? undefined : remoteRepository(url);
  const owned = repository?.provider === "GitHub" ? `${repository.owner}/${repository.name}` : undefined;
  const rolePath = join(workspace.copilotDir, "pipelines", name, "github-actions-role.yml");
  const stack = `${app}-github-actions`;
  const template = relative(repositoryRoot, rolePath).split(sep).join("/");
  const roleCommand = [
    `aws cloudformation deploy --stack-name ${stack} --template-file ${shellWord(template)} --capabilities CAPABILITY_IAM`,
    ...(owned === undefined ? ["--parameter-overrides Repository=OWNER/REPOSITORY"] : []),
  ].join(" ");
  const arnCommand = `aws cloudformation describe-stacks --stack-name ${stack} --query 'Stacks[0].Outputs[0].OutputValue' --output text`;
  const common = { app, name: yamlScalar(name), version };
  const head = await fillTemplate(
    "github-actions.yml",
    {
      ...common,
      branch,
      branchScalar: yamlScalar(branch),
      folder: folder === "" ? "\n" : `\ndefaults:\n  run:\n    working-directory: ${yamlScalar(folder)}\n\n`,
      roleCommand,
      arnCommand,
    },
    packageRoot,
  );
  const jobs = environments.map((env, index) =>
    fillTemplate(
      "github-actions-deploy.yml",
      {
        ...common,
        env,
        envScalar: yamlScalar(env),
        job: jobOf(env),
        needs: index === 0 ? "validate" : jobOf(environments[index - 1] ?? ""),
        deploy:
          type === "Environments"
            ? `pilotfish env deploy --name ${env}`
            : `pilotfish deploy --all --env ${env} --init-wkld`,
      },
      packageRoot,
    ),
  );
  const role = await fillTemplate(
    "github-actions-role.yml",
    {
      app,
      repositoryDefault: owned === undefined ? "" : `    Default: ${owned}`,
      managers: environments
        .map((env) => `                  - !Sub arn:\${AWS::Partition}:iam::*:role/${app}-${env}-EnvManagerRole`)
        .join("\n"),
      subjects: environments.map((env) => `                  - !Sub repo:\${Repository}:environment:${env}`).join("\n"),
    },
    packageRoot,
  );
  const workflow = join(repositoryRoot, ".github", "workflows", `${name}.yml`);
  const files = [
    await writeOnce(workflow, head + (await Promise.all(jobs)).join(""), cwd),
    await writeOnce(rolePath, role, cwd),
  ];
  return { files, roleCommand, arnCommand };
}

function jobOf(env: string): string {
  return `deploy-${env}`;
}
