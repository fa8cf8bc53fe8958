import { quoted } from "../words.ts";
import { type ReadManifest, rule } from "./rule.ts";

export const topics = rule<Pick<ReadManifest, "publish">>("publish/topics", ["publish/**"], ({ publish }, report) => {
  const seen = new Set<string>();
  for (const [i, topic] of (publish?.topics ?? []).entries()) {
    if (!topic) continue;
    const { name, fifo } = topic;
    if (
      typeof fifo === "object" &&
      Object.keys(fifo).length > 0 &&
      Object.values(fifo).every((value) => value === false)
    ) {
      report(["publish", "topics", i, "fifo"], "a map makes this a FIFO topic, whatever its values are", {
        hint: "write `fifo: true`, or `fifo: false`",
        severity: "warning",
      });
    }
    if (name === undefined) continue;
    const full = fifo ? `${name}.fifo` : name;
    if (seen.has(full)) report(["publish", "topics", i, "name"], `the topic ${quoted(full)} is there already`);
    seen.add(full);
  }
});
