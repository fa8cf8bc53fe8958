import { isCidr } from "../cidr.ts";
import { parseIpv4Range } from "../ipv4-range.ts";
import { quoted } from "../words.ts";
import { checkedText, withFacts } from "./fields.ts";

/** A range of IPv4 addresses. */
export const ipv4Range = () => withFacts(checkedText(problemOf), { looks });

/** What EC2 takes for a VPC and for its subnets. */
export const networkRange = () =>
  withFacts(
    checkedText((value) => {
      const { prefix } = parseIpv4Range(value) ?? {};
      if (prefix === undefined) return problemOf(value);
      if (prefix >= 16 && prefix <= 28) return undefined;
      return { message: `must be between a /16 and a /28 range, not ${quoted(value)}` };
    }),
    { looks },
  );

const looks = { pattern: String.raw`^\d+(\.\d+){3}/\d+$` };

function problemOf(value: string): { message: string; hint?: string } | undefined {
  if (parseIpv4Range(value)) return undefined;
  const message = `must be a range of IPv4 addresses such as 10.0.0.0/16, not ${quoted(value)}`;
  if (isCidr(value)) return { message, hint: "security groups and subnets of environments take IPv4 only" };
  return parseIpv4Range(`${value}/32`) ? { message, hint: `one address is written ${value}/32` } : { message };
}
