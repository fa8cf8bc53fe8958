import type { Needs } from "../../plan/needs.ts";
import type { WorkloadRef } from "../provider.ts";

/** What a deploy leans on in an account. */
export interface Verify {
  /** Looks, and changes nothing. Groups come in the order in which a deploy needs what is in them. A value of a secret is
   *  read to look for its key alone, and is neither kept nor answered. What may not be looked at is skipped with the action
   *  that would have to be allowed. */
  workload(request: WorkloadToVerify): AsyncGenerator<CheckGroup, void, void>;
}

export interface WorkloadToVerify extends WorkloadRef {
  needs: Needs;
  /** Asks a registry that is none of AWS's without logging in. */
  platformsOf(image: string): Promise<ImageAnswer>;
}

/** `platforms`: as docker spells them; empty where the registry does not tell. `missing`: there is no such image. `unknown`:
 *  it could not be asked, and why. */
export type ImageAnswer = { platforms: string[] } | { missing: string } | { unknown: string };

export interface CheckGroup {
  /** `credentials`, `application`, `roles`, `images`, `secrets`, `files`, `certificates`, `targets`, `logs`, `subnets`, `quotas`. */
  name: string;
  checks: Check[];
}

export interface Check {
  status: "ok" | "skip" | "fail";
  /** What was looked at: a name or an ARN. */
  subject: string;
  /** What is wrong, why it was not looked at, or what was found. */
  message?: string;
  /** What to type. */
  hint?: string;
}
