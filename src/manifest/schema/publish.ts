import * as z from "zod";
import { quoted } from "../words.ts";
import { checkedText, either, flag, list, withFacts } from "./fields.ts";

/** A topic as manifests name it. @param fifoHint what to write in the place of an ending `.fifo` */
export const topicName = (fifoHint: string) =>
  withFacts(
    checkedText((value) => {
      if (value === "") return { message: "must not be empty" };
      if (value.length > 256) return { message: "must not be longer than 256 characters" };
      if (/^[A-Za-z0-9_-]+$/.test(value)) return undefined;
      const message = `may hold letters, digits, - and _ only, not ${quoted(value)}`;
      return value.endsWith(".fifo") ? { message, hint: fifoHint } : { message };
    }),
    { looks: { pattern: "^[A-Za-z0-9_-]+$", numbers: {} } },
  );

/** Topics that the service publishes to. */
export const publish = () =>
  z.object({
    topics: list(
      z.object({
        name: withFacts(topicName("leave out `.fifo`, and write `fifo: true`"), {
          whenMissing: "name the topic: `name: orders`",
        }),
        fifo: either(
          flag(),
          z.object({
            content_based_deduplication: withFacts(flag(), {
              whenMissing: "write `fifo: true`, or `content_based_deduplication: true` under it",
            }),
          }),
        ).optional(),
      }),
    ).optional(),
  });
