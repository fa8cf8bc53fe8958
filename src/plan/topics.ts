import type { TaskManifest } from "../manifest/load.ts";
import type { Later } from "./later.ts";
import { sortedEntries, stackName } from "./names.ts";
import type { TopicPlan } from "./workload-plan.ts";

interface Named {
  manifest: Pick<TaskManifest, "name" | "publish">;
  app: string;
  env: string;
}

/** The topics that the workload publishes to, named after its stack. */
export function topics({ manifest, app, env }: Named): TopicPlan[] {
  return (manifest.publish?.topics ?? []).map(({ name, fifo = false }) => ({
    name,
    topicName: `${stackName(app, env, manifest.name)}-${name}${fifo ? ".fifo" : ""}`,
    fifo: fifo !== false,
    ...(typeof fifo === "object" && { contentBasedDeduplication: fifo.content_based_deduplication }),
  }));
}

/** The variable from which the program learns its topics: their ARNs by name, in JSON. */
export function topicArns(named: Named): Later | undefined {
  const all = topics(named);
  if (all.length === 0) return undefined;
  const byKey = Object.fromEntries(all.map((topic) => [topic.fifo ? `${topic.name}.fifo` : topic.name, topic]));
  const parts = sortedEntries(byKey).flatMap(([key, { topicName }], i): (string | Later)[] => [
    `${i === 0 ? "{" : ","}${JSON.stringify(key)}:"arn:`,
    { ref: "partition" },
    ":sns:",
    { ref: "region" },
    ":",
    { ref: "account" },
    `:${topicName}"`,
  ]);
  return { join: [...parts, "}"] };
}
