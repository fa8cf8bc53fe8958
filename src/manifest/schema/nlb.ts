import * as z from "zod";
import { parsePortMapping } from "../port-mapping.ts";
import { quoted } from "../words.ts";
import { checkedText, filledText, flag, list, withFacts } from "./fields.ts";
import { alias, deregistrationDelay, gracePeriod, healthCheckNumbers, targetPort } from "./load-balancer.ts";

const port = () =>
  withFacts(
    checkedText((value) => {
      if (["tcp", "udp", "tls"].includes(parsePortMapping(value)?.protocol ?? "")) return undefined;
      return { message: `must be a port such as 443/tls, 53/udp or 6000, not ${quoted(value)}` };
    }),
    {
      looks: {
        pattern: String.raw`^\d+(/([tT][cC][pP]|[uU][dD][pP]|[tT][lL][sS]))?$`,
        numbers: { minimum: 1, maximum: 65535 },
      },
    },
  );

const listener = () => ({
  port: port().optional(),
  healthcheck: z.object({ ...healthCheckNumbers(), grace_period: gracePeriod().optional() }).optional(),
  target_container: filledText().optional(),
  target_port: targetPort().optional(),
  ssl_policy: filledText().optional(),
  stickiness: flag().optional(),
  deregistration_delay: deregistrationDelay().optional(),
});

/** The listeners of a network load balancer of the service's own. */
export const nlb = () =>
  z.object({
    ...listener(),
    alias: alias().optional(),
    additional_listeners: list(z.object(listener())).optional(),
  });
