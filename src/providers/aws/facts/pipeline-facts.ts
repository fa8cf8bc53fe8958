import type { StackFacts } from "../../../cloudformation/facts.ts";
import type { PipelineFactsRequest } from "../../account/facts.ts";
import type { StackDescription } from "../../account/stacks.ts";
import { applicationFacts } from "./application-facts.ts";
import { deployedStacks } from "./deployed-stacks.ts";
import type { FactsTools } from "./facts-tools.ts";
import { applicationNotFound, withoutBucket } from "./not-found.ts";

/** What AWS knows of all environments of an application, and of the stack of a pipeline. */
export async function pipelineFacts(
  { app, pipeline, withTemplates = false }: PipelineFactsRequest,
  tools: FactsTools,
): Promise<StackFacts> {
  const { session, stacks } = tools;
  const { region, partition } = session;
  const [application, buckets, named, older] = await Promise.all([
    applicationFacts(app, {}, tools),
    tools.artifacts(app),
    stacks.describe(`pipeline-${app}-${pipeline}`, {}),
    stacks.describe(pipeline, {}),
  ]);
  if (application === undefined) throw await applicationNotFound(app, tools);
  const { [region]: artifacts, ...regionalArtifacts } = buckets;
  if (artifacts === undefined) throw withoutBucket(app, region);
  const legacy = isLegacy(older, app) ? older : undefined;
  const facts: StackFacts = {
    ...application,
    region,
    partition,
    artifacts,
    regionalArtifacts,
    ...(legacy && { legacyPipelines: [pipeline] }),
  };
  if (!withTemplates) return facts;
  return { ...facts, stacks: await deployedStacks([{ stack: legacy ?? named, where: {} }], stacks) };
}

/** Whether a stack is that of a pipeline, from before Copilot named them after applications: its tags do not name it. */
function isLegacy(stack: StackDescription | undefined, app: string): boolean {
  const { tags = {} } = stack ?? {};
  const others = ["copilot-pipeline", "copilot-environment", "copilot-service"];
  return tags["copilot-application"] === app && others.every((tag) => tags[tag] === undefined);
}
