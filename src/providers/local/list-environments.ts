import type { SimulatedEnvironment } from "../../simulator/protocol.ts";
import type { Environment } from "../provider.ts";

/** The environments of an application, or of all that are known, `local` first; each application that is asked for has it. */
export function listEnvironments(known: readonly SimulatedEnvironment[], app?: string): Environment[] {
  const ours = known.filter((each) => (app ?? each.app) === each.app);
  const isThere = app === undefined || ours.some(({ name }) => name === "local");
  return [...ours, ...(isThere ? [] : [{ app, name: "local" }])]
    .toSorted(
      (a, b) =>
        compare(a.app, b.app) || Number(b.name === "local") - Number(a.name === "local") || compare(a.name, b.name),
    )
    .map((environment) => ({ ...environment, provider: "local" }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
