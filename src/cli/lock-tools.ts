import { hostname, userInfo } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { LockTools } from "../actions/deployment-lock.ts";
import type { Account } from "../providers/account.ts";
import type { Context } from "./context.ts";
import { duration } from "./flags.ts";

export const lockTimeoutFlag = duration({
  name: "lock-timeout",
  value: "DURATION",
  description: "How long to wait for somebody else's deployment of the same: nothing on a terminal, else 10m.",
});

const patience = 10 * 60_000;

/** What locks on AWS are taken with. */
export function lockTools(account: Account, lockTimeoutMs: number | undefined, context: Context): LockTools {
  const { host } = context;
  return {
    account,
    from: whereFrom(host.env),
    now: () => host.now(),
    // A wait that is broken off is over.
    wait: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => undefined),
    lockTimeoutMs: lockTimeoutMs ?? (context.interactive ? 0 : patience),
  };
}

/** The job of a CI, or who on which machine. */
function whereFrom(env: Readonly<Record<string, string | undefined>>): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (server && repository && run) return `${server}/${repository}/actions/runs/${run}`;
  const job = env["CI_JOB_URL"] ?? env["BUILD_URL"] ?? env["CODEBUILD_BUILD_ARN"];
  return job ?? `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "user";
  }
}
