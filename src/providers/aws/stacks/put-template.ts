import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { AwsSession } from "../session.ts";

/** Puts a template where CloudFormation gets it from. In a module of its own, loaded when it is used: few templates are so
 *  large. */
export async function putTemplate(
  { bucket, key, text }: { bucket: string; key: string; text: string },
  session: AwsSession,
): Promise<void> {
  await session
    .client(S3Client)
    .send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: "application/yaml" }));
}
