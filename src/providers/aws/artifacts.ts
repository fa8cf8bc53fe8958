import { HeadObjectCommand, NoSuchBucket, PutObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { UserError } from "../../errors.ts";
import type { Artifacts, ArtifactPlace, ArtifactToUpload, UploadedArtifact } from "../account/artifacts.ts";
import { dnsSuffixOf, partitionOf } from "./partition.ts";
import type { AwsSession } from "./session.ts";
import { isDenied } from "./stacks/place.ts";

/** More requests than this at once make S3 slow down. */
const atOnce = 8;

/** The artifacts of applications that belong to the session's account. */
export function createArtifacts(session: AwsSession): Artifacts {
  return {
    async upload(files, where) {
      const once = new Map(files.map((file) => [file.key, file]));
      const done = new Map<string, boolean>();
      const left = [...once.values()];
      const work = async () => {
        for (let file = left.shift(); file !== undefined; file = left.shift())
          done.set(file.key, await withEitherRight(file, where, session));
      };
      await Promise.all(Array.from({ length: Math.min(atOnce, left.length) }, work));
      return files.map(({ key }) => ({ key, ...addressOf(key, where), uploaded: done.get(key) ?? false }));
    },
  };
}

/** False: it was there. */
async function withEitherRight(file: ArtifactToUpload, where: ArtifactPlace, session: AwsSession): Promise<boolean> {
  try {
    return await uploadOne(file, where, session);
  } catch (error) {
    if (where.managerRoleArn === undefined || !isDenied(error)) throw error;
    return uploadOne(file, where, session.as(where.managerRoleArn, where.region));
  }
}

async function uploadOne(
  { key, body, contentType }: ArtifactToUpload,
  { bucket, kmsKeyArn, region }: ArtifactPlace,
  session: AwsSession,
): Promise<boolean> {
  const s3 = session.inRegion(region).client(S3Client);
  if (await isThere(s3, bucket, key)) return false;
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: typeof body === "function" ? await body() : body,
        ...(contentType !== undefined && { ContentType: contentType }),
        // The bucket's policy takes nothing that is encrypted otherwise.
        ...(kmsKeyArn !== undefined && { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKeyArn }),
      }),
    );
  } catch (error) {
    if (!(error instanceof NoSuchBucket)) throw error;
    throw new UserError("artifacts/no-bucket", `the application's bucket ${bucket} is not in ${region}`, {
      hint: "pilotfish app upgrade",
      cause: error,
    });
  }
  return true;
}

/** Who may not list a bucket hears that an object which is not there is forbidden. */
async function isThere(s3: S3Client, bucket: string, key: string): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException && [403, 404].includes(error.$metadata.httpStatusCode ?? 0)) return false;
    throw error;
  }
}

function addressOf(key: string, { bucket, region }: ArtifactPlace): Pick<UploadedArtifact, "url" | "arn"> {
  const path = key.split("/").map(encodeURIComponent).join("/");
  const partition = partitionOf(region);
  return {
    url: `https://${bucket}.s3.${region}.${dnsSuffixOf(partition)}/${path}`,
    arn: `arn:${partition}:s3:::${bucket}/${key}`,
  };
}
