import * as z from "zod";
import { duration, either, filledText, text, whole, withFacts } from "./fields.ts";
import { successCodes } from "./success-codes.ts";

const healthCheck = either(
  filledText(),
  z.object({
    path: filledText().optional(),
    port: whole({ min: 1, max: 65535 }).optional(),
    success_codes: successCodes().optional(),
    healthy_threshold: whole({ min: 2, max: 10 }).optional(),
    unhealthy_threshold: whole({ min: 2, max: 10 }).optional(),
    interval: duration({ min: 5, max: 300 }).optional(),
    timeout: duration({ min: 2, max: 120 }).optional(),
    grace_period: duration({ min: 0, max: 2_147_483_647 }).optional(),
  }),
);

const whenMissing = "give the path that leads to this service: `http: { path: / }`";

/** What a load balancer sends to the workload, and how it checks it. */
export const http = withFacts(
  z.object({
    path: withFacts(text(), { whenMissing: "give the path that leads to this service: `path: /`" }),
    healthcheck: healthCheck.optional(),
    deregistration_delay: duration({ min: 0, max: 3600 }).optional(),
  }),
  { whenMissing },
);

/** Only `false` switches it off; what to listen to cannot be said with `true`. */
export const httpOrOff = withFacts(
  either(z.literal(false, { error: "must be a map, or false; true does not say which path" }), http),
  { whenMissing },
);
