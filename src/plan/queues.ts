import type { ServiceManifest } from "../manifest/load.ts";
import type { Later } from "./later.ts";
import { sortedEntries, stackName } from "./names.ts";
import { seconds } from "./seconds.ts";

/** A queue of SQS, without the names that only AWS needs. Times are in seconds; what is absent is SQS's own default. */
export interface QueuePlan {
  messageRetentionPeriod?: number;
  delaySeconds?: number;
  visibilityTimeout?: number;
  /** Present on a queue that keeps the order. */
  fifo?: {
    contentBasedDeduplication?: boolean;
    deduplicationScope?: "messageGroup" | "queue";
    fifoThroughputLimit?: "perQueue" | "perMessageGroupId";
  };
  /** Where messages go that have been received this often. */
  deadLetter?: { maxReceiveCount: number; messageRetentionPeriod: number };
}

/** A topic of another service that messages come from. */
export interface SubscriptionPlan {
  service: string;
  /** As AWS has it: a FIFO topic's ends in `.fifo`. */
  topic: string;
  /** The whole name of the topic in AWS. */
  topicName: string;
  filterPolicy?: Record<string, unknown>;
  /** The key of the queue that its messages come to. */
  queueKey: string;
  /** The queue, when it is the topic's own. */
  queue?: QueuePlan;
}

/** What a Worker Service works on. */
export interface SubscribePlan {
  /** The queue that topics share, and that is there without any. */
  queue: QueuePlan;
  subscriptions: SubscriptionPlan[];
}

/** The key of the queue that topics share. Others are named after their topic: `ordersapiEventsQueue`. */
export const sharedQueue = "EventsQueue";

const twoWeeks = 1_209_600;

type Worker = Extract<ServiceManifest, { type: "Worker Service" }>;
type Queue = NonNullable<NonNullable<Worker["subscribe"]>["queue"]>;

/** The queues of a Worker Service, and whose topics fill them. */
export function subscribe(
  manifest: ServiceManifest,
  { app, env }: { app: string; env: string },
): SubscribePlan | undefined {
  if (manifest.type !== "Worker Service") return undefined;
  const { topics, queue: shared = {} } = manifest.subscribe ?? {};
  // Copilot looks at no more of it when there are no topics.
  const queue = topics === undefined ? {} : queuePlan(shared);
  return {
    queue,
    subscriptions: (topics ?? []).map(({ name, service, filter_policy: filterPolicy, queue: given = false }) => {
      const own = given === false ? undefined : queuePlan(given === true ? {} : given);
      const topic = (own ?? queue).fifo === undefined ? name : `${name}.fifo`;
      return {
        service,
        topic,
        topicName: `${stackName(app, env, service)}-${topic}`,
        ...(filterPolicy && { filterPolicy }),
        queueKey: own ? `${idOf(service, topic)}EventsQueue` : sharedQueue,
        ...(own && { queue: own }),
      };
    }),
  };
}

/** The queues of a workload by their keys, the shared one first. */
export function queueKeys({ subscriptions }: SubscribePlan): string[] {
  return [sharedQueue, ...subscriptions.flatMap(({ queue, queueKey }) => (queue ? [queueKey] : []))];
}

/** What the resources of a subscription are named after. */
export function idOf(service: string, topic: string): string {
  return `${lettersAndDigits(service)}${lettersAndDigits(topic)}`;
}

function queuePlan({ retention, delay, timeout, dead_letter: deadLetter, fifo = false }: Queue): QueuePlan {
  return {
    ...(retention !== undefined && { messageRetentionPeriod: seconds(retention) }),
    ...(delay !== undefined && { delaySeconds: seconds(delay) }),
    ...(timeout !== undefined && { visibilityTimeout: seconds(timeout) }),
    ...(fifo !== false && { fifo: fifoPlan(fifo) }),
    ...(deadLetter?.tries !== undefined && {
      deadLetter: { maxReceiveCount: deadLetter.tries, messageRetentionPeriod: twoWeeks },
    }),
  };
}

function fifoPlan(fifo: Exclude<NonNullable<Queue["fifo"]>, false>): NonNullable<QueuePlan["fifo"]> {
  if (fifo === true) return {};
  const { content_based_deduplication: byContent, deduplication_scope, throughput_limit, high_throughput } = fifo;
  const scope = high_throughput === true ? "messageGroup" : deduplication_scope;
  const limit = high_throughput === true ? "perMessageGroupId" : throughput_limit;
  return {
    ...(byContent !== undefined && { contentBasedDeduplication: byContent }),
    // The schema takes no other words.
    ...(scope !== undefined && { deduplicationScope: scope as "messageGroup" | "queue" }),
    ...(limit !== undefined && { fifoThroughputLimit: limit as "perQueue" | "perMessageGroupId" }),
  };
}

/** The variables from which the program learns its queues: the shared one, and those of topics by name, in JSON. */
export function queueVariables({ subscriptions }: SubscribePlan): { name: string; value: Later }[] {
  const own = Object.fromEntries(
    subscriptions.flatMap(({ service, topic, queue, queueKey }) =>
      queue ? [[`${lettersAndDigits(service)}${titled(lettersAndDigits(topic))}EventsQueue`, queueKey] as const] : [],
    ),
  );
  const parts = sortedEntries(own).flatMap(([name, key], i): (string | Later)[] => [
    `${i === 0 ? "{" : ","}${JSON.stringify(name)}:"`,
    { queue: key },
    '"',
  ]);
  return [
    { name: "COPILOT_QUEUE_URI", value: { queue: sharedQueue } },
    ...(parts.length > 0 ? [{ name: "COPILOT_TOPIC_QUEUE_URIS", value: { join: [...parts, "}"] } }] : []),
  ];
}

function lettersAndDigits(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, "");
}

function titled(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();
}
