import * as z from "zod";
import { certificate } from "./certificate.ts";
import { either, filledText, flag, list, withFacts } from "./fields.ts";
import { ipv4Range } from "./ipv4-range.ts";

/** Who may reach a load balancer, in the words of Copilot before `ingress`. */
const deprecatedSecurityGroups = () =>
  z.object({
    ingress: withFacts(
      z.object({
        from_vpc: flag().optional(),
        restrict_to: z.object({ cdn: flag().optional(), source_ips: list(ipv4Range()).optional() }).optional(),
      }),
      {
        whenMissing:
          "rules of a security group stand under `network.vpc.security_group`; who may reach the load balancer under `ingress`",
      },
    ).optional(),
  });

const listeners = () => ({
  certificates: list(certificate()).optional(),
  ssl_policy: filledText().optional(),
  security_groups: deprecatedSecurityGroups().optional(),
});

/** The load balancers that services of the environment share. */
export const environmentHttp = () =>
  z.object({
    public: z
      .object({
        ...listeners(),
        access_logs: either(
          flag(),
          z.object({ bucket_name: filledText().optional(), prefix: filledText().optional() }),
        ).optional(),
        ingress: z.object({ cdn: flag().optional(), source_ips: list(ipv4Range()).optional() }).optional(),
      })
      .optional(),
    private: z
      .object({
        ...listeners(),
        subnets: list(filledText()).optional(),
        // `from_vpc` is what `env init` of Copilot writes where it means `vpc`.
        ingress: z.object({ vpc: flag().optional(), from_vpc: flag().optional() }).optional(),
      })
      .optional(),
  });
