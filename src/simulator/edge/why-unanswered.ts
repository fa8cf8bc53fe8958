import type { OwnAnswer } from "./own-answer.ts";

/** What a client is told when a target's connection has closed without an answer.
 *  @param who the target
 *  @param code the system's, or OpenSSL's */
export function whyUnanswered(who: string, connected: boolean, code: string | undefined): OwnAnswer {
  if (connected) return { status: 502, reason: `${who} closed the connection without a whole answer` };
  if (code === "ETIMEDOUT") return { status: 504, reason: `${who} did not take the connection` };
  if (code === "ECONNREFUSED") return { status: 502, reason: `${who} refused the connection` };
  if (code === "EPROTO" || code?.startsWith("ERR_SSL") === true)
    return { status: 502, reason: `${who} does not speak TLS` };
  return { status: 502, reason: `${who} could not be reached (${code ?? "closed"})` };
}
