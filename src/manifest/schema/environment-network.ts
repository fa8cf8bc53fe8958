import * as z from "zod";
import { parsePortRange } from "../port-range.ts";
import { quoted } from "../words.ts";
import { checkedText, either, filledText, flag, list, withFacts } from "./fields.ts";
import { ipv4Range, networkRange } from "./ipv4-range.ts";
import { logRetention } from "./log-retention.ts";

/** One that exists, or one to be made. */
const subnet = () =>
  z.object({ id: filledText().optional(), cidr: networkRange().optional(), az: filledText().optional() });

const ipProtocol = () =>
  withFacts(
    checkedText((value) => {
      const number = /^\d+$/.test(value) ? Number(value) : undefined;
      if (number === undefined ? /^(tcp|udp|icmp|icmpv6|-1)$/i.test(value) : number <= 255) return undefined;
      return {
        message: `must be tcp, udp, icmp, the number of a protocol, or -1 for all of them, not ${quoted(value)}`,
      };
    }),
    {
      looks: {
        values: ["tcp", "udp", "icmp", "icmpv6", "-1"],
        anyCase: true,
        pattern: String.raw`^\d+$`,
        numbers: { minimum: -1, maximum: 255 },
      },
    },
  );

const ports = () =>
  withFacts(
    checkedText((value) => {
      if (parsePortRange(value)) return undefined;
      return {
        message: `must be a port, a range of ports such as 8000-9000, or -1 for all of them, not ${quoted(value)}`,
      };
    }, "a port or a range of ports"),
    { looks: { pattern: String.raw`^(-1|\d+(-\d+)?)$`, numbers: { minimum: -1, maximum: 65535 } } },
  );

const securityGroupRule = () =>
  z.object({
    ip_protocol: withFacts(ipProtocol(), { whenMissing: "give the protocol: `ip_protocol: tcp`" }),
    ports: withFacts(ports(), { whenMissing: "give a port or a range of ports: `ports: 80`" }),
    cidr: withFacts(ipv4Range(), { whenMissing: "give the addresses: `cidr: 10.0.0.0/8`" }),
  });

export const environmentNetwork = () =>
  z.object({
    vpc: z
      .object({
        id: filledText().optional(),
        cidr: networkRange().optional(),
        subnets: z.object({ public: list(subnet()).optional(), private: list(subnet()).optional() }).optional(),
        security_group: z
          .object({ ingress: list(securityGroupRule()).optional(), egress: list(securityGroupRule()).optional() })
          .optional(),
        flow_logs: either(flag(), z.object({ retention: logRetention().optional() })).optional(),
      })
      .optional(),
  });
