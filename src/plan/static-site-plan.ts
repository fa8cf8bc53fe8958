/** Everything there is to do for a Static Site: files that CloudFront serves from a bucket. */
export interface StaticSitePlan {
  app: string;
  env: string;
  name: string;
  type: "Static Site";
  /** The name under which the site is reached, beside CloudFront's own. */
  alias?: string;
  /** The ARN of the certificate for it that the manifest names; without one, a certificate is requested. */
  certificate?: string;
  files: SiteFiles[];
}

/** What is uploaded: a file, or what a folder holds. Paths are relative to the workspace's root. */
export interface SiteFiles {
  source: string;
  /** Whether folders inside are uploaded too. */
  recursive: boolean;
  /** The folder of the site that it appears in. */
  destination: string;
  /** Patterns of what is left out, and of what of that is taken back. */
  exclude: string[];
  reinclude: string[];
}
