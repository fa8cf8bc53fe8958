import type { Diagnostic } from "../errors.ts";
import { loadPipelineManifest, type LoadedPipelineManifest } from "../manifest/load-pipeline.ts";
import type { Path } from "../manifest/problems.ts";
import { nearest } from "../manifest/spelling.ts";
import { quoted } from "../manifest/words.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { diagnosticAt } from "./diagnostic-at.ts";

/** A pipeline's manifest, with all that is wrong with it in this workspace: what it names has to be there when the pipeline
 *  runs, which is a warning.
 *  @param known environments that are there, with or without a manifest
 *  @throws UserError workspace/invalid */
export async function checkPipeline(
  workspace: Workspace,
  folder: string,
  known: readonly string[] = [],
): Promise<LoadedPipelineManifest> {
  const source = await workspace.readPipeline(folder);
  const loaded = loadPipelineManifest(source, { app: workspace.application });
  const found = await Promise.all([
    missingBuildspecs(loaded, workspace, folder),
    unknownWorkloads(loaded, workspace),
    unknownEnvironments(loaded, workspace, known),
  ]);
  return { ...loaded, diagnostics: inFileOrder([...loaded.diagnostics, ...found.flat()]) };
}

/** Of one file. */
export function inFileOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** The files with what is run. CodeBuild reads them from the repository. */
async function missingBuildspecs(
  loaded: LoadedPipelineManifest,
  { files }: Workspace,
  folder: string,
): Promise<Diagnostic[]> {
  const { build, stages = [] } = loaded.readable;
  const actions = stages.flatMap((stage, i) =>
    (["pre_deployments", "post_deployments"] as const).flatMap((group) =>
      Object.entries(stage?.[group] ?? {}).map(([name, action]): [Path, string | undefined] => [
        ["stages", i, group, name, "buildspec"],
        action?.buildspec,
      ]),
    ),
  );
  const named: [Path, string | undefined][] = [
    [["build", "buildspec"], build?.buildspec || `${folder}/buildspec.yml`],
    ...actions,
  ];
  const checked = named.map(async ([at, path]) => {
    if (path === undefined || (await files.look(path)).kind === "file") return [];
    return diagnosticAt(loaded, at, {
      severity: "warning",
      code: "files/missing",
      message: `there is no buildspec ${quoted(path)}, and the pipeline runs what it holds`,
      hint: "paths in a manifest start at the folder that holds `copilot`",
    });
  });
  return (await Promise.all(checked)).flat();
}

/** Deployments of which nothing here makes the template. */
async function unknownWorkloads(loaded: LoadedPipelineManifest, workspace: Workspace): Promise<Diagnostic[]> {
  const workloads = await workspace.listWorkloads();
  const { stages = [] } = loaded.readable;
  return stages.flatMap((stage, i) => {
    const { name: env = "", deployments = {} } = stage ?? {};
    const unknown = Object.entries(deployments).filter(
      ([name, each]) => !workloads.includes(name) && !each?.template_path,
    );
    const warnings = unknown.map(([name]) => {
      const meant = nearest(name, workloads);
      return diagnosticAt(loaded, ["stages", i, "deployments", name], {
        severity: "warning",
        code: "pipeline/deployment",
        message: `the workspace has no workload ${quoted(name)}`,
        hint:
          meant === undefined
            ? `the build has to write infrastructure/${name}-${env}.stack.yml, or say what it writes: \`template_path\``
            : `did you mean ${quoted(meant)}?`,
      });
    });
    if (Object.keys(deployments).length > 0 || workloads.length > 0) return warnings;
    return diagnosticAt(loaded, ["stages", i, "name"], {
      severity: "warning",
      code: "pipeline/nothing-to-deploy",
      message: "this stage is not part of the pipeline: it names no deployment, and the workspace has no workload",
    });
  });
}

/** Environments may be without a manifest; where others have one, a name may be misspelt. */
async function unknownEnvironments(
  loaded: LoadedPipelineManifest,
  workspace: Workspace,
  known: readonly string[],
): Promise<Diagnostic[]> {
  const written = await workspace.listEnvironments();
  if (written.length === 0) return [];
  const environments = [...written, ...known];
  return (loaded.readable.stages ?? []).flatMap((stage, i) => {
    const { name } = stage ?? {};
    if (name === undefined || environments.includes(name)) return [];
    const meant = nearest(name, environments);
    return diagnosticAt(loaded, ["stages", i, "name"], {
      severity: "warning",
      code: "pipeline/environment",
      message: `the workspace has no environment ${quoted(name)}`,
      hint:
        meant === undefined
          ? `there is no copilot/environments/${name}/manifest.yml`
          : `did you mean ${quoted(meant)}?`,
    });
  });
}
