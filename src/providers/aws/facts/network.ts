import { DescribeManagedPrefixListsCommand, EC2Client, paginateDescribeSubnets } from "@aws-sdk/client-ec2";
import type { AwsSession } from "../session.ts";

/** The list of CloudFront's own addresses in the session's region. Source: the VPC user guide, "AWS-managed prefix lists". */
export async function cloudFrontPrefixListId(session: AwsSession): Promise<string | undefined> {
  const { PrefixLists = [] } = await session.client(EC2Client).send(
    new DescribeManagedPrefixListsCommand({
      Filters: [{ Name: "prefix-list-name", Values: ["com.amazonaws.global.cloudfront.origin-facing"] }],
    }),
  );
  return PrefixLists[0]?.PrefixListId;
}

/** The ids of the subnets that have all of these tags, sorted. @param vpcId of the environment, where it has one */
export async function subnetsWithTags(
  tags: Readonly<Record<string, readonly string[]>>,
  vpcId: string | undefined,
  session: AwsSession,
): Promise<string[]> {
  const client = session.client(EC2Client);
  const Filters = [
    ...Object.entries(tags).map(([name, values]) => ({ Name: `tag:${name}`, Values: [...values] })),
    ...(vpcId === undefined ? [] : [{ Name: "vpc-id", Values: [vpcId] }]),
  ];
  const ids: string[] = [];
  for await (const { Subnets = [] } of paginateDescribeSubnets({ client }, { Filters }))
    ids.push(...Subnets.flatMap(({ SubnetId }) => SubnetId ?? []));
  return ids.toSorted();
}
