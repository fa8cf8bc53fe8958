import { UserError } from "../../../errors.ts";
import type { Check } from "../../account/verify.ts";
import { explain } from "../explain.ts";

export function ok(subject: string, message?: string): Check {
  return { status: "ok", subject, ...(message !== undefined && { message }) };
}

export function skip(subject: string, message: string): Check {
  return { status: "skip", subject, message };
}

export function fail(subject: string, message: string, hint?: string): Check {
  return { status: "fail", subject, message, ...(hint !== undefined && { hint }) };
}

/** What looking at something came to. */
export async function checked(subject: string, look: () => Promise<Check>): Promise<Check> {
  const seen = await lookedUp(subject, look);
  return "found" in seen ? seen.found : seen.instead;
}

/** What was found, or what is told instead. What may not be looked at is skipped: whoever deploys it may be allowed more, or
 *  less. @throws what is none of AWS's failures */
export async function lookedUp<T>(subject: string, look: () => Promise<T>): Promise<{ found: T } | { instead: Check }> {
  try {
    return { found: await look() };
  } catch (thrown) {
    const error = explain(thrown);
    if (!(error instanceof UserError) || error.code === "interrupted") throw error;
    const { code, message, hint } = error;
    return { instead: code === "aws/denied" ? skip(subject, message) : fail(subject, message, hint) };
  }
}
