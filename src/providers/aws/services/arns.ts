/** The parts of ECS's ARNs that people see. */

/** The last part: a task's id, a service's name. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

/** The cluster in the ARN of a service or a task; undefined in the short form that accounts had before 2018, which leaves
 *  it out: `arn:aws:ecs:REGION:ACCOUNT:service/NAME`. */
export function clusterIn(arn: string): string | undefined {
  const parts = arn.split("/");
  return parts.length >= 3 ? parts[1] : undefined;
}

/** `shop-test-api:7` of a task definition's ARN. */
export function familyAndRevision(taskDefinitionArn: string): string {
  return lastPart(taskDefinitionArn);
}

/** 7 of `…/shop-test-api:7`. */
export function revisionIn(taskDefinitionArn: string): number {
  return Number(taskDefinitionArn.slice(taskDefinitionArn.lastIndexOf(":") + 1)) || 0;
}
