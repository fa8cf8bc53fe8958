import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { StackPlace } from "../../account/stacks.ts";
import type { AwsSession } from "../session.ts";

/** CloudFormation where a stack is, asked with the rights that the place names. */
export function cloudFormationAt(session: AwsSession, where: StackPlace): CloudFormationClient {
  return sessionAt(session, where).client(CloudFormationClient);
}

export function sessionAt(session: AwsSession, { region = session.region, managerRoleArn }: StackPlace): AwsSession {
  return managerRoleArn === undefined ? session.inRegion(region) : session.as(managerRoleArn, region);
}
