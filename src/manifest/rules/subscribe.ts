import type { Path } from "../problems.ts";
import { quoted } from "../words.ts";
import { type ReadManifest, type Report, rule } from "./rule.ts";

type Worker = Extract<ReadManifest, { type?: "Worker Service" }>;
type Subscribe = NonNullable<Worker["subscribe"]>;
type Queue = NonNullable<Subscribe["queue"]>;

export function subscribeOf(manifest: ReadManifest): Subscribe | undefined {
  return manifest.type === "Worker Service" ? manifest.subscribe : undefined;
}

/** Topics are subscribed to once each; what is named after them is told apart by letters and digits alone. */
export const subscriptions = rule("subscribe/topics", ["subscribe/**"], (manifest, report) => {
  const subscribe = subscribeOf(manifest);
  const seen = new Map<string, string>();
  for (const [i, topic] of (subscribe?.topics ?? []).entries()) {
    const { name, service } = topic ?? {};
    if (name === undefined || service === undefined) continue;
    const id = `${service}${name}`.replaceAll(/[^A-Za-z0-9]/g, "");
    const here = `${service}: ${name}`;
    const other = seen.get(id);
    const at: Path = ["subscribe", "topics", i, "name"];
    if (other === here) report(at, `the topic ${quoted(name)} of ${quoted(service)} is there already`);
    else if (other !== undefined)
      report(at, `resources are named by letters and digits alone, and so this topic is one with ${quoted(other)}`, {
        hint: "publish one of the two under another name",
      });
    seen.set(id, here);
  }
  if (subscribe?.queue !== undefined && subscribe.topics === undefined)
    report("subscribe.queue", "`queue` has no effect while no topic is subscribed to", {
      hint: "add `topics`, or `topics: []` for a queue that others send to",
      severity: "warning",
    });
});

/** What SQS asks of queues. */
export const queues = rule("subscribe/queue", ["subscribe/**"], (manifest, report) => {
  const subscribe = subscribeOf(manifest);
  const at: Path = ["subscribe", "queue"];
  checkQueue(subscribe?.queue, at, report);
  for (const [i, topic] of (subscribe?.topics ?? []).entries()) {
    const own = typeof topic?.queue === "object" ? topic.queue : undefined;
    const here: Path = ["subscribe", "topics", i, "queue"];
    if (own && isEmpty(own))
      report(here, "`queue` says nothing about the queue", {
        hint: "write `queue: true` for one of the topic's own, or leave it out",
      });
    checkQueue(own, here, report);
  }
});

function checkQueue(queue: Queue | undefined, at: Path, report: Report): void {
  const { dead_letter: deadLetter, fifo } = queue ?? {};
  if (deadLetter !== undefined && deadLetter.tries === undefined)
    report([...at, "dead_letter"], "`dead_letter` says no `tries`, and so there is no queue for dead letters", {
      hint: "write `dead_letter: { tries: 10 }`",
      severity: "warning",
    });
  if (typeof fifo === "object") checkFifo(fifo, [...at, "fifo"], report);
}

function checkFifo(fifo: Exclude<NonNullable<Queue["fifo"]>, boolean>, at: Path, report: Report): void {
  const { deduplication_scope: scope, throughput_limit: limit, high_throughput: high } = fifo;
  if (isEmpty(fifo)) return report(at, "`fifo` says nothing", { hint: "write `fifo: true`, or `fifo: false`" });
  if (Object.values(fifo).every((value) => value === undefined || value === false))
    report(at, "a map makes this a FIFO queue, whatever its values are", {
      hint: "write `fifo: true`, or `fifo: false`",
      severity: "warning",
    });
  if (high === true && (scope !== undefined || limit !== undefined)) {
    const other = limit === undefined ? "deduplication_scope" : "throughput_limit";
    report([...at, "high_throughput"], `\`high_throughput\` sets \`${other}\` itself`, {
      hint: "keep one of the two",
    });
  } else if (limit === "perMessageGroupId" && scope !== "messageGroup") {
    report([...at, "throughput_limit"], "a limit per message group needs duplicates to be looked for per group, too", {
      hint: "add `deduplication_scope: messageGroup`, or write `high_throughput: true` in the place of both",
    });
  }
}

function isEmpty(map: object): boolean {
  return Object.values(map).every((value) => value === undefined);
}
