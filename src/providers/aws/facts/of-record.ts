import type { EnvironmentFacts, StackFacts } from "../../../cloudformation/facts.ts";
import type { ApplicationRecord, EnvironmentRecord } from "../../account/records.ts";

/** What the application's record says, in the words of facts. */
export function ofRecord({
  domain,
  domainHostedZoneID,
  permissionsBoundary,
  tags,
}: ApplicationRecord): Pick<StackFacts, "domain" | "domainHostedZoneId" | "permissionsBoundary" | "tags"> {
  return {
    ...(domain && { domain }),
    ...(domainHostedZoneID && { domainHostedZoneId: domainHostedZoneID }),
    ...(permissionsBoundary && { permissionsBoundary }),
    ...(tags && Object.keys(tags).length > 0 && { tags }),
  };
}

export function ofEnvironmentRecord(record: EnvironmentRecord): EnvironmentFacts {
  const { accountID, region, managerRoleARN, executionRoleARN } = record;
  return { account: accountID, region, managerRoleArn: managerRoleARN, executionRoleArn: executionRoleARN };
}
