import { readLogs } from "../actions/read-logs.ts";
import type { LogsRequest } from "../providers/provider.ts";
import type { Outcome } from "./command.ts";
import type { Context } from "./context.ts";
import { renderLogLine } from "./render/log-line.ts";
import { paint } from "./render/paint.ts";
import type { BackEnd } from "./wire-contract.ts";

/** Prints log lines as they come, until there are no more, until Ctrl-C, or until nobody reads them. */
export async function printLogs(request: LogsRequest, on: BackEnd, context: Context): Promise<Outcome> {
  const { host, interrupts } = context;
  const provider = await (await context.wire()).provider(on);
  const stop = new AbortController();
  let interrupted = false;
  interrupts.take(() => {
    interrupted = true;
    stop.abort();
  });
  host.stdout.closed.addEventListener("abort", () => stop.abort());
  const colors = paint(context.color.stdout);
  for await (const line of readLogs(request, { provider, signal: stop.signal })) {
    if (context.json) context.emit({ type: "log", ...line });
    else host.stdout.write(`${renderLogLine(line, colors)}\n`);
  }
  context.emit({ type: "result" });
  return { exitCode: interrupted ? 130 : 0 };
}
