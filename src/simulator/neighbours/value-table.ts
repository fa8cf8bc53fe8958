/** What is kept of the neighbours' values. `object`: what a bucket holds. `check`: proves that a key is the right one. */
export type StoredKind = ValueKind | "object" | "check";

/** What people put: a secret of Secrets Manager, a parameter of Systems Manager, an export of a CloudFormation stack. */
export type ValueKind = "secret" | "parameter" | "export";

/** One version of a value, as it lies on the disk. */
export interface SealedVersion {
  version: string;
  /** AWSCURRENT and AWSPREVIOUS, of a secret. */
  stages: string[];
  /** Milliseconds since the epoch. */
  createdAt: number;
  sealed: Uint8Array;
}

/** The rows of the state that hold values. The daemon brings them; nothing here knows a database. */
export interface ValueTable {
  /** All versions of one value, newest first; none when there is no such value. */
  read(kind: StoredKind, name: string): SealedVersion[];
  /** Everything but what is sealed, by name. */
  list(kind: StoredKind): { name: string; versions: Omit<SealedVersion, "sealed">[] }[];
  /** Replaces all versions of a value, whole or not at all; without versions it is gone.
   *  @throws UserError simulator/disk-full */
  write(kind: StoredKind, name: string, versions: readonly SealedVersion[]): void;
  isEmpty(): boolean;
  /** @throws UserError simulator/disk-full */
  clear(): void;
}
