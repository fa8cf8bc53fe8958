import type { ArtifactFacts } from "../../cloudformation/facts.ts";

/** Files that stacks, tasks and builds read: templates of addons, environment files, files of Static Sites. They lie in the
 *  application's bucket in the region of the environment, under keys that say what is in them, so that a file which is there
 *  need not be uploaded again. */
export interface Artifacts {
  /** Uploads what is not there yet, and answers where each file is, in their order.
   *  @throws UserError artifacts/no-bucket, aws/* */
  upload(files: readonly ArtifactToUpload[], where: ArtifactPlace): Promise<UploadedArtifact[]>;
}

/** The bucket, the key that it is encrypted with unless that is the store's own, and the region of both. */
export interface ArtifactPlace extends Pick<ArtifactFacts, "bucket">, Partial<Pick<ArtifactFacts, "kmsKeyArn">> {
  region: string;
  /** A role that may put files there where the user may not. */
  managerRoleArn?: string;
}

export interface ArtifactToUpload {
  /** From `artifact-keys.ts`: two files with one key are the same. */
  key: string;
  /** A function: read only when it has to be uploaded. */
  body: string | Uint8Array | (() => Promise<Uint8Array>);
  /** `text/html`; absent: what the store takes for it. */
  contentType?: string;
}

export interface UploadedArtifact {
  key: string;
  /** As `AWS::CloudFormation::Stack` and change sets take a template: `https://BUCKET.s3.REGION.amazonaws.com/KEY`. */
  url: string;
  /** As task definitions take an environment file: `arn:aws:s3:::BUCKET/KEY`. */
  arn: string;
  /** False: it was there. */
  uploaded: boolean;
}
