import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { openWorkspace } from "../../../../src/actions/open-workspace.ts";
import { packageEnvironment } from "../../../../src/actions/package-environment.ts";
import { packageRoot } from "../../../../src/actions/package-root.ts";
import { packageWorkload } from "../../../../src/actions/package-workload.ts";
import { readFacts } from "../../../../src/actions/read-facts.ts";
import { applyPatches } from "../../../../src/cloudformation/overrides/apply-patches.ts";
import { isMachinery } from "../../../../src/cloudformation/overrides/machinery.ts";
import { pointerOf } from "../../../../src/cloudformation/overrides/pointer.ts";

const folder = join(packageRoot(import.meta.url), "../shared/copilot-cases");
const isHere = existsSync(folder);
if (!isHere) process.stderr.write("skipped: the reference cases are not at ../shared/copilot-cases\n");

interface Case {
  id: string;
  env: string;
  name: string;
  command: "svc" | "job" | "env";
  variables: Record<string, string>;
  workspace: string;
  facts: string;
  template: string;
}

/** Short forms are what stands behind them, as a path passes over them. */
const tags = "Base64 Cidr FindInMap GetAZs If ImportValue Join Select Split Sub Equals Not And Or GetAtt Ref Condition"
  .split(" ")
  .flatMap((name) => [
    { tag: `!${name}`, resolve: (text: string) => `!${name} ${text}` },
    { tag: `!${name}`, collection: "seq" as const, resolve: (list: unknown) => list },
    { tag: `!${name}`, collection: "map" as const, resolve: (map: unknown) => map },
  ]);

/** The paths of everything below, the deepest first. */
function pathsOf(value: unknown, at: readonly string[] = []): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...pathsOf(inner, [...at, key]), pointerOf([...at, key])]);
}

describe.skipIf(!isHere)("a path that leads somewhere in Copilot's template leads to the same in ours", () => {
  test.for([
    "lbws-everything-front-test",
    "backend-internal-http-internal-test",
    "worker-everything-worker-test",
    "job-cron-nightly-test",
    "rdws-everything-runner-test",
    "static-everything-pages-test",
    "env-cdn-and-logs",
  ])("%s", async (id) => {
    const { cases } = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")) as { cases: Case[] };
    const { name, env, variables, command, ...given } = cases.find((each) => each.id === id) as Case;
    const workspace = await openWorkspace(join(folder, given.workspace));
    const facts = await readFacts(given.facts, folder);
    const { stack } =
      command === "env"
        ? await packageEnvironment({ workspace, env, facts, variables })
        : await packageWorkload({ workspace, name, env, facts, variables });
    const options = { customTags: tags as never, logLevel: "silent" as const };
    const theirs = parse(readFileSync(join(folder, given.template), "utf8"), options) as {
      Resources: Record<string, { Type: string }>;
    };
    const own = Object.entries(theirs.Resources).filter(
      ([key, { Type }]) => !isMachinery(key) && !Type.startsWith("Custom::"),
    );
    // What is left has to be a template.
    const paths = pathsOf({ Resources: Object.fromEntries(own) }).filter(
      (path) => !/^\/[^/]+(\/[^/]+(\/Type)?)?$/.test(path),
    );
    const patches = paths.map((path) => ({ op: "replace" as const, path, value: "x" }));
    const { misfits } = applyPatches(stack.template, patches);
    const kinds = misfits.map(({ patch }) =>
      (paths[patch] ?? "").replaceAll(/\d+/g, "N").replaceAll(/front\w+?(?=SNS|Queue|Events)/g, "TOPIC"),
    );
    expect({ of: paths.length, misfits: [...new Set(kinds)] }).toMatchSnapshot();
  });
});
