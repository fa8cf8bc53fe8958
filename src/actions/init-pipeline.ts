import { join } from "node:path";
import { UserError } from "../errors.ts";
import { remoteRepository } from "../manifest/remote-address.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { fillTemplate, yamlScalar } from "./fill-template.ts";
import { writeOnce, type WrittenOnce } from "./write-once.ts";

/** What a pipeline deploys: services and jobs, or environments. */
export type PipelineType = "Workloads" | "Environments";

export interface PipelineToInit {
  name: string;
  type: PipelineType;
  /** In the order in which they are deployed to. */
  environments: readonly string[];
  branch: string;
  /** The repository's address. */
  url: string;
}

interface Tools {
  workspace: Workspace;
  packageRoot: string;
  cwd: string;
  /** Of this program, which the pipeline installs. */
  version: string;
}

/** Writes `copilot/pipelines/NAME/manifest.yml` and `buildspec.yml`, for CodePipeline.
 *  @throws UserError usage/invalid-flag, workspace/file-exists, workspace/write-failed */
export async function initPipeline(
  pipeline: PipelineToInit,
  { workspace, packageRoot, cwd, version }: Tools,
): Promise<WrittenOnce[]> {
  const { name, type, environments, branch, url } = pipeline;
  const app = workspace.application;
  if (`pipeline-${app}-${name}`.length > 128)
    throw new UserError("usage/invalid-flag", `--name ${name}: the name of the pipeline's stack would be too long`, {
      hint: `choose one of at most ${128 - `pipeline-${app}-`.length} characters`,
    });
  const repository = remoteRepository(url);
  if (repository === undefined)
    throw new UserError("usage/invalid-flag", `--url ${url}: this is no repository that CodePipeline can read`, {
      hint: "give one of GitHub, Bitbucket or CodeCommit, such as https://github.com/OWNER/REPOSITORY",
    });
  const values = { name, version, branch: yamlScalar(branch), provider: repository.provider };
  const connection = repository.provider === "CodeCommit" ? "" : connectionLines;
  const head = await fillTemplate(
    "codepipeline.yml",
    { ...values, repository: yamlScalar(repository.address), connection },
    packageRoot,
  );
  const packages = type === "Environments" ? environmentPackages(environments) : workloadPackages(environments);
  const buildspec = await fillTemplate("codepipeline-buildspec.yml", { ...values, packages }, packageRoot);
  const folder = join(workspace.copilotDir, "pipelines", name);
  return [
    await writeOnce(
      join(folder, "manifest.yml"),
      head + environments.map((env) => stage(env, type, app)).join(""),
      cwd,
    ),
    await writeOnce(join(folder, "buildspec.yml"), buildspec, cwd),
  ];
}

const connectionLines = `    # A connection of CodeStar that exists, by its name. Without it the stack makes one, and somebody completes it once
    # in the console of CodePipeline.
    # connection_name: a-connection
`;

function stage(env: string, type: PipelineType, app: string): string {
  const lines = [
    `  - name: ${env}`,
    "    # Somebody has to agree before anything of this stage runs.",
    "    # requires_approval: true",
    "    # Lines of shell that run after the deployments.",
    `    # test_commands: [make integration-test]`,
    ...(type === "Workloads"
      ? []
      : [
          "    deployments:",
          "      deploy-env:",
          `        stack_name: ${app}-${env}`,
          `        template_path: infrastructure/${env}.env.yml`,
          `        template_config: infrastructure/${env}.env.params.json`,
        ]),
  ];
  return `${lines.join("\n")}\n`;
}

function workloadPackages(environments: readonly string[]): string {
  const loop = (noun: "svc" | "job", member: string) => [
    `          for name in $(pilotfish ${noun} ls --local --json | jq -r '.${member}[]?.name'); do`,
    `            pilotfish ${noun} package -n "$name" -e "$env" --output-dir infrastructure --tag "$tag-$env" --upload-assets || exit 1`,
    "          done",
  ];
  return [
    "      - |",
    `        for env in ${environments.join(" ")}; do`,
    ...loop("svc", "services"),
    ...loop("job", "jobs"),
    "        done",
  ].join("\n");
}

function environmentPackages(environments: readonly string[]): string {
  return [
    "      - |",
    `        for env in ${environments.join(" ")}; do`,
    '          pilotfish env package -n "$env" --output-dir infrastructure --upload-assets || exit 1',
    "        done",
  ].join("\n");
}
