import type { StackDescription } from "../../account/stacks.ts";
import type { Check } from "../../account/verify.ts";
import { fail, ok, skip } from "./check.ts";

/** Whether a stack can be deployed to as it stands. @param stack absent: there is none @param missing what that means */
export function stackCheck(name: string, stack: StackDescription | undefined, missing: Check, region: string): Check {
  if (stack === undefined) return missing;
  const { status, statusReason } = stack;
  const reason = statusReason === undefined ? "" : `: ${statusReason}`;
  if (status === "UPDATE_ROLLBACK_FAILED")
    return fail(
      name,
      `${status}${reason}`,
      `aws cloudformation continue-update-rollback --stack-name ${name} --region ${region}`,
    );
  if (neverCame.test(status)) return skip(name, `${status}: the next deploy removes it and begins anew`);
  if (status.endsWith("_IN_PROGRESS"))
    return fail(name, `${status}: somebody is at work on it`, waitFor(name, status, region));
  return status.endsWith("_FAILED") ? fail(name, `${status}${reason}`, eventsOf(name, region)) : ok(name, status);
}

const neverCame = /^(REVIEW_IN_PROGRESS|ROLLBACK_COMPLETE|ROLLBACK_FAILED|CREATE_FAILED)$/;

function waitFor(name: string, status: string, region: string): string {
  const what = /^(CREATE|DELETE)_/.exec(status)?.[1]?.toLowerCase() ?? "update";
  return `aws cloudformation wait stack-${what}-complete --stack-name ${name} --region ${region}`;
}

function eventsOf(name: string, region: string): string {
  return `aws cloudformation describe-stack-events --stack-name ${name} --region ${region}`;
}
