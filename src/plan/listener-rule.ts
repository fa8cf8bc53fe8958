import { rootedPath } from "./rooted-path.ts";
import type { HttpManifest } from "./target-group.ts";
import type { ListenerRulePlan } from "./workload-plan.ts";

/** The main rule: `/` takes every path, `/x` takes itself and all below it. */
export function listenerRule(http: HttpManifest): ListenerRulePlan {
  const path = rootedPath(http.path);
  return {
    key: "main",
    band: path === "/" ? "root" : "path",
    conditions: [
      {
        Field: "path-pattern",
        PathPatternConfig: { Values: path === "/" ? ["/*"] : [path, `${path}/*`] },
      },
    ],
    targetGroup: "main",
  };
}
