import { openWorkspace, type Workspace } from "../../actions/open-workspace.ts";
import { UserError } from "../../errors.ts";
import type { Context } from "../context.ts";
import { chooseEnvironment, type ChosenEnvironment, type EnvironmentInput } from "./environment.ts";
import { requireApplication } from "./workload.ts";

export interface ChosenWorkloads extends ChosenEnvironment {
  app: string;
  /** `group`: which are deployed first. `named`: asked for by name. */
  workloads: { name: string; group?: number; named?: boolean }[];
  workspace: Workspace;
}

/** Workloads of the workspace: those that are named, as `api` or `api/1`, else all of them.
 *  @throws UserError workspace/*, environment/*, usage/* */
export async function chooseWorkloads(
  input: EnvironmentInput & { names?: string[]; all: boolean },
  context: Context,
): Promise<ChosenWorkloads> {
  const workspace = await openWorkspace(context.host.cwd);
  requireApplication(input.app, workspace);
  const named = (input.names ?? []).map((written) => ({ ...readName(written), named: true }));
  const twice = named.find(({ name }, index) => named.findIndex((each) => each.name === name) !== index);
  if (twice !== undefined)
    throw new UserError("usage/invalid-flag", `--name names ${twice.name} twice`, { hint: "leave one of them out" });
  const others = (await workspace.listWorkloads()).filter((name) => named.every((each) => each.name !== name));
  const workloads = named.length > 0 && !input.all ? named : [...named, ...others.map((name) => ({ name }))];
  if (workloads.length === 0)
    throw new UserError("workspace/workload-not-found", `the application ${workspace.application} has no service yet`, {
      hint: "pilotfish svc init",
    });
  const place = await chooseEnvironment(input, workspace, context);
  return { app: workspace.application, ...place, workloads, workspace };
}

function readName(written: string): { name: string; group?: number } {
  const [name = "", group, ...more] = written.split("/");
  if (group === undefined && name !== "") return { name };
  if (name !== "" && more.length === 0 && /^\d{1,9}$/.test(group ?? "")) return { name, group: Number(group) };
  throw new UserError("usage/invalid-flag", `--name ${written}: behind the slash stands a whole number`, {
    hint: `for instance --name ${name || "api"}/1`,
  });
}
