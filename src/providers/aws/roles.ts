import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  NoSuchEntityException,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import type { Roles } from "../account/roles.ts";
import type { StackPlace } from "../account/stacks.ts";
import type { AwsSession } from "./session.ts";
import { sessionAt } from "./stacks/place.ts";

export function createRoles(session: AwsSession): Roles {
  return {
    async delete(names, where) {
      const left: Record<string, string> = {};
      // One after the other: with the manager's rights the last one deleted is the manager itself.
      for (const name of names) {
        const problem = await deleteRole(name, where, session);
        if (problem !== undefined) left[name] = problem;
      }
      return left;
    },
  };
}

/** With the user's own rights where the role is of the same account, since a role loses its rights with its policies; else
 *  with those of the environment's manager. @returns why it is still there */
async function deleteRole(name: string, where: StackPlace, session: AwsSession): Promise<string | undefined> {
  const { account } = await session.identity();
  const isOwn = where.managerRoleArn === undefined || where.managerRoleArn.split(":")[4] === account;
  const tried = [
    ...(isOwn ? [session] : []),
    ...(where.managerRoleArn === undefined ? [] : [sessionAt(session, where)]),
  ];
  let problem: string | undefined;
  for (const each of tried) {
    problem = await deleteWith(each.client(IAMClient), name);
    if (problem === undefined) return undefined;
  }
  return problem;
}

async function deleteWith(iam: IAMClient, RoleName: string): Promise<string | undefined> {
  try {
    for await (const { PolicyNames = [] } of paginateListRolePolicies({ client: iam }, { RoleName }))
      for (const PolicyName of PolicyNames) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
    return undefined;
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    return error instanceof Error ? error.message : String(error);
  }
}
