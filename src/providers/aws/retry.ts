import { StandardRetryStrategy } from "@smithy/core/retry";
import type { RetryErrorInfo, StandardRetryToken } from "@smithy/types";
import type { MiddlewareStack } from "./failures/calls.ts";

/** How often a call is made at most. With half of all answers refused, one call in 256 fails. */
export const maxAttempts = 8;

/** How often where there is no such name, or nothing listens. */
const attemptsToReach = 3;

/** Milliseconds that are waited at most before the second attempt; each further one at most twice as long. */
const firstDelay = { throttled: 250, broken: 50 };

/** What is tried again: throttled calls, connections that break off, answers of 5xx, and by `retryReads` answers that cannot
 *  be read. Waits are drawn between nothing and their bound. A quota that is used up is told at once: the SDK takes
 *  the name that some services give it for a throttled call.
 *  Source: AWS SDKs and Tools Reference Guide, "Retry behavior", standard mode. */
export function retryStrategy(random: () => number = Math.random): StandardRetryStrategy {
  return new Retries(random);
}

class Retries extends StandardRetryStrategy {
  constructor(random: () => number) {
    super({ maxAttempts, baseDelay: firstDelay.broken, backoff: backoff(random) });
  }

  override refreshRetryTokenForRetry(token: StandardRetryToken, info: RetryErrorInfo): Promise<StandardRetryToken> {
    const { name = "", message = "", code = "" } = (info.error ?? {}) as Error & { code?: string };
    // Whoever is offline is told soon.
    const isAway = /^(ENOTFOUND|ECONNREFUSED)$/.test(code) && token.getRetryCount() + 1 >= attemptsToReach;
    const isQuota = name === "LimitExceededException" && !/\brate\b|thrott/i.test(message);
    return super.refreshRetryTokenForRetry(token, isQuota || isAway ? { ...info, errorType: "CLIENT_ERROR" } : info);
  }
}

/** The SDK names a base of its own for throttled calls, which is longer than for others. */
function backoff(random: () => number) {
  let base: number = firstDelay.broken;
  return {
    setDelayBase: (sdkBase: number) => {
      base = sdkBase > firstDelay.broken ? firstDelay.throttled : firstDelay.broken;
    },
    computeNextBackoffDelay: (attempt: number) => Math.floor(random() * Math.min(base * 2 ** attempt, 20_000)),
  };
}

/** Operations that change nothing. */
const reading = /^(Describe|Get|List|BatchGet|Batch?Describe|Head|Search|Simulate|Lookup|Filter|Test)/;

/** Answers of calls that change nothing are asked for again when they cannot be read or are none of AWS's: cut off, empty, or
 *  the page of a proxy; but objects of S3 may be pages themselves. What calls that change something did is not known then; they fail. */
export function retryReads(stack: MiddlewareStack): void {
  stack.add(
    (next, { clientName = "", commandName = "" }) =>
      async (args) => {
        const reads = reading.test(commandName);
        try {
          const result = await next(args);
          const isObject = /^(Get|Head|Put)ObjectCommand$/.test(commandName);
          const wrong = isObject ? undefined : wrongAnswer(result, reads && clientName !== "S3Client");
          if (wrong === undefined) return result;
          const { $metadata } = result.output as { $metadata?: object };
          throw Object.assign(new Error(wrong), {
            name: "MalformedAnswerError",
            $response: result.response,
            $metadata: { ...$metadata },
          });
        } catch (error) {
          if (reads && isUnreadable(error)) Object.assign(error, { $retryable: {} });
          throw error;
        }
      },
    { step: "finalizeRequest", name: "retryReads", priority: "low", override: true },
  );
}

function isUnreadable(error: unknown): error is Error {
  return (
    error instanceof Error &&
    (error.name === "MalformedAnswerError" ||
      ("$response" in error && /Deserialization error|parse error/i.test(error.message)))
  );
}

/** An answer of success that the SDK takes for one with nothing in it. What it understood counts, whatever type the answer
 *  says it has. */
function wrongAnswer(
  { response, output }: { response: unknown; output: object },
  needsBody: boolean,
): string | undefined {
  const { headers = {} } = response as { headers?: Record<string, string> };
  if (Object.keys(output).some((key) => key !== "$metadata")) return undefined;
  const length = Number(headers["content-length"] ?? Infinity);
  if (headers["content-type"]?.startsWith("text/html") && length > "{}".length) return "a page of HTML";
  return needsBody && (length === 0 || length === Infinity) ? "an empty answer" : undefined;
}
