import { containersOf, logRouter, traceCollector } from "../containers.ts";
import { quoted } from "../words.ts";
import { rule } from "./rule.ts";

const most = 10;

/** Names of containers are unique in a task. */
export const sidecarNames = rule("sidecars/name", ["name", "sidecars"], ({ name, sidecars = {} }, report) => {
  for (const sidecar of Object.keys(sidecars)) {
    const at = ["sidecars", sidecar];
    if (sidecar === name)
      report(at, `${quoted(sidecar)} is the name of the service's own container`, {
        hint: "give the sidecar another name",
      });
    else if (sidecar === logRouter || sidecar === traceCollector)
      report(
        at,
        `${quoted(sidecar)} is the name of a container that \`${sidecar === logRouter ? "logging" : "observability.tracing"}\` adds`,
        {
          hint: "give the sidecar another name",
        },
      );
    else if (!/^[A-Za-z0-9_-]{1,255}$/.test(sidecar))
      report(at, `${quoted(sidecar)} is no name of a container: letters, digits, - and _ only, 255 at most`);
  }
});

/** ECS's limit of containers in a task definition. */
export const containerCount = rule("sidecars/count", ["sidecars", "logging", "observability"], (manifest, report) => {
  const all = containersOf(manifest).length + (manifest.observability?.tracing === undefined ? 0 : 1);
  if (all > most) report("sidecars", `the task has ${all} containers, and ECS takes ${most}`);
});
