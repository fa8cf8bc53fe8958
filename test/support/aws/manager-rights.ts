import { permissionsAnywhere } from "../../../src/cloudformation/environment/manager-permissions.ts";
import { actionOf } from "../../../src/providers/aws/failures/action-of-call.ts";
import { errorAnswer } from "./answers.ts";
import type { AwsCall, Layer } from "./front.ts";

/** What the manager role may do with things of its environment alone, and by the policies that sites give it.
 *  Source: src/cloudformation/environment/roles.ts, src/cloudformation/static-site/bucket.ts, as Copilot writes them. */
const onOwn = [
  "ecs:ExecuteCommand",
  "ssm:StartSession",
  "states:StartExecution",
  "states:DescribeStateMachine",
  "iam:GetRole",
  "iam:PassRole",
  "iam:DeleteRole",
  "iam:ListRolePolicies",
  "iam:DeleteRolePolicy",
  "ssm:PutParameter",
  "ssm:AddTagsToResource",
  "s3:PutObject",
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "kms:GenerateDataKey",
  "acm:DescribeCertificate",
  // Of roles whose trust names it, and for everybody.
  "sts:AssumeRole",
  "sts:GetCallerIdentity",
];

const allowed = [...Object.values(permissionsAnywhere).flat(), ...onOwn].map(
  (action) => new RegExp(`^${action.replaceAll("*", ".*")}$`),
);

/** The emulator asks nobody for rights; this asks whoever has taken on the manager role of an environment, for the actions that
 *  the role has, whatever they are done to. */
export function managerRights(): Layer {
  const managers = new Set<string>();
  return async (call, pass) => {
    if (managers.has(keyOf(call)) && !allowed.some((each) => each.test(permissionFor(call))))
      return errorAnswer(call, {
        code: call.service === "cloudformation" ? "AccessDenied" : "AccessDeniedException",
        message: `User: arn:aws:sts::123456789012:assumed-role/EnvManagerRole/pilotfish is not authorized to perform: ${permissionFor(call)} because no identity-based policy allows the ${permissionFor(call)} action`,
        status: call.service === "cloudformation" ? 403 : 400,
      });
    const answer = await pass();
    if (call.name === "sts:AssumeRole" && /EnvManagerRole/.test(call.request.body.toString())) {
      const key = /<AccessKeyId>(\w+)</.exec(answer.body.toString())?.[1];
      if (key !== undefined) managers.add(key);
    }
    return answer;
  };
}

function keyOf({ request }: AwsCall): string {
  return /Credential=([^/]+)\//.exec(String(request.headers["authorization"] ?? ""))?.[1] ?? "";
}

const prefixes: Record<string, string> = { tagging: "tag", monitoring: "cloudwatch" };

function permissionFor({ service, action }: AwsCall): string {
  if (service === "s3" && action === "ListObjectVersions") return "s3:ListBucketVersions";
  return actionOf({ service: prefixes[service] ?? service, operation: action } as Parameters<typeof actionOf>[0]);
}
