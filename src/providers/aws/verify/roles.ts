import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import type { Check } from "../../account/verify.ts";
import type { AwsSession } from "../session.ts";
import { fail, checked, ok, skip } from "./check.ts";
import type { Place } from "./place.ts";

/** The manager role can be taken on, CloudFormation can take on the execution role, ECS or App Runner the workload's. */
export async function checkRoles(place: Place): Promise<Check[]> {
  const { record, session, there, resources, request } = place;
  const { managerRoleARN, executionRoleARN, region } = record;
  const own = Object.entries(request.needs.roles).map(async ([logicalId, service]) => {
    const name = resources[logicalId]?.physicalId;
    return name === undefined ? skip(logicalId, "is made with the first deploy") : trusts(name, service, there);
  });
  return Promise.all([
    checked(managerRoleARN, async () => {
      await session.as(managerRoleARN, region).identity();
      return ok(managerRoleARN, "can be taken on");
    }),
    trusts(roleName(executionRoleARN), "cloudformation.amazonaws.com", there),
    ...own,
  ]);
}

async function trusts(RoleName: string, service: string, session: AwsSession): Promise<Check> {
  return checked(RoleName, async () => {
    const { Role } = await session.client(IAMClient).send(new GetRoleCommand({ RoleName }));
    return mayAssume(Role?.AssumeRolePolicyDocument ?? "", service)
      ? ok(RoleName, `${service} may take it on`)
      : fail(
          RoleName,
          `its trust policy does not let ${service} take it on`,
          `aws iam get-role --role-name ${RoleName}`,
        );
  });
}

interface TrustStatement {
  Effect?: string;
  Action?: string | string[];
  Principal?: string | { Service?: string | string[] };
}

/** @param document as IAM answers it: JSON, encoded as in a URL */
export function mayAssume(document: string, service: string): boolean {
  const { Statement = [] } = JSON.parse(decodeURIComponent(document) || "{}") as {
    Statement?: TrustStatement | TrustStatement[];
  };
  const about = [Statement].flat().filter(({ Action = [], Principal = {} }) => {
    const services = typeof Principal === "string" ? [Principal] : [Principal.Service ?? []].flat();
    return (
      [Action].flat().some((action) => /^(sts:AssumeRole|sts:\*|\*)$/i.test(action)) &&
      services.some((each) => each === service || each === "*")
    );
  });
  return about.some(({ Effect }) => Effect === "Allow") && !about.some(({ Effect }) => Effect === "Deny");
}

function roleName(arn: string): string {
  return arn.split("/").at(-1) ?? arn;
}
