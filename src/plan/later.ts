/** Values that are known only while deploying. */

/** A typed reference that stands where such a value will stand. A provider resolves it; CloudFormation renders it. It
 *  stands only where a text may stand, so a map whose keys the user chose (labels, log options) is never one. */
export type Later =
  | KnownLater
  /** Texts and references, one after the other: an ARN, a list in JSON. */
  | { join: readonly (string | Later)[] };

/** A reference that a provider has an answer for. */
export type KnownLater =
  | { ref: LaterRef }
  /** The image of this container, once it is built or resolved. */
  | { image: string }
  /** An output of the environment, by CloudFormation's name for it. */
  | { env: EnvironmentOutput }
  /** The value of another stack's export, by its name. */
  | { import: string }
  /** The ARN of the object that this container's environment file is uploaded to. */
  | { envFile: string }
  /** The ARN of a topic of this workload, by the name in its manifest. */
  | { topic: string }
  /** The URL of a queue of this workload, by its key. */
  | { queue: string }
  /** The DNS name of a load balancer that exists already, by its name or ARN. */
  | { loadBalancer: string }
  /** An output of the workload's addons, by its name. */
  | { addon: string }
  /** The ids of the subnets with these tags, as one text with commas. */
  | { subnetsWithTags: Readonly<Record<string, readonly string[]>> };

export type LaterRef = (typeof laterRefs)[number];

export const laterRefs = [
  "execution-role",
  "task-role",
  "log-group",
  "partition",
  "region",
  "account",
  /** The bucket that environment files are uploaded to, and the ARN of the key that it is encrypted with. */
  "artifact-bucket",
  "artifact-key",
  /** The access point of this workload in the environment's file system: its id, and its ARN. */
  "access-point",
  "access-point-arn",
] as const;

export type EnvironmentOutput = (typeof environmentOutputs)[number];

/** `PublicSubnets` and `PrivateSubnets` are one text with commas. */
export const environmentOutputs = [
  "PublicLoadBalancerDNSName",
  "InternalLoadBalancerDNSName",
  "InternalWorkloadsHostedZoneName",
  "SubDomain",
  "VpcId",
  "PublicSubnets",
  "PrivateSubnets",
  "EnvironmentSecurityGroup",
  "ManagedFileSystemID",
  "AppRunnerVpcEndpointId",
] as const;

/** `T` in which every string may still be a reference. With `L = never` it is `T` itself: ready to be sent. */
export type Pending<T, L> = T extends string
  ? T | L
  : T extends number | boolean | bigint | Date | Uint8Array | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? Pending<Item, L>[]
      : T extends object
        ? { [K in keyof T]: Pending<T[K], L> }
        : T;
