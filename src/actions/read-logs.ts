import type { LogLine, LogsRequest, Provider } from "../providers/provider.ts";
import { explainNotFound } from "./explain-not-found.ts";

/** The log lines of a deployed workload, oldest first; with `follow` until the signal aborts.
 *  @throws UserError service/not-found with what to type instead */
export async function* readLogs(
  request: LogsRequest,
  { provider, signal }: { provider: Provider; signal: AbortSignal },
): AsyncGenerator<LogLine, void, void> {
  try {
    yield* provider.logs(request, signal);
  } catch (error) {
    explainNotFound(request)(error);
  }
}
