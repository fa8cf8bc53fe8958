import type { PipelineDescription, PipelineState } from "../../providers/account/pipelines.ts";
import { clean } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { section } from "./section.ts";

export interface ShownPipeline extends PipelineDescription {
  name: string;
  app: string;
  stack: string;
  resources?: { logicalId: string; type: string; physicalId: string }[];
}

/** What a pipeline consists of: about it, stage by stage, and what its stack has made. */
export function renderPipeline(shown: ShownPipeline, paint: Paint): string[] {
  const { name, app, stack, pipelineName, region, account, createdAt, updatedAt, stages, resources = [] } = shown;
  const about = [
    ["application", app],
    ["pipeline", pipelineName],
    ["stack", stack],
    ["account", `${account}, ${region}`],
    ...(createdAt === undefined ? [] : [["created", createdAt]]),
    ...(updatedAt === undefined ? [] : [["updated", updatedAt]]),
  ];
  const actions = stages.flatMap(({ name: stage, actions: all }) =>
    all.map((action, index) => [
      index === 0 ? stage : "",
      action.name,
      action.category,
      action.provider,
      action.details,
    ]),
  );
  return [
    paint.bold(clean(name)),
    ...section("about", about, paint),
    ...section("stages", actions, paint),
    ...section(
      "resources",
      resources.map(({ type, logicalId, physicalId }) => [type, logicalId, physicalId]),
      paint,
    ),
  ];
}

/** How the stages of a pipeline have come along: a row for each action. */
export function renderPipelineState(shown: PipelineState & { name: string }, paint: Paint): string[] {
  const rows = shown.stages.flatMap(({ name, transition, actions }) => {
    const stage = transition === "DISABLED" ? `${name} (stopped before)` : name;
    const own = actions.map(({ name: action, status = "-", changedAt = "", message = "" }, index) => [
      index === 0 ? stage : "",
      action,
      status,
      changedAt,
      message,
    ]);
    return own.length === 0 ? [[stage, "", "-"]] : own;
  });
  return [paint.bold(clean(shown.name)), ...section("stages", rows, paint)];
}
