import type { StackPlace } from "./stacks.ts";

/** The files of Static Sites, and what else lies in buckets of stacks. */
export interface Sites {
  /** Uploads the files of a site that are new or different, and has CloudFront forget what it kept. What else is in the bucket
   *  stays, as with Copilot: it may be somebody's. Nothing to do is said by no event.
   *  @throws UserError interrupted, aws/* */
  publish(request: SiteToPublish, signal: AbortSignal): AsyncGenerator<SiteEvent, SiteChanges, void>;
  /** Deletes all versions of all objects, so that the bucket can be deleted. A bucket that is not there is no error. */
  empty(request: BucketToEmpty, signal: AbortSignal): AsyncGenerator<SiteEvent, void, void>;
}

export interface SiteToPublish {
  bucket: string;
  distributionId: string;
  where: StackPlace & { region: string };
  /** To take on from there: the one that may write into the bucket. */
  uploaderRoleArn?: string;
  files: readonly SiteFile[];
}

export interface SiteFile {
  /** Where the site has it: `assets/app.js`. */
  key: string;
  /** `text/html; charset=utf-8` */
  contentType: string;
  read(): Promise<Uint8Array>;
}

export interface SiteChanges {
  uploaded: string[];
  /** Keys of what is in the bucket and not among the files. */
  others: string[];
}

export interface BucketToEmpty {
  bucket: string;
  where: StackPlace & { region: string };
  /** To take on from there. */
  roleArn?: string;
}

export type SiteEvent =
  | { type: "site-file"; action: "uploaded"; key: string; at: string }
  /** `waiting`: it takes longer than this is waited for, and goes on by itself. */
  | { type: "site-invalidation"; action: "started" | "completed" | "waiting"; distributionId: string; at: string }
  | { type: "bucket-emptied"; bucket: string; objects: number; at: string };
