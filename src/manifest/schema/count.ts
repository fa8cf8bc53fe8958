import * as z from "zod";
import { quoted } from "../words.ts";
import { checkedText, duration, either, whole, withFacts } from "./fields.ts";

const cooldown = () => z.object({ in: duration({ min: 0 }).optional(), out: duration({ min: 0 }).optional() });

/** A target of automatic scaling, alone or with pauses of its own. */
const metric = <T extends z.ZodType>(value: () => T) =>
  either(
    value(),
    z.object({
      value: withFacts(value(), { whenMissing: "give the value to keep to: `value: 70`" }),
      cooldown: cooldown().optional(),
    }),
  );

const range = () =>
  either(
    withFacts(
      checkedText((value) => {
        const [, min, max] = /^(\d+)-(\d+)$/.exec(value) ?? [];
        if (min === undefined || max === undefined)
          return { message: `must be a range such as 2-10, not ${quoted(value)}` };
        return Number(min) > Number(max)
          ? { message: `begins with ${min} and ends with ${max}`, hint: `write \`${max}-${min}\`` }
          : undefined;
      }, "a range such as 2-10"),
      { looks: { pattern: String.raw`^\d+-\d+$` } },
    ),
    z.object({
      min: withFacts(whole({ min: 0 }), { whenMissing: "give the least number of tasks: `min: 2`" }),
      max: withFacts(whole({ min: 0 }), { whenMissing: "give the greatest number of tasks: `max: 10`" }),
      spot_from: whole({ min: 0 }).optional(),
    }),
  );

const positive = () => duration({ min: 0.001 });

/** What every service can scale on. */
const scaled = () => ({
  spot: whole({ min: 0 }).optional(),
  range: range().optional(),
  cooldown: cooldown().optional(),
  cpu_percentage: metric(() => whole({ min: 1, max: 100 })).optional(),
  memory_percentage: metric(() => whole({ min: 1, max: 100 })).optional(),
});

const alternatives = (...more: string[]) => [
  ["spot"],
  ["range", "cooldown", "cpu_percentage", "memory_percentage", ...more],
];

/** How many tasks run: a number, so many on Spot, or as many as a metric asks for. */
export const count = () =>
  either(
    whole({ min: 0 }),
    withFacts(
      z.object({
        ...scaled(),
        requests: metric(() => whole({ min: 1 })).optional(),
        response_time: metric(positive).optional(),
      }),
      { alternatives: alternatives("requests", "response_time") },
    ),
  );

/** Only the ratio of the two counts, so they may be as short as can be. */
const shortest = () => duration({ min: 0.000_001 });

/** How long messages may wait, and how long one takes. */
const queueDelay = () =>
  z.object({
    acceptable_latency: withFacts(shortest(), {
      whenMissing: "say how long a message may wait: `acceptable_latency: 10m`",
    }),
    msg_processing_time: withFacts(shortest(), {
      whenMissing: "say how long a task works on one message: `msg_processing_time: 250ms`",
    }),
    cooldown: cooldown().optional(),
  });

/** The same of a Worker Service, which has queues in the place of a load balancer. */
export const workerCount = () =>
  either(
    whole({ min: 0 }),
    withFacts(z.object({ ...scaled(), queue_delay: queueDelay().optional() }), {
      alternatives: alternatives("queue_delay"),
    }),
  );
