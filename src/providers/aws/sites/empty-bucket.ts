import { DeleteObjectsCommand, ListObjectVersionsCommand, NoSuchBucket, S3Client } from "@aws-sdk/client-s3";
import { UserError } from "../../../errors.ts";
import type { BucketToEmpty, SiteEvent } from "../../account/sites.ts";
import type { AwsSession } from "../session.ts";
import { sessionAt } from "../stacks/place.ts";

/** As the contract says. */
export async function* emptyBucket(
  { bucket, where, roleArn }: BucketToEmpty,
  session: AwsSession,
  signal: AbortSignal,
): AsyncGenerator<SiteEvent, void, void> {
  const place = sessionAt(session, where);
  const s3 = (roleArn === undefined ? place : place.as(roleArn)).client(S3Client);
  let objects = 0;
  for (;;) {
    signal.throwIfAborted();
    const some = await someVersions(s3, bucket);
    if (some.length === 0) break;
    const { Errors: [first] = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: some, Quiet: true } }),
    );
    if (first !== undefined)
      throw new UserError(
        "bucket/not-emptied",
        `${first.Key ?? ""} in the bucket ${bucket} is not deleted: ${first.Message ?? first.Code ?? ""}`,
        {
          hint: `aws s3api list-object-versions --bucket ${bucket} --max-items 10`,
        },
      );
    objects += some.length;
  }
  if (objects > 0) yield { type: "bucket-emptied", bucket, objects, at: new Date().toISOString() };
}

/** The first thousand of what is there, markers of what was deleted among them. */
async function someVersions(s3: S3Client, bucket: string): Promise<{ Key: string; VersionId?: string }[]> {
  try {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    return [...Versions, ...DeleteMarkers].map(({ Key = "", VersionId }) => ({
      Key,
      ...(VersionId !== undefined && { VersionId }),
    }));
  } catch (error) {
    if (error instanceof NoSuchBucket || (error instanceof Error && error.name === "NoSuchBucket")) return [];
    throw error;
  }
}
