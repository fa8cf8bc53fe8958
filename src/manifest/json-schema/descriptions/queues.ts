import { type Descriptions, under } from "../description.ts";

const queue: Descriptions = {
  retention: { about: "How long messages are kept, 60s to 336h.", default: "96h" },
  delay: { about: "How long a message waits before anyone can have it, 15m at most.", default: "0s" },
  timeout: {
    about: "How long a message that a task works on is hidden from the others, 12h at most.",
    default: "30s",
  },
  dead_letter: "Where messages go that nobody can work off. Without it, they are tried until their retention ends.",
  "dead_letter.tries": "After so many tries, a message goes to the dead letters, 1 to 1000.",
  fifo: {
    about: "Whether the queue keeps the order of its messages. Its topics are FIFO topics then.",
    default: false,
  },
  "fifo.content_based_deduplication": {
    about: "Whether two messages with the same content count as one.",
    default: false,
  },
  "fifo.deduplication_scope": "Where SQS looks for duplicates: in the whole queue, or in each group of messages.",
  "fifo.throughput_limit": "What the limit on throughput counts: the whole queue, or each group of messages.",
  "fifo.high_throughput": {
    about: "More messages a second, in order within each group; in the place of the two others.",
    default: false,
  },
};

/** What a Worker Service listens to. */
export const subscribe: Descriptions = {
  "": "The topics that the service listens to, and the queues that it finds their messages in.",
  topics: "Topics of other workloads of the application.",
  "topics.name": "The topic's name, as its workload's `publish.topics` says it.",
  "topics.service": "The workload that publishes to it.",
  "topics.filter_policy":
    "Which messages come to the queue, by their attributes: a filter policy of SNS. Without it: all of them.",
  "topics.filter_policy.*": "The values that this attribute may have.",
  "topics.queue": {
    about: "Whether the topic has a queue of its own: `true`, or more about it. Without it: the shared queue.",
    default: false,
  },
  ...under("topics.queue", queue),
  queue: "The queue that topics without one of their own share. Its address is in COPILOT_QUEUE_URI.",
  ...under("queue", queue),
};
