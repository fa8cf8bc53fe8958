import type { Place } from "../errors.ts";
import type { WorkloadPlan } from "../plan/workload-plan.ts";
import type { LeftOut, LocalProvider } from "../providers/provider.ts";

/** What a back end leaves out of a manifest: no problem of the manifest, and so no reason to fail. */
export interface LeftOutNotice {
  code: string;
  message: string;
  place: Place;
}

/** In the order of the file. */
export function leftOutOf(
  plan: WorkloadPlan,
  provider: Pick<LocalProvider, "leavesOut">,
  place: (path: LeftOut["path"]) => Place,
): LeftOutNotice[] {
  const notices = provider.leavesOut(plan).map(({ code, message, path }) => ({ code, message, place: place(path) }));
  const position = ({ place: { line = 0, column = 0 } }: LeftOutNotice) => [line, column] as const;
  return notices.toSorted((a, b) => position(a)[0] - position(b)[0] || position(a)[1] - position(b)[1]);
}
