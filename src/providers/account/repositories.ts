/** Image repositories of Elastic Container Registry. They belong to the application's account and are used with the user's
 *  own rights. */
export interface Repositories {
  /** Those of these names that there are in a region, by name; asked for in one call. */
  find(names: readonly string[], region: string): Promise<Record<string, Repository>>;
  /** A repository that is scanned on push and forgets what nobody can deploy any more. One that is there already is
   *  answered as it is. */
  create(repository: RepositoryToCreate): Promise<Repository>;
  /** Has a repository that CloudFormation has made scanned on push, and sets its lifecycle policy, as `create` does; one
   *  that has a lifecycle policy is left as it is. */
  setUp(repository: Repository): Promise<void>;
  /** What the docker client logs in with: to all private registries in a region that the user has a right to, or to the
   *  public one. Good for twelve hours, and kept nowhere. */
  login(registry: { region: string } | "public"): Promise<RegistryCredentials>;
  /** The images that have one of these tags or digests; asked for in one call. */
  images(repository: Repository, references: ReferencesToFind): Promise<RegistryImage[]>;
  /** Deletes all images of a repository, so that it can be deleted; one that is not there has none. Answers how many.
   *  @throws UserError repository/not-emptied */
  empty(name: string, region: string): Promise<number>;
  /** Gives an image that is there one more tag. @throws UserError image/tag-immutable */
  tag(repository: Repository, image: RegistryImage, tag: string): Promise<void>;
  /** What the scan of an image has found, waiting for it at most `waitMs` milliseconds.
   *  @throws UserError interrupted */
  scanFindings(
    repository: Repository,
    digest: string,
    options: { waitMs: number; signal: AbortSignal },
  ): Promise<ScanSummary>;
}

export interface Repository {
  /** `shop/api` */
  name: string;
  /** `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api` */
  uri: string;
  arn: string;
  region: string;
  /** The account that it is in. */
  registryId: string;
  /** Whether a tag that is there can be given to another image. */
  canMove(tag: string): boolean;
}

export interface RepositoryToCreate {
  app: string;
  workload: string;
  region: string;
  /** Accounts that may push and pull, beside the application's own. */
  accounts: readonly string[];
  /** Of the application. */
  tags?: Readonly<Record<string, string>>;
}

export interface RegistryCredentials {
  username: string;
  password: string;
}

export interface ReferencesToFind {
  tags: readonly string[];
  digests: readonly string[];
}

export interface RegistryImage {
  /** Of its manifest: `sha256:…` */
  digest: string;
  /** Those of the tags asked for that it has. */
  tags: string[];
  /** What an Engine may call it: the digest of its configuration or of its manifest; of an index, also those of its
   *  members. */
  ids: string[];
  manifest: string;
  mediaType?: string;
}

export type Severity = "CRITICAL" | "HIGH" | "MEDIUM" | "LOW" | "INFORMATIONAL" | "UNDEFINED";

/** `off`: this repository is not scanned when an image is pushed. `pending`: not done yet. */
export type ScanSummary =
  | { status: "complete"; findings: Partial<Record<Severity, number>> }
  | { status: "off" | "pending" }
  | { status: "failed"; reason?: string };
