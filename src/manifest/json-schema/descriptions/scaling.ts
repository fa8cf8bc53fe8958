import { type Descriptions, under } from "../description.ts";

/** How many tasks run, and how new ones replace old ones. */

const cooldown: Descriptions = {
  "": "How long after a change the number of tasks stays as it is.",
  in: { about: "The pause before there are fewer.", default: "120s" },
  out: { about: "The pause before there are more.", default: "60s" },
};

const metric = (about: string): Descriptions => ({ "": about, value: about, ...under("cooldown", cooldown) });

const scaled: Descriptions = {
  "": {
    about: "How many tasks run: a number, `spot` for so many on Fargate Spot, or `range` with something to follow.",
    default: 1,
  },
  spot: "How many tasks run, all on Fargate Spot.",
  range: { about: "The least and the greatest number of tasks.", examples: ["1-10"] },
  "range.min": "The least number of tasks.",
  "range.max": "The greatest number of tasks.",
  "range.spot_from": "From this task on, tasks run on Fargate Spot.",
  ...under("cooldown", cooldown),
  ...under("cpu_percentage", metric("How much of its CPU a task should use on average, in per cent.")),
  ...under("memory_percentage", metric("How much of its memory a task should use on average, in per cent.")),
};

const rollbackAlarms: Descriptions = {
  "": "Which alarms roll a deployment back: names of alarms, or thresholds for alarms that are made.",
  cpu_utilization: "The deployment is rolled back when the tasks use more of their CPU, in per cent.",
  memory_utilization: "The deployment is rolled back when the tasks use more of their memory, in per cent.",
};

const deployment: Descriptions = {
  "": "How new tasks replace old ones.",
  rolling: {
    about: "`default` starts new tasks before it stops old ones; `recreate` stops the old ones first.",
    default: "default",
  },
  ...under("rollback_alarms", rollbackAlarms),
};

/** Of a service behind a load balancer. */
export const serviceScaling: Descriptions = {
  ...under("count", scaled),
  ...under("count.requests", metric("How many requests a minute a task should get.")),
  ...under("count.response_time", metric("How long an answer should take, such as 500ms.")),
  ...under("deployment", deployment),
};

/** Of a Worker Service, which has queues in the place of a load balancer. */
export const workerScaling: Descriptions = {
  ...under("count", scaled),
  "count.queue_delay": "As many tasks as it takes for no message to wait too long.",
  "count.queue_delay.acceptable_latency": { about: "How long a message may wait.", examples: ["10m"] },
  "count.queue_delay.msg_processing_time": { about: "How long a task works on one message.", examples: ["250ms"] },
  ...under("count.queue_delay.cooldown", cooldown),
  ...under("deployment", deployment),
  "deployment.rollback_alarms.messages_delayed":
    "The deployment is rolled back when more messages of the shared queue wait for their `delay` to pass.",
};
