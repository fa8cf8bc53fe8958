import * as z from "zod";
import { serviceNameProblem } from "../service-name.ts";
import { anything, checkedText, duration, either, flag, list, mapOf, whole, withFacts, word } from "./fields.ts";
import { topicName } from "./publish.ts";

/** The ranges are those of SQS's CreateQueue; durations are seconds there. */
const queue = () =>
  z.object({
    retention: duration({ min: 60, max: 1_209_600 }).optional(),
    delay: duration({ min: 0, max: 900 }).optional(),
    timeout: duration({ min: 0, max: 43_200 }).optional(),
    dead_letter: z.object({ tries: whole({ min: 1, max: 1000 }).optional() }).optional(),
    fifo: either(
      flag(),
      z.object({
        content_based_deduplication: flag().optional(),
        deduplication_scope: word(["messageGroup", "queue"]).optional(),
        throughput_limit: word(["perQueue", "perMessageGroupId"]).optional(),
        high_throughput: flag().optional(),
      }),
    ).optional(),
  });

const serviceName = () => checkedText(serviceNameProblem);

/** The topics that a Worker Service listens to, and the queues that it finds their messages in. */
export const subscribe = () =>
  z.object({
    topics: list(
      z.object({
        name: withFacts(topicName("leave out `.fifo`: it follows from the queue's `fifo`"), {
          whenMissing: "name a topic that the service publishes to: `name: orders`",
        }),
        service: withFacts(serviceName(), { whenMissing: "name the service that publishes to it: `service: api`" }),
        filter_policy: mapOf(anything()).optional(),
        queue: either(flag(), queue()).optional(),
      }),
    ).optional(),
    queue: queue().optional(),
  });
