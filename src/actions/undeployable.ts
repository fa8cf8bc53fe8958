import { UserError, type Place } from "../errors.ts";
import type { workloadTypes } from "../manifest/workload-types.ts";
import type { LoadedManifest } from "../manifest/load.ts";
import { isServicePlan, type TasksPlan } from "../plan/plan-tasks.ts";
import type { WorkloadPlan } from "../plan/workload-plan.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { LeftOutNotice } from "./left-out.ts";
import { writtenType } from "./written-type.ts";

/** Types whose manifests are read, planned and packaged, and that the simulator does not run. */
const undeployable: readonly string[] = [
  "Worker Service",
  "Request-Driven Web Service",
  "Static Site",
  "Scheduled Job",
] satisfies (typeof workloadTypes)[number][];

/** @throws UserError workload/not-deployed-here, workspace/workload-not-found */
export async function refuseUndeployable(name: string, workspace: Workspace): Promise<void> {
  const type = await writtenType(name, workspace);
  if (undeployable.includes(type)) throw refusal(name, type, await placeOf(name, workspace));
}

/** Of several workloads, those that this version deploys, and what is said of those that it leaves out.
 *  @throws UserError workload/not-deployed-here for one that was named, workspace/workload-not-found */
export async function deployableOf<W extends { name: string; named?: boolean }>(
  workloads: readonly W[],
  workspace: Workspace,
): Promise<{ deployable: W[]; notices: LeftOutNotice[] }> {
  const typed = await Promise.all(
    workloads.map(async (each) => ({ each, type: await writtenType(each.name, workspace) })),
  );
  const deployable = typed.filter(({ type }) => !undeployable.includes(type)).map(({ each }) => each);
  const others = typed.filter(({ type }) => undeployable.includes(type));
  const notices = await Promise.all(
    others.map(async ({ each: { name }, type }) => {
      return { code, message: notice(name, type), place: await placeOf(name, workspace) };
    }),
  );
  const refused = others.find(({ each }) => each.named === true) ?? (deployable.length === 0 ? others[0] : undefined);
  if (refused) throw refusal(refused.each.name, refused.type, await placeOf(refused.each.name, workspace));
  return { deployable, notices };
}

/** Whether this version deploys workloads of a type; it does not know better of a type that is none. */
export function isDeployedType(type: string): boolean {
  return !undeployable.includes(type);
}

/** Whether a plan is one that this version deploys. */
export function isDeployed(plan: TasksPlan): plan is WorkloadPlan {
  return isServicePlan(plan) && !undeployable.includes(plan.type);
}

/** What is said of a manifest that is only checked. */
export function undeployedOf({ readable, place }: Pick<LoadedManifest, "readable" | "place">): LeftOutNotice[] {
  const { name = "", type = "" } = readable;
  if (!undeployable.includes(type)) return [];
  return [{ code, message: notice(name, type), place: place(["type"]) }];
}

const code = "workload/not-deployed-here";

function notice(name: string, type: string): string {
  return `${name} is left out: deploying a ${type} to this machine is not in this version`;
}

async function placeOf(name: string, workspace: Workspace): Promise<Place> {
  return { file: (await workspace.readWorkload(name)).file };
}

function refusal(name: string, type: string, place: Place): UserError {
  const message = `${name} is a ${type}, and deploying one to this machine is not in this version of pilotfish`;
  const group = type === "Scheduled Job" ? "job" : "svc";
  const hint = `pilotfish ${group} package -n ${name} -e test --facts facts.json`;
  return new UserError(code, message, { place, hint });
}
