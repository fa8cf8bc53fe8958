import { expect, test } from "vitest";
import { stackCheck } from "../../../../../src/providers/aws/verify/application.ts";
import { mayAssume } from "../../../../../src/providers/aws/verify/roles.ts";

const missing = { status: "skip" as const, subject: "shop-test", message: "is made with the first deploy" };

test("every state of a stack says whether it can be deployed to", () => {
  const states =
    "CREATE_COMPLETE UPDATE_COMPLETE UPDATE_ROLLBACK_COMPLETE IMPORT_COMPLETE CREATE_IN_PROGRESS UPDATE_COMPLETE_CLEANUP_IN_PROGRESS DELETE_IN_PROGRESS REVIEW_IN_PROGRESS ROLLBACK_COMPLETE UPDATE_ROLLBACK_FAILED UPDATE_FAILED DELETE_FAILED";
  const seen = states.split(" ").map((status) => {
    const stack = { name: "shop-test", id: "", status, parameters: {}, outputs: {}, tags: {}, createdAt: "" };
    const check = stackCheck("shop-test", stack, missing, "eu-west-1");
    return `${check.status} ${check.message}${check.hint === undefined ? "" : `\n     ${check.hint}`}`;
  });
  expect(seen.join("\n")).toMatchInlineSnapshot(`
    "ok CREATE_COMPLETE
    ok UPDATE_COMPLETE
    ok UPDATE_ROLLBACK_COMPLETE
    ok IMPORT_COMPLETE
    fail CREATE_IN_PROGRESS: somebody is at work on it
         aws cloudformation wait stack-create-complete --stack-name shop-test --region eu-west-1
    fail UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: somebody is at work on it
         aws cloudformation wait stack-update-complete --stack-name shop-test --region eu-west-1
    fail DELETE_IN_PROGRESS: somebody is at work on it
         aws cloudformation wait stack-delete-complete --stack-name shop-test --region eu-west-1
    skip REVIEW_IN_PROGRESS: the next deploy removes it and begins anew
    skip ROLLBACK_COMPLETE: the next deploy removes it and begins anew
    fail UPDATE_ROLLBACK_FAILED
         aws cloudformation continue-update-rollback --stack-name shop-test --region eu-west-1
    fail UPDATE_FAILED
         aws cloudformation describe-stack-events --stack-name shop-test --region eu-west-1
    fail DELETE_FAILED
         aws cloudformation describe-stack-events --stack-name shop-test --region eu-west-1"
  `);
  expect(stackCheck("shop-test", undefined, missing, "eu-west-1")).toBe(missing);
});

test("a trust policy is read as IAM reads it", () => {
  const policy = (...statements: object[]) => encodeURIComponent(JSON.stringify({ Statement: statements }));
  const ecs = { Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" };
  const may = (document: string) => mayAssume(document, "ecs-tasks.amazonaws.com");
  expect([
    may(policy(ecs)),
    may(encodeURIComponent(JSON.stringify({ Statement: ecs }))),
    may(policy({ ...ecs, Principal: { Service: ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"] } })),
    may(policy({ ...ecs, Action: ["sts:TagSession", "sts:*"] })),
    may(policy({ ...ecs, Principal: "*" })),
    may(policy({ ...ecs, Principal: { Service: "ec2.amazonaws.com" } })),
    may(policy({ ...ecs, Action: "sts:TagSession" })),
    may(policy(ecs, { ...ecs, Effect: "Deny" })),
    may(policy({ ...ecs, Principal: { AWS: "arn:aws:iam::123456789012:root" } })),
    may(""),
  ]).toEqual([true, true, true, true, true, false, false, false, false, false]);
});
