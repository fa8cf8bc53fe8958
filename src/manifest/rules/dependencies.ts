import { type ContainerFacts, containersOf } from "../containers.ts";
import { listed, quoted } from "../words.ts";
import { type Report, rule } from "./rule.ts";

/** What containers wait for exists, does not wait for them in turn, and can come about. */
export const dependencies = rule(
  "containers/depends-on",
  ["name", "image.depends_on/**", "image.healthcheck", "sidecars/**", "logging", "taskdef_overrides"],
  (manifest, report, { hasOverrides = false }) => {
    const overrides = manifest.taskdef_overrides ?? [];
    const mayAddChecks = hasOverrides || overrides.some((each) => /healthcheck/i.test(each?.path ?? ""));
    const containers = new Map(containersOf(manifest).map((each) => [each.name, each]));
    for (const container of containers.values()) {
      for (const [name, condition = "start"] of Object.entries(container.dependsOn))
        checkOne(container, containers.get(name), name, condition, [...containers.keys()], mayAddChecks, report);
    }
    for (const cycle of cyclesOf([...containers.values()])) {
      const [first] = cycle;
      const at = containers.get(first ?? "")?.at ?? [];
      report(
        [...at, cycle[1] ?? ""],
        `containers wait for each other: ${[...cycle, first].map((name) => quoted(name ?? "")).join(" → ")}`,
        {
          hint: "take one of these dependencies away",
        },
      );
    }
  },
);

function checkOne(
  from: ContainerFacts,
  to: ContainerFacts | undefined,
  name: string,
  condition: string,
  all: string[],
  mayAddChecks: boolean,
  report: Report,
): void {
  const at = [...from.at, name];
  const wanted = condition.toLowerCase();
  if (!to) {
    const others = all.filter((each) => each !== from.name && each !== "");
    const hint =
      others.length > 0 ? `the containers are ${listed(others.map(quoted), "and")}` : "the task has no other container";
    return report(at, `there is no container ${quoted(name)}`, { hint });
  }
  if (to.name === from.name) return report(at, `the container ${quoted(name)} cannot wait for itself`);
  if (to.essential && (wanted === "success" || wanted === "complete")) {
    return report(
      at,
      `${quoted(name)} is essential, and when an essential container ends its task ends: nothing can wait for ${quoted(wanted)}`,
      {
        hint:
          all[0] === name
            ? "use `start` or `healthy`"
            : `use \`start\` or \`healthy\`, or write \`essential: false\` under \`sidecars.${name}\``,
      },
    );
  }
  if (wanted === "healthy" && !to.hasHealthCheck) {
    const block = to.at.slice(0, -1).join(".");
    report(at, `${quoted(name)} has no health check, so it never becomes healthy`, {
      ...(mayAddChecks && { severity: "warning" }),
      hint: to.at[0] === "logging" ? "use `start`" : `add \`healthcheck\` under \`${block}\`, or use \`start\``,
    });
  }
}

/** Each ring of dependencies once, from its first container on; a container that waits for itself is none. */
function cyclesOf(containers: readonly ContainerFacts[]): string[][] {
  const byName = new Map(containers.map((each) => [each.name, each]));
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (name: string, way: string[]): void => {
    const from = way.indexOf(name);
    if (from >= 0) return void (way.length - from > 1 && cycles.push(way.slice(from)));
    if (done.has(name)) return;
    for (const next of Object.keys(byName.get(name)?.dependsOn ?? {})) {
      if (next !== name && byName.has(next)) visit(next, [...way, name]);
    }
    done.add(name);
  };
  for (const { name } of containers) visit(name, []);
  return cycles;
}
