import type { StackFacts } from "../cloudformation/facts.ts";
import { withPermissionsBoundary } from "../cloudformation/permissions-boundary.ts";
import { connectionParameter, unknownConnection } from "../cloudformation/pipeline/connection.ts";
import { artifactStores, type PipelineInput } from "../cloudformation/pipeline/pipeline-input.ts";
import { pipelineStackName, pipelineTags, pipelineTemplate } from "../cloudformation/pipeline/pipeline-template.ts";
import { writeTemplate } from "../cloudformation/write-template.ts";
import { type Diagnostic, UserError } from "../errors.ts";
import type { LoadedPipelineManifest } from "../manifest/load-pipeline.ts";
import { listed, quoted } from "../manifest/words.ts";
import { planPipeline } from "../plan/plan-pipeline.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { checkPipeline, inFileOrder } from "./check-pipeline.ts";
import { diagnosticAt } from "./diagnostic-at.ts";
import { findPipeline } from "./find-pipeline.ts";
import { refuseErrors } from "./load-manifest.ts";
import { type OverrideChoice, overrideTemplate } from "./override-template.ts";
import type { PackagedStack } from "./packaged-stack.ts";

export interface PackagePipelineRequest extends OverrideChoice {
  workspace: Workspace;
  name: string;
  facts: StackFacts;
  /** AWS was asked for the facts: what it does not know has to be made. */
  asked?: boolean;
}

/** The stack of a pipeline, with no network. Its environments have to be among the facts.
 *  @throws UserError workspace/pipeline-not-found, manifest/invalid, facts/invalid, environment/not-found, overrides/* */
export async function packagePipeline({
  workspace,
  name,
  facts,
  asked = false,
  ...choice
}: PackagePipelineRequest): Promise<{ stack: PackagedStack; diagnostics: Diagnostic[] }> {
  const { folder } = await findPipeline(workspace, name);
  const loaded = await checkPipeline(workspace, folder, Object.keys(facts.environments ?? {}));
  const { manifest } = loaded;
  refuseErrors(loaded.diagnostics);
  if (!manifest) throw new Error(`${name} is neither right nor wrong`);
  const plan = planPipeline({
    manifest,
    app: workspace.application,
    folder,
    workloads: await workspace.listWorkloads(),
  });
  const input: PipelineInput = { plan, facts };
  requireEnvironments(input, loaded, asked);
  const { template, diagnostics: changes } = await overrideTemplate(
    withPermissionsBoundary(pipelineTemplate(input), facts),
    { workspace, folder: `copilot/pipelines/${plan.name}/overrides` },
    choice,
  );
  const stack = {
    name: pipelineStackName(input),
    template,
    text: writeTemplate(template),
    parameters: {},
    tags: pipelineTags(input),
    templateFile: `${plan.name}.pipeline.stack.yml`,
  };
  return { stack, diagnostics: [...inFileOrder([...loaded.diagnostics, ...unknownValues(input, loaded)]), ...changes] };
}

/** @throws UserError for an environment of which nothing is known: facts/invalid, environment/not-found where AWS was asked */
function requireEnvironments({ plan, facts }: PipelineInput, loaded: LoadedPipelineManifest, asked: boolean): void {
  const unknown = plan.stages.map(({ env }) => env).filter((env) => facts.environments?.[env] === undefined);
  const [env] = unknown;
  if (env === undefined) return;
  const [noun, are, pronoun] =
    unknown.length === 1 ? ["environment", "is a stage", "it"] : ["environments", "are stages", "them"];
  const member = (name: string) =>
    `"${name}": { "account": "…", "region": "…", "managerRoleArn": "…", "executionRoleArn": "…" }`;
  const place = loaded.place(["stages", plan.stages.findIndex((stage) => stage.env === env), "name"]);
  if (asked)
    throw new UserError(
      "environment/not-found",
      `AWS does not have the ${noun} ${listed(unknown, "and")}, which ${are} of the pipeline`,
      { place, hint: `pilotfish env init --name ${env}` },
    );
  throw new UserError(
    "facts/invalid",
    `the facts do not have the ${noun} ${listed(unknown, "and")}, which ${are} of the pipeline`,
    {
      place,
      hint: `add ${pronoun}: "environments": { ${unknown.map(member).join(", ")} }`,
    },
  );
}

/** What the template needs and nobody has said. */
function unknownValues(input: PipelineInput, loaded: LoadedPipelineManifest): Diagnostic[] {
  const problem = (path: (string | number)[], message: string, hint: string) =>
    diagnosticAt(loaded, path, { severity: "warning", code: "pipeline/unknown-value", message, hint });
  const connection = unknownConnection(input);
  const regions = artifactStores(input).map(({ region }) => region);
  const unstored = input.plan.stages.flatMap(({ env }, i) => {
    const region = input.facts.environments?.[env]?.region ?? "";
    if (regions.includes(region)) return [];
    const message = `${env} is in ${region}, and CodePipeline needs a bucket there`;
    return [
      problem(
        ["stages", i, "name"],
        message,
        `give the application's: "regionalArtifacts": { "${region}": { "bucket": "…", "kmsKeyArn": "…" } }`,
      ),
    ];
  });
  if (connection === undefined) return unstored;
  const unconnected = problem(
    ["source", "properties", "connection_name"],
    `the ARN of the connection ${quoted(connection)} is not known; it is the template's parameter ${connectionParameter}`,
    `give it in the facts: "connections": { "${connection}": "arn:aws:codestar-connections:…" }`,
  );
  return [unconnected, ...unstored];
}
