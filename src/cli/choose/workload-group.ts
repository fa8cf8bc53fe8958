import { workloadTypes } from "../../actions/workload-types.ts";
import { openWorkspace, openWorkspaceIfAny, type Workspace } from "../../actions/open-workspace.ts";
import { UserError } from "../../errors.ts";
import { shellLine } from "../command-line.ts";
import type { Context } from "../context.ts";
import { nameOf } from "../flags.ts";
import { chooseEnvironment } from "./environment.ts";
import { chooseBoth } from "./missing-input.ts";
import { chooseFromWorkspace, chooseName, type ChosenWorkload, missingName, type WorkloadInput } from "./workload.ts";

/** The first word of the commands for workloads. */
export type Group = "svc" | "job";

export const nouns: Record<Group, string> = { svc: "service", job: "job" };

/** The flag that names a workload of the group. */
export function nameFlag(group: Group) {
  const description = `Name of the ${nouns[group]}.`;
  return nameOf({ name: "name", short: "n", value: "NAME", description, completes: "workload" });
}

/** A workload of the group. @throws UserError usage/invalid-flag for one of the other group, as chooseName else */
export async function chooseOfGroup(
  group: Group,
  given: string | undefined,
  workspace: Workspace,
  context: Context,
): Promise<string> {
  const groups = new Map([...(await workloadTypes(workspace))].map(([name, type]) => [name, groupOf(type)]));
  const own = [...groups].filter(([, each]) => each === group).map(([name]) => name);
  const choice = { names: own, noun: nouns[group], hint: `pilotfish ${group} init` };
  const name = await chooseName(given, workspace, context, choice);
  const other = groups.get(name);
  if (other === undefined || other === group) return name;
  // Services cannot be run once.
  const has = context.commandLine[1] !== "run";
  const line = has ? context.commandLine.map((word) => (word === group ? other : word)) : [other, "status", "-n", name];
  throw new UserError("usage/invalid-flag", `--name ${name}: this is a ${nouns[other]}, not a ${nouns[group]}`, {
    hint: shellLine(line),
  });
}

/** A job of the workspace, and an environment. @throws as {@link chooseOfGroup} */
export async function chooseJob(
  input: WorkloadInput,
  context: Context,
): Promise<ChosenWorkload & { workspace: Workspace }> {
  return chooseFromWorkspace(input, context, (workspace) => chooseOfGroup("job", input.name, workspace, context));
}

/** A job on AWS, from a workspace or, with all flags given, from anywhere.
 *  @throws UserError workload/not-deployed-here in a simulated environment, and as {@link chooseOfGroup} */
export async function chooseDeployedJob(
  input: Pick<WorkloadInput, "app" | "name" | "env">,
  context: Context,
): Promise<Omit<ChosenWorkload, "on">> {
  const { app, name } = input;
  const workspace =
    app === undefined ? await openWorkspace(context.host.cwd) : await openWorkspaceIfAny(context.host.cwd);
  const ours = app === undefined || app === workspace?.application ? workspace : undefined;
  const [{ env, on }, chosen] = await chooseBoth(
    () => chooseEnvironment(input, ours, context),
    async () => {
      if (ours !== undefined) return chooseOfGroup("job", name, ours, context);
      if (name === undefined) throw missingName([], context);
      return name;
    },
    context,
  );
  if (on === "local")
    throw new UserError(
      "workload/not-deployed-here",
      `${chosen} is a job, and the simulator of this version runs no jobs`,
      { hint: `pilotfish svc taskdef -n ${chosen} -e ${env}` },
    );
  return { app: app ?? ours?.application ?? "", env, name: chosen };
}

/** A manifest that names no type is for the checks of manifests. */
function groupOf(type: string | undefined): Group {
  return type === "Scheduled Job" ? "job" : "svc";
}
