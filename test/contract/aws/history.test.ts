import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PastDeployment } from "../../../src/providers/account/history.ts";
import { createHistory } from "../../../src/providers/aws/history.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { refusal } from "../../support/refusal.ts";

const api = { app: "shop", env: "test", name: "api" };
const where = { bucket: "shop-artifacts", kmsKeyArn: "arn:aws:kms:us-west-2:123456789012:key/1", region: "us-west-2" };

describeWithAws("the history of deploys", (aws) => {
  let session: AwsSession;
  beforeEach(async () => {
    await aws.reset();
    const CreateBucketConfiguration = { LocationConstraint: "us-west-2" } as const;
    await aws.client(S3Client).send(new CreateBucketCommand({ Bucket: where.bucket, CreateBucketConfiguration }));
    session = new AwsSession({ region: "eu-west-1" });
  });
  afterEach(() => session.close());

  const history = () => createHistory(session);
  const deployment = (number: number, more: Partial<PastDeployment> = {}): PastDeployment => ({
    ...api,
    at: `2026-11-2${number}T12:00:00.000Z`,
    deploymentId: `ecs-svc/${number}`,
    revision: number,
    images: { api: { name: "shop/api:1", id: `sha256:0${number}` } },
    by: "arn:aws:iam::123456789012:user/ann",
    result: "completed",
    template: "",
    ...more,
  });
  const stack = { template: "Resources: {}", parameters: { TaskCount: "1" }, tags: { "copilot-service": "api" } };

  test("deploys are listed newest first, and what one of them deployed is there to be deployed again", async () => {
    await history().record(deployment(1), stack, where);
    const second = { ...stack, parameters: { TaskCount: "2" } };
    await history().record(deployment(2, { result: "failed", commit: "v1.2" }), second, where);
    await history().record(deployment(3, { name: "web" }), stack, where);
    const listed = await history().list(api, where);
    expect(listed.map(({ revision, result, commit }) => ({ revision, result, commit }))).toEqual([
      { revision: 2, result: "failed", commit: "v1.2" },
      { revision: 1, result: "completed", commit: undefined },
    ]);
    expect(await history().list(api, where, 1)).toHaveLength(1);
    expect(await history().stackOf(listed[0] as PastDeployment, where)).toEqual(second);
    expect(await history().stackOf(listed[1] as PastDeployment, where)).toEqual(stack);
    const { Contents = [] } = await aws.client(S3Client).send(new ListObjectsV2Command({ Bucket: where.bucket }));
    expect(Contents.map(({ Key }) => Key)).toMatchInlineSnapshot(`
      [
        "history/test/api/2026-11-21T12:00:00.000Z-ecs-svc-1.json",
        "history/test/api/2026-11-22T12:00:00.000Z-ecs-svc-2.json",
        "history/test/api/templates/6983703a8fa98a921cf6a11048021ceb65f10d1004736266b8878658097ec65e",
        "history/test/web/2026-11-23T12:00:00.000Z-ecs-svc-3.json",
        "history/test/web/templates/6983703a8fa98a921cf6a11048021ceb65f10d1004736266b8878658097ec65e",
      ]
    `);
  });

  test("old ones are forgotten, but none that is in use", async () => {
    for (const number of [1, 2, 3, 4, 5])
      await history().record(deployment(number), { ...stack, template: `Resources: {} # ${number % 2}` }, where);
    const inUse = ["ecs-svc/2", deployment(4).at];
    expect(await history().prune(api, { keep: 1, inUse }, where)).toBe(2);
    expect((await history().list(api, where)).map(({ revision }) => revision)).toEqual([5, 4, 2]);
    expect(await history().prune(api, { keep: 0, inUse }, where)).toBe(1);
    const left = await history().list(api, where);
    expect(left.map(({ revision }) => revision)).toEqual([4, 2]);
    // The template that they have in common is still there, the other one has gone with the last that needed it.
    expect(await history().stackOf(left[1] as PastDeployment, where)).toMatchObject({ template: "Resources: {} # 0" });
    const { KeyCount } = await aws.client(S3Client).send(new ListObjectsV2Command({ Bucket: where.bucket }));
    expect(KeyCount).toBe(3);
    expect(await refusal(history().stackOf(deployment(1, { template: "none" }), where))).toMatchInlineSnapshot(`
      "history/gone: the stack that api was deployed with to test at 2026-11-21T12:00:00.000Z is not kept
        pilotfish svc deploy -a shop -n api -e test"
    `);
  });
});
