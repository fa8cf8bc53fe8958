import { UserError } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import type { DeployEvent } from "../providers/provider.ts";
import type { LockHolder, LockScope, TakenLock } from "../providers/account/locks.ts";

export interface LockTools {
  account: Account;
  /** Where this program runs, for whoever has to wait. */
  from: string;
  now: () => number;
  /** Resolves after so many milliseconds, or when the signal aborts. */
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds to wait for a lock that another one holds. */
  lockTimeoutMs: number;
}

export type LockEvent =
  | { type: "lock-held"; holder: LockHolder; env: string; workload?: string }
  | Extract<DeployEvent, { type: "notice" }>;

/** A lock that is taken when it is first needed, and given back at the end. */
export class DeploymentLock {
  readonly #scope: LockScope;
  readonly #doing: string;
  readonly #tools: LockTools;
  #taken: TakenLock | undefined;

  constructor(scope: LockScope, doing: string, tools: LockTools) {
    this.#scope = scope;
    this.#doing = doing;
    this.#tools = tools;
  }

  get isHeld(): boolean {
    return this.#taken !== undefined;
  }

  /** Nothing happens when it is held already.
   *  @returns whether another one held it before, so that what is known may be old @throws UserError deploy/busy */
  async *take(signal: AbortSignal): AsyncGenerator<LockEvent, boolean, void> {
    if (this.isHeld) return false;
    const { account, from, now, wait, lockTimeoutMs } = this.#tools;
    const { arn } = await account.identity();
    const deadline = now() + lockTimeoutMs;
    for (let attempt = 0; ; attempt++) {
      const since = new Date(now()).toISOString();
      const holder = { arn, from, doing: this.#doing, since };
      const answer = await account.locks.take(this.#scope, holder).catch(orDenied);
      if (answer === "denied") {
        // Rights that were given for Copilot need not reach so far; it has no locks.
        yield { type: "notice", code: "deploy/without-lock", message: withoutLock };
        this.#taken = { release: async () => {} };
        return attempt > 0;
      }
      if ("release" in answer) {
        this.#taken = answer;
        return attempt > 0;
      }
      if (signal.aborted || now() >= deadline) throw busy(this.#scope, answer.held);
      const { env, workload } = this.#scope;
      if (attempt === 0)
        yield { type: "lock-held", holder: answer.held, env, ...(workload !== undefined && { workload }) };
      await wait(Math.min(5_000, 500 * 2 ** Math.min(attempt, 4)), signal);
    }
  }

  /** Never fails: a lock that cannot be given back is freed by `pilotfish unlock`. */
  async release(): Promise<void> {
    const taken = this.#taken;
    this.#taken = undefined;
    await taken?.release().catch(() => undefined);
  }
}

const withoutLock =
  "no lock is taken, since ssm:PutParameter on /copilot/locks/* is not allowed: nothing keeps two deployments apart";

function orDenied(error: unknown): "denied" {
  if (error instanceof UserError && error.code === "aws/denied") return "denied";
  throw error;
}

function busy({ env, workload }: LockScope, { arn, from, doing, since }: LockHolder): UserError {
  const what = workload === undefined ? `the environment ${env}` : `${workload} in ${env}`;
  return new UserError("deploy/busy", `somebody else changes ${what}: ${arn} from ${from}, since ${since} (${doing})`, {
    hint: `when that has been broken off: pilotfish unlock${workload === undefined ? "" : ` -n ${workload}`} -e ${env}`,
  });
}
