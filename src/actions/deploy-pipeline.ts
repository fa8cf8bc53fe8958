import type { StackFacts } from "../cloudformation/facts.ts";
import { connectionParameter } from "../cloudformation/pipeline/connection.ts";
import { type Diagnostic, UserError } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import type { StackOutcome } from "../providers/account/stacks.ts";
import type { OverrideChoice } from "./override-template.ts";
import type { Workspace } from "./open-workspace.ts";
import { packagePipeline } from "./package-pipeline.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import { type StackUpdateEvent, updateStack } from "./update-stack.ts";

export interface PipelineToDeploy extends OverrideChoice {
  workspace: Workspace;
  name: string;
}

export interface ReadyPipeline {
  stack: PackagedStack;
  facts: StackFacts;
  diagnostics: Diagnostic[];
  /** Whether its stack is there. */
  exists: boolean;
}

/** A pipeline as it would be deployed. AWS is asked, and nothing is changed.
 *  @throws UserError as packagePipeline, pipeline/incomplete, aws/* */
export async function preparePipeline(
  { workspace, name, ...choice }: PipelineToDeploy,
  { account }: { account: Account },
): Promise<ReadyPipeline> {
  const facts = await account.facts.ofPipeline({ app: workspace.application, pipeline: name, withTemplates: true });
  const { stack, diagnostics } = await packagePipeline({ workspace, name, facts, asked: true, ...choice });
  const deployed = facts.stacks?.[stack.name];
  const known = Object.entries(deployed?.parameters ?? {}).filter(([key]) => key in (stack.template.Parameters ?? {}));
  const parameters = { ...Object.fromEntries(known), ...stack.parameters };
  const isUnknown = ({ code, path }: Diagnostic) =>
    code === "pipeline/unknown-value" && !(path.startsWith("source") && connectionParameter in parameters);
  const unknown = diagnostics.filter(isUnknown);
  if (unknown.length > 0) throw incomplete(unknown);
  const told = diagnostics.filter(({ code }) => code !== "pipeline/unknown-value");
  return { stack: { ...stack, parameters }, facts, diagnostics: told, exists: deployed !== undefined };
}

/** Brings a pipeline's stack to what was prepared, in the application's account and region.
 *  @throws UserError stack/*, aws/* */
export async function* deployPipeline(
  { stack, facts }: ReadyPipeline,
  { account }: { account: Account },
  signal: AbortSignal,
): AsyncGenerator<StackUpdateEvent, StackOutcome, void> {
  const updated = yield* updateStack({ stack, where: {}, bucket: facts.artifacts.bucket }, { account }, signal);
  // Without a lock nobody is waited for.
  if (updated.outcome === "stale") throw new Error(`${stack.name} is stale without a lock`);
  return updated;
}

/** What the template needs and AWS has not said. */
function incomplete(unknown: readonly Diagnostic[]): UserError {
  const diagnostics = unknown.map((each): Diagnostic => ({ ...each, severity: "error", hint: hintFor(each) }));
  return new UserError(
    "pipeline/incomplete",
    "the pipeline cannot be deployed: not everything that it needs is known",
    {
      diagnostics,
    },
  );
}

function hintFor({ path, message }: Diagnostic): string {
  if (path.startsWith("source"))
    return "write `connection_arn` with its ARN in the place of `connection_name`: aws codestar-connections list-connections";
  const env = /^(\S+) is in /.exec(message)?.[1] ?? "";
  return `pilotfish env init --name ${env}`;
}
