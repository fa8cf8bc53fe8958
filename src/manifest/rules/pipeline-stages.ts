import type { Path } from "../problems.ts";
import { circleIn, type Dependencies } from "../run-order.ts";
import { nearest } from "../spelling.ts";
import { listed, quoted } from "../words.ts";
import { pipelineRule, type ReadPipelineManifest } from "./pipeline-rule.ts";
import type { Report } from "./rule.ts";

type Stage = NonNullable<ReadPipelineManifest["stages"]>[number];

/** There is a stage, and each is another environment. */
export const stageNames = pipelineRule("pipeline/stages", ["stages/**"], ({ stages }, report) => {
  if (stages === undefined) return;
  if (stages.length === 0)
    report("stages", "a pipeline needs a stage: an environment to deploy to", { hint: "add `- name: test`" });
  const first = new Map<string, number>();
  stages.forEach((stage, i) => {
    const { name } = stage ?? {};
    if (name === undefined) return;
    const before = first.get(name);
    if (before === undefined) first.set(name, i);
    else
      report(["stages", i, "name"], `\`stages[${before}]\` is ${quoted(name)} already`, {
        hint: "an environment has one stage: name its deployments there",
      });
  });
});

/** What deployments and actions wait for exists, and does not wait for them in turn. */
export const stageDependencies = pipelineRule("pipeline/depends-on", ["stages/**"], ({ stages }, report) => {
  for (const [at, group] of groupsOf(stages)) {
    const names = new Set(Object.keys(group));
    const dependencies: Dependencies = Object.fromEntries(
      Object.entries(group).map(([name, each]) => [name, each?.depends_on ?? []]),
    );
    for (const [name, waitsFor] of Object.entries(dependencies))
      waitsFor.forEach((other, i) => {
        const path = [...at, name, "depends_on", i];
        if (other === name) report(path, `${quoted(name)} cannot wait for itself`);
        else if (!names.has(other)) report(path, ...unknown(other, at, name, [...names]));
      });
    reportCircle(dependencies, at, report);
  }
});

function unknown(other: string, at: Path, name: string, names: string[]): [message: string, details: { hint: string }] {
  const meant = nearest(other, names);
  const others = names.filter((each) => each !== name);
  const hint =
    meant !== undefined
      ? `did you mean ${quoted(meant)}?`
      : others.length > 0
        ? `there is ${listed(others.map(quoted), "and")}`
        : `${quoted(name)} is the only one`;
  return [`there is no ${quoted(other)} in ${quoted(String(at.at(-1)))}`, { hint }];
}

function reportCircle(dependencies: Dependencies, at: Path, report: Report): void {
  const ofOthers = Object.entries(dependencies).map(([name, all]) => [name, all.filter((each) => each !== name)]);
  const circle = circleIn(Object.fromEntries(ofOthers) as Dependencies);
  const [first] = circle ?? [];
  if (circle === undefined || first === undefined) return;
  report([...at, first, "depends_on"], `these wait for each other: ${[...circle, first].map(quoted).join(" → ")}`, {
    hint: "take one of these dependencies away",
  });
}

/** A stage ends with actions of their own, or with commands. */
export const testsOrActions = pipelineRule("pipeline/tests", ["stages/**"], ({ stages }, report) => {
  stages?.forEach((stage, i) => {
    const { test_commands: commands = [], post_deployments: actions = {} } = stage ?? {};
    if (commands.length === 0 || Object.keys(actions).length === 0) return;
    report(["stages", i, "test_commands"], "`test_commands` and `post_deployments` exclude each other", {
      hint: "run the commands in the buildspec of an action under `post_deployments`",
    });
  });
});

/** Actions have names that CodePipeline takes, each its own in the stage; what is named after them is told apart by letters
 *  and digits alone. Source: the API reference of CodePipeline, ActionDeclaration. */
export const actionNames = pipelineRule("pipeline/action-name", ["stages/**"], ({ stages }, report) => {
  const projects = new Map<string, string>();
  stages?.forEach((stage, i) => {
    const inStage = new Map<string, string>();
    for (const group of ["pre_deployments", "post_deployments"] as const)
      for (const name of Object.keys(stage?.[group] ?? {})) {
        const at = ["stages", i, group, name] as const;
        if (!/^[A-Za-z0-9.@_-]{1,100}$/.test(name)) {
          report(at, `${quoted(name)} is no name for an action`, {
            hint: "use letters, digits, `.`, `@`, `-` and `_`, 100 of them at most",
          });
          continue;
        }
        const before = inStage.get(name);
        if (before !== undefined)
          report(
            at,
            `CodePipeline takes the name of an action once in a stage, and \`${before}\` has ${quoted(name)}`,
            {
              hint: "give it another name",
              severity: "warning",
            },
          );
        inStage.set(name, group);
        const id = [group, stage?.name, name].map((part = "") => part.replaceAll(/[^A-Za-z0-9]/g, "")).join(" ");
        const twin = projects.get(id);
        if (twin !== undefined)
          report(at, `${quoted(name)} and ${quoted(twin)} differ in nothing but signs, and share one build project`, {
            hint: "let their names, or those of their stages, differ in letters or digits",
          });
        projects.set(id, name);
      }
  });
});

type Waiting = Readonly<Record<string, { depends_on?: string[] } | undefined>>;

/** What runs in an order within each stage, and where it stands. */
function groupsOf(stages: (Stage | undefined)[] | undefined): [at: Path, group: Waiting][] {
  return (stages ?? []).flatMap((stage, i) =>
    (["pre_deployments", "deployments", "post_deployments"] as const).map((group): [Path, Waiting] => [
      ["stages", i, group],
      stage?.[group] ?? {},
    ]),
  );
}
