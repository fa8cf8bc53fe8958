import type { HotswapEvent } from "../../actions/hotswap.ts";
import type { Drift } from "../../providers/provider.ts";

/** What goes past CloudFormation, and what is skipped by that. */
export function hotswapLines({ stack, stackRevision, changes, skipped }: HotswapEvent): string[] {
  const what =
    changes.length === 0
      ? `the service goes back to revision ${stackRevision} of its stack ${stack}`
      : `only the task definition differs from that of the stack ${stack}, revision ${stackRevision}: ${changes.join(", ")}`;
  return [`hotswap: ${what}`, `hotswap: skipped ${listed(skipped)}`];
}

/** That a service has left its stack behind. */
export function driftText({ revision, stackRevision }: Drift): string {
  return `drifted: it runs revision ${revision} and its stack has ${stackRevision}, as after a hotswap; the next full deploy brings them together`;
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
