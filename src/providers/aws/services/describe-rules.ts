import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  type Rule,
  RuleNotFoundException,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsSession } from "../session.ts";

/** One that somebody has deleted is left out; asked for with others it makes AWS refuse them all. */
export async function describeRules(arns: readonly string[], session: AwsSession): Promise<Rule[]> {
  if (arns.length === 0) return [];
  try {
    const asked = new DescribeRulesCommand({ RuleArns: [...arns] });
    return (await session.client(ElasticLoadBalancingV2Client).send(asked)).Rules ?? [];
  } catch (error) {
    if (!(error instanceof RuleNotFoundException)) throw error;
    if (arns.length === 1) return [];
    return (await Promise.all(arns.map((arn) => describeRules([arn], session)))).flat();
  }
}
