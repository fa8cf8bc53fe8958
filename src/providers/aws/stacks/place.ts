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

/** With whose rights CloudFormation is asked. */
export interface StackRights {
  /** Those that the place of the stack names. */
  aws: CloudFormationClient;
  /** The user's own, in the same region: of another account's stacks they tell nothing. */
  own: CloudFormationClient;
}

export function rightsAt(session: AwsSession, where: StackPlace): StackRights {
  const own = session.inRegion(where.region ?? session.region).client(CloudFormationClient);
  return { aws: cloudFormationAt(session, where), own };
}

/** Asks with the user's own rights where those of the place do not suffice: what a manager role may is what Copilot gave it.
 *  @throws the denial where neither do */
export async function orWithOwnRights<T>(
  { aws, own }: StackRights,
  ask: (aws: CloudFormationClient) => Promise<T>,
): Promise<T> {
  try {
    return await ask(aws);
  } catch (error) {
    if (own === aws || !isDenied(error)) throw error;
    return ask(own).catch(() => {
      throw error;
    });
  }
}

/** CloudFormation's word for it, and that of services which speak JSON. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && /^AccessDenied(Exception)?$/.test(error.name);
}
