import type { TaskPlace } from "../../task-groups.ts";
import { openEnvironment, type ReadingTools } from "../services/find-workload.ts";

/** The groups whose stacks are tagged with an environment, or with none, whichever tool has made them. */
export async function listGroups(place: TaskPlace, tools: ReadingTools): Promise<string[]> {
  const isOurs = place.app !== undefined;
  const tags: Record<string, string> = isOurs
    ? { "copilot-application": place.app, "copilot-environment": place.env }
    : {};
  const where = isOurs ? (await openEnvironment(place, tools)).where : {};
  const stacks = await tools.stacks.listByTags(tags, where);
  const here = isOurs ? stacks : stacks.filter((stack) => stack.tags["copilot-environment"] === undefined);
  return here.flatMap((stack) => stack.tags["copilot-task"] ?? []).toSorted();
}
