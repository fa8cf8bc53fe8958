import * as z from "zod";
import { isCidr } from "../cidr.ts";
import { quoted } from "../words.ts";
import { checkedText, duration, either, filledText, list, whole, withFacts } from "./fields.ts";

/** What target groups of both kinds of load balancer have in common; the ranges are Elastic Load Balancing's. */

export const targetPort = () => whole({ min: 1, max: 65535 });

export const deregistrationDelay = () => duration({ min: 0, max: 3600 });

export const gracePeriod = () => duration({ min: 0, max: 2_147_483_647 });

export const healthCheckNumbers = () => ({
  port: targetPort().optional(),
  healthy_threshold: whole({ min: 2, max: 10 }).optional(),
  unhealthy_threshold: whole({ min: 2, max: 10 }).optional(),
  interval: duration({ min: 5, max: 300 }).optional(),
  timeout: duration({ min: 2, max: 120 }).optional(),
});

/** Names that lead to the service, each alone or with the hosted zone to write it to. */
export const alias = () =>
  either(
    hostName(),
    list(
      either(
        hostName(),
        z.object({
          name: withFacts(hostName(), { whenMissing: "give the name: `name: www.example.com`" }),
          hosted_zone: filledText().optional(),
        }),
      ),
    ),
  );

/** A name that requests come to; `*` and `?` stand for any characters. */
const hostName = () =>
  checkedText((value) => {
    if (value === "") return { message: "must not be empty" };
    if (/^[\w.*?-]{1,128}$/.test(value)) return undefined;
    const message = `must be a name such as www.example.com, not ${quoted(value)}`;
    const [, host] = /^https?:\/\/([\w.-]+)/.exec(value) ?? [];
    if (host !== undefined) return { message, hint: `write \`${host}\`` };
    const names = value.split(/[\s,;]+/).filter((each) => each !== "");
    const isList = names.length > 1 && names.every((each) => /^[\w*?-]+(\.[\w-]+)+$/.test(each));
    return isList ? { message, hint: `several names are a list: \`[${names.join(", ")}]\`` } : { message };
  });

export const cidr = () =>
  withFacts(
    checkedText((value) => {
      if (isCidr(value)) return undefined;
      const message = `must be a range of addresses such as 10.0.0.0/8, not ${quoted(value)}`;
      return isCidr(`${value}/32`) ? { message, hint: `one address is written ${value}/32` } : { message };
    }),
    { looks: { pattern: String.raw`^[\da-fA-F.:]+/\d+$` } },
  );
