/** Values that are known only while deploying. */

/** A typed reference that stands where such a value will stand. A provider resolves it; CloudFormation renders it. */
export type Later =
  | { ref: "execution-role" | "task-role" | "log-group" | "region" | "account" }
  /** The image of this container, once it is built or resolved. */
  | { image: string }
  /** An output of the environment, by CloudFormation's name for it. */
  | { env: "PublicLoadBalancerDNSName" | "InternalLoadBalancerDNSName" | "VpcId" };

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
