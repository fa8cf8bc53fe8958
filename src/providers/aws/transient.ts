const throttling =
  /^(Throttl|TooManyRequests|RequestLimitExceeded|RequestThrottled|SlowDown|PriorRequestNotComplete|BandwidthLimitExceeded)/;
const bugs = ["TypeError", "ReferenceError", "RangeError", "AssertionError", "UserError", "AbortError"];
const credentials = /^(Credentials|Token)ProviderError$/;

/** Whether asking again later may help: AWS is busy or has failed, or the network has. What AWS answers to a request that it
 *  refuses (denied, expired, invalid) is not. Source: AWS SDKs reference guide, "Retry behavior", for the codes of
 *  throttling. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error) || bugs.includes(error.name) || credentials.test(error.name)) return false;
  if (throttling.test(error.name)) return true;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status === undefined || status < 400 || status === 429 || status >= 500;
}
