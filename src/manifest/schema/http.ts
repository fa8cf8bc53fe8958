import * as z from "zod";
import { quoted } from "../words.ts";
import { checkedText, either, filledText, flag, lazily, list, withFacts, word } from "./fields.ts";
import { alias, cidr, deregistrationDelay, gracePeriod, healthCheckNumbers, targetPort } from "./load-balancer.ts";
import { successCodes } from "./success-codes.ts";

const healthCheck = () =>
  either(
    filledText(),
    z.object({
      path: filledText().optional(),
      success_codes: successCodes().optional(),
      ...healthCheckNumbers(),
      grace_period: gracePeriod().optional(),
    }),
  );

const longestPattern = 128;

/** `/x` becomes the patterns `/x` and `/x/*`. */
const path = () =>
  checkedText((value) => {
    if (/[\s\p{Cc}]/u.test(value)) return { message: `must be a path, and ${quoted(value)} has a blank in it` };
    if (value.length <= longestPattern - 3) return undefined;
    return { message: `must not be longer than ${longestPattern - 3} characters, and has ${value.length}` };
  });

/** A rule of the load balancer: which requests, and where they go. */
const rule = () => ({
  path: withFacts(path(), { whenMissing: "give the path that leads to this service: `path: /`" }),
  version: word(["grpc", "http1", "http2"], { anyCase: true }).optional(),
  healthcheck: lazily(healthCheck).optional(),
  deregistration_delay: deregistrationDelay().optional(),
  target_container: filledText().optional(),
  target_port: targetPort().optional(),
  stickiness: flag().optional(),
  allowed_source_ips: list(cidr()).optional(),
  alias: lazily(alias).optional(),
  hosted_zone: filledText().optional(),
});

/** Only a Load Balanced Web Service's. */
const publicRule = () => ({
  ...rule(),
  targetContainer: filledText().optional(),
  redirect_to_https: flag().optional(),
});

const whenMissing = "give the path that leads to this service: `http: { path: / }`";

/** What the internal load balancer sends to the workload, and how it checks it. */
export const internalHttp = () =>
  withFacts(z.object({ ...rule(), additional_rules: lazily(() => list(z.object(rule()))).optional() }), {
    whenMissing,
  });

/** Only `false` switches it off; what to listen to cannot be said with `true`. */
export const publicHttpOrOff = () =>
  withFacts(
    either(
      z.literal(false, { error: "must be a map, or false; true does not say which path" }),
      withFacts(
        z.object({
          ...publicRule(),
          alb: filledText().optional(),
          additional_rules: lazily(() => list(z.object(publicRule()))).optional(),
        }),
        { alternatives: [["target_container"], ["targetContainer"]] },
      ),
    ),
    { whenMissing },
  );
