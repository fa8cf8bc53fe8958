import { CloudFrontClient, CreateDistributionCommand, ListInvalidationsCommand } from "@aws-sdk/client-cloudfront";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { beforeEach, expect, test } from "vitest";
import type { SiteFile } from "../../../src/providers/account/sites.ts";
import { usualPaces } from "../../../src/providers/aws/domains/poll.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { createSites } from "../../../src/providers/aws/sites/sites.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { AwsEmulator } from "../../support/aws/emulator.ts";
import { drain } from "../../support/aws/drain.ts";

const { account, region } = AwsEmulator;
const bucket = "shop-test-docs-bucket";
const never = new AbortController().signal;

describeWithAws("files of a site", (aws) => {
  let session: AwsSession;
  let distributionId: string;

  beforeEach(async () => {
    await aws.reset();
    session = new AwsSession({ region });
    const s3 = aws.client(S3Client);
    const CreateBucketConfiguration = { LocationConstraint: region } as const;
    await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    distributionId = await createDistribution();
  });

  async function createDistribution(): Promise<string> {
    const origin = { Id: "o", DomainName: `${bucket}.s3.amazonaws.com`, S3OriginConfig: { OriginAccessIdentity: "" } };
    const { Distribution } = await aws.client(CloudFrontClient).send(
      new CreateDistributionCommand({
        DistributionConfig: {
          CallerReference: "site",
          Comment: "",
          Enabled: true,
          Origins: { Quantity: 1, Items: [origin] },
          DefaultCacheBehavior: { TargetOriginId: "o", ViewerProtocolPolicy: "redirect-to-https" },
        },
      }),
    );
    return Distribution?.Id ?? "";
  }

  const file = (key: string, text: string): SiteFile => ({
    key,
    contentType: key.endsWith("html") ? "text/html; charset=utf-8" : "text/plain",
    read: async () => Buffer.from(text),
  });
  const publish = (files: SiteFile[], signal = never) =>
    createSites(session, { ...usualPaces, invalidation: { first: 10, most: 100 } }).publish(
      {
        bucket,
        distributionId,
        where: { region, managerRoleArn: `arn:aws:iam::${account}:role/shop-test-EnvManagerRole` },
        uploaderRoleArn: `arn:aws:iam::${account}:role/shop-test-docs-CopyAssetsStateMachineRole`,
        files,
      },
      signal,
    );

  /** A distribution has another id each time. */
  const shown = async (events: ReturnType<typeof publish>) =>
    JSON.parse(JSON.stringify(await drain(events)).replaceAll(distributionId, "DISTRIBUTION")) as object;

  const invalidations = async () =>
    (await aws.client(CloudFrontClient).send(new ListInvalidationsCommand({ DistributionId: distributionId })))
      .InvalidationList?.Quantity;

  test("new and different files are uploaded, with their types, and CloudFront is told; others stay", async () => {
    await aws.client(S3Client).send(new PutObjectCommand({ Bucket: bucket, Key: "uploads/somebodys.txt", Body: "x" }));
    expect(await shown(publish([file("index.html", "one"), file("a b/ü.txt", "two")]))).toMatchInlineSnapshot(`
      {
        "events": [
          {
            "action": "uploaded",
            "key": "index.html",
            "type": "site-file",
          },
          {
            "action": "uploaded",
            "key": "a b/ü.txt",
            "type": "site-file",
          },
          {
            "action": "started",
            "distributionId": "DISTRIBUTION",
            "type": "site-invalidation",
          },
          {
            "action": "completed",
            "distributionId": "DISTRIBUTION",
            "type": "site-invalidation",
          },
        ],
        "result": {
          "others": [
            "uploads/somebodys.txt",
          ],
          "uploaded": [
            "index.html",
            "a b/ü.txt",
          ],
        },
      }
    `);
    expect(await shown(publish([file("index.html", "new"), file("a b/ü.txt", "two")]))).toMatchInlineSnapshot(`
      {
        "events": [
          {
            "action": "uploaded",
            "key": "index.html",
            "type": "site-file",
          },
          {
            "action": "started",
            "distributionId": "DISTRIBUTION",
            "type": "site-invalidation",
          },
          {
            "action": "completed",
            "distributionId": "DISTRIBUTION",
            "type": "site-invalidation",
          },
        ],
        "result": {
          "others": [
            "uploads/somebodys.txt",
          ],
          "uploaded": [
            "index.html",
          ],
        },
      }
    `);
    const { ContentType } = await aws
      .client(S3Client)
      .send(new HeadObjectCommand({ Bucket: bucket, Key: "index.html" }));
    expect({ ContentType, invalidations: await invalidations() }).toEqual({
      ContentType: "text/html; charset=utf-8",
      invalidations: 2,
    });
  });

  test("nothing new is told by no event, and takes two calls", async () => {
    const files = [file("index.html", "one"), file("about.html", "two")];
    await drain(publish(files));
    aws.calls.length = 0;
    expect(await drain(publish(files))).toEqual({ events: [], result: { uploaded: [], others: [] } });
    const names = aws.calls.map(({ name }) => name).filter((name) => !name.startsWith("sts:"));
    expect(names).toEqual(["s3:ListObjectsV2", expect.stringMatching(/^cloudfront:ListInvalidations/)]);
  });

  test("files that were uploaded by a deployment that ended before CloudFront was told are told by the next one", async () => {
    const files = [file("index.html", "one")];
    await aws.client(S3Client).send(new PutObjectCommand({ Bucket: bucket, Key: "index.html", Body: "one" }));
    const { events } = await drain(publish(files));
    expect(events.map(({ type }) => type)).toEqual(["site-invalidation", "site-invalidation"]);
    expect(await invalidations()).toBe(1);
  });

  test("a bucket is emptied of all versions and all markers, in batches; one that is not there is no error", async () => {
    const s3 = aws.client(S3Client);
    const put = (i: number) => s3.send(new PutObjectCommand({ Bucket: bucket, Key: `logs/${i}`, Body: String(i) }));
    for (let i = 0; i < 1100; i += 50) await Promise.all(Array.from({ length: 50 }, (_, j) => put(i + j)));
    await put(1);
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "logs/2" }));
    const where = { region, managerRoleArn: `arn:aws:iam::${account}:role/shop-test-EnvManagerRole` };
    const roleArn = `arn:aws:iam::${account}:role/cleaner`;
    expect(await drain(createSites(session).empty({ bucket, where, roleArn }, never))).toMatchInlineSnapshot(`
      {
        "events": [
          {
            "bucket": "shop-test-docs-bucket",
            "objects": 1102,
            "type": "bucket-emptied",
          },
        ],
      }
    `);
    const left = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    expect([left.Versions ?? [], left.DeleteMarkers ?? []]).toEqual([[], []]);
    expect(await drain(createSites(session).empty({ bucket: "gone-bucket", where }, never))).toEqual({ events: [] });
  });
});
