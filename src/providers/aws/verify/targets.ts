import { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Check } from "../../account/verify.ts";
import { fail, lookedUp, ok } from "./check.ts";
import type { Place } from "./place.ts";

/** Each target group leads to a port on which its container listens; those that are deployed are told where they differ. */
export async function checkTargets(place: Place): Promise<Check[]> {
  const { needs } = place.request;
  const seen = await lookedUp("target groups", () => deployedPorts(place));
  if ("instead" in seen) return [seen.instead];
  const deployed = seen.found;
  return needs.targetGroups.map(({ key, container, port, protocol, listens }) => {
    const subject = `${key} ${container}:${port}`;
    if (!listens)
      return fail(
        subject,
        `the container ${container} opens no port ${port}`,
        `pilotfish svc taskdef -n ${place.request.name}`,
      );
    if (deployed.length === 0) return ok(subject, "is made with the first deploy");
    return deployed.some((group) => group.port === port && group.protocol === protocol)
      ? ok(subject, protocol)
      : ok(
          subject,
          `the deploy replaces a target group: those that are there lead to ${deployed.map((group) => `${group.protocol} ${group.port}`).join(", ")}`,
        );
  });
}

async function deployedPorts({ resources, there }: Place): Promise<{ port: number; protocol: string }[]> {
  const arns = Object.values(resources)
    .filter(
      ({ type, physicalId }) => type === "AWS::ElasticLoadBalancingV2::TargetGroup" && physicalId.startsWith("arn:"),
    )
    .map(({ physicalId }) => physicalId);
  if (arns.length === 0) return [];
  const client = there.client(ElasticLoadBalancingV2Client);
  const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: arns }));
  return TargetGroups.map(({ Port: port = 0, Protocol: protocol = "" }) => ({ port, protocol }));
}
