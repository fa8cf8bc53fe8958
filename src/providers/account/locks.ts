/** Locks keep two deployments of one thing from getting in each other's way, from whatever machines they are made. They are
 *  parameters of Systems Manager below `/copilot/locks/`, in the application's account. */
export interface Locks {
  /** Takes a lock, or answers who holds it. */
  take(scope: LockScope, holder: Omit<LockHolder, "id">): Promise<TakenLock | { held: LockHolder }>;
  /** Who holds it. */
  holder(scope: LockScope): Promise<LockHolder | undefined>;
  list(scope: Pick<LockScope, "app">): Promise<(LockScope & LockHolder)[]>;
  /** Frees a lock, whoever holds it. False when nobody did. */
  free(scope: LockScope): Promise<boolean>;
  /** Gives back all that are still taken, when the program is left in the middle. Never fails.
   *  @returns those that could not be given back */
  releaseAll(): Promise<LockScope[]>;
}

export interface LockScope {
  app: string;
  env: string;
  /** Absent: the environment itself. */
  workload?: string;
}

export interface LockHolder {
  /** Made anew for each lock that is taken. */
  id: string;
  /** ARN of whoever has taken it. */
  arn: string;
  /** `ada@laptop`, or the address of the job of a CI. */
  from: string;
  /** What it does: `svc deploy`. */
  doing: string;
  /** Instant. */
  since: string;
}

export interface TakenLock {
  /** Gives it back, unless somebody has freed it and another one holds it now. */
  release(): Promise<void>;
}
