import {
  CloudFrontClient,
  CreateInvalidationCommand,
  GetInvalidationCommand,
  ListInvalidationsCommand,
} from "@aws-sdk/client-cloudfront";
import { paginateListObjectsV2, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { createHash, randomUUID } from "node:crypto";
import type { SiteChanges, SiteEvent, SiteFile, SiteToPublish } from "../../account/sites.ts";
import { type Paces, poll, withNewRights } from "../domains/poll.ts";
import type { AwsSession } from "../session.ts";
import { sessionAt } from "../stacks/place.ts";

/** More requests than this at once make S3 slow down. */
const atOnce = 8;

/** As the contract says. */
export async function* publishSite(
  { bucket, distributionId, where, uploaderRoleArn, files }: SiteToPublish,
  { session, paces }: { session: AwsSession; paces: Paces },
  signal: AbortSignal,
): AsyncGenerator<SiteEvent, SiteChanges, void> {
  const place = sessionAt(session, where);
  const uploader = uploaderRoleArn === undefined ? place : place.as(uploaderRoleArn);
  const s3 = uploader.client(S3Client);
  const present = await withNewRights(() => objectsIn(s3, bucket), paces.rights);
  const uploaded: string[] = [];
  for (let i = 0; i < files.length; i += atOnce) {
    signal.throwIfAborted();
    const some = files.slice(i, i + atOnce);
    const done = await Promise.all(some.map((file) => uploadIfNew(s3, bucket, file, present.get(file.key)?.digest)));
    for (const key of done.flat()) {
      uploaded.push(key);
      yield { type: "site-file", action: "uploaded", key, at: now() };
    }
  }
  const wanted = new Set(files.map(({ key }) => key));
  const others = [...present.keys()].filter((key) => !wanted.has(key));
  const cloudFront = uploader.client(CloudFrontClient);
  if (uploaded.length > 0 || (await wasInterrupted(cloudFront, distributionId, present)))
    yield* invalidate(cloudFront, distributionId, paces, signal);
  return { uploaded, others };
}

interface PresentObject {
  /** MD5 in hexadecimal digits: the ETag of what was put in one piece and is encrypted with S3's own keys. */
  digest: string;
  modifiedAt: number;
}

async function objectsIn(client: S3Client, bucket: string): Promise<Map<string, PresentObject>> {
  const found = new Map<string, PresentObject>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket }))
    for (const { Key = "", ETag = "", LastModified } of Contents)
      found.set(Key, { digest: ETag.replaceAll('"', ""), modifiedAt: LastModified?.getTime() ?? 0 });
  return found;
}

/** Whether files were uploaded and CloudFront was not told. */
async function wasInterrupted(
  client: CloudFrontClient,
  distributionId: string,
  present: ReadonlyMap<string, PresentObject>,
): Promise<boolean> {
  if (present.size === 0) return false;
  const newest = Math.max(...[...present.values()].map(({ modifiedAt }) => modifiedAt));
  const { InvalidationList } = await client.send(
    new ListInvalidationsCommand({ DistributionId: distributionId, MaxItems: 1 }),
  );
  return newest > (InvalidationList?.Items?.[0]?.CreateTime?.getTime() ?? 0);
}

async function uploadIfNew(
  s3: S3Client,
  bucket: string,
  { key, contentType, read }: SiteFile,
  present: string | undefined,
): Promise<string[]> {
  const body = await read();
  if (createHash("md5").update(body).digest("hex") === present) return [];
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }));
  return [key];
}

async function* invalidate(
  client: CloudFrontClient,
  distributionId: string,
  paces: Paces,
  signal: AbortSignal,
): AsyncGenerator<SiteEvent, void, void> {
  const event = (action: "started" | "completed" | "waiting"): SiteEvent => ({
    type: "site-invalidation",
    action,
    distributionId,
    at: now(),
  });
  const { Invalidation } = await client.send(
    new CreateInvalidationCommand({
      DistributionId: distributionId,
      InvalidationBatch: { CallerReference: randomUUID(), Paths: { Quantity: 1, Items: ["/*"] } },
    }),
  );
  yield event("started");
  const asked = new GetInvalidationCommand({ DistributionId: distributionId, Id: Invalidation?.Id ?? "" });
  const done = await poll(
    async () => ((await client.send(asked)).Invalidation?.Status?.toLowerCase() === "completed" ? true : undefined),
    paces.invalidation,
    signal,
  );
  yield event(done === true ? "completed" : "waiting");
}

function now(): string {
  return new Date().toISOString();
}
