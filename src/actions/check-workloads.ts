import type { Diagnostic } from "../errors.ts";
import { isService, type OpenedManifest, openWorkloadManifest } from "../manifest/load.ts";
import { isServicePlan } from "../plan/plan-tasks.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { FileChecks } from "./check-files.ts";
import { checkPlan } from "./check-plan.ts";
import { type CheckedManifest, type CheckedService, refuseErrors } from "./load-manifest.ts";
import { placedRoutes, routeConflicts, type RoutedWorkload } from "./check-routes.ts";
import { inBatches } from "./in-batches.ts";

export interface WorkloadsToCheck {
  workspace: Workspace;
  /** The workloads that are asked about; all others of the workspace count where they get in each other's way. */
  names: readonly string[];
  env: string;
  /** Whose overlay counts in that environment; absent: its own. */
  overlay?: string;
  /** For `${VAR}`: the environment of the process. */
  variables: Readonly<Record<string, string | undefined>>;
}

/** The same as {@link checkManifests} of those that run as services of ECS. */
export async function checkWorkloads(request: WorkloadsToCheck): Promise<CheckedService[]> {
  return (await checkManifests(request)).filter(
    (checked): checked is CheckedService =>
      isService(checked.manifest) && checked.plan !== undefined && isServicePlan(checked.plan),
  );
}

/** What has to hold before a workload is deployed to an environment: its manifest, the files that it names, its plan, and
 *  that no other workload is in its way. In the order of the names.
 *  @throws UserError workspace/workload-not-found, manifest/invalid with all problems of all of them */
export async function checkManifests(request: WorkloadsToCheck): Promise<CheckedManifest[]> {
  const { workspace, names, env } = request;
  const app = workspace.application;
  const files = new FileChecks(workspace, { strict: false });
  const workloads = await Promise.all(
    names.map(async (name) => ({ name, loaded: (await openWorkload(request, name)).in(env) })),
  );
  const asked = workloads.map(({ name, loaded }) => ({ name, routes: placedRoutes(loaded) }));
  const conflicts = routeConflicts(
    [...asked, ...(await othersIn(request))].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    new Set(names),
  );
  const checked = await Promise.all(
    workloads.map(async ({ name, loaded }) => {
      const { plan, problem } = checkPlan(loaded, { app, env });
      const ways = conflicts.filter(({ between }) => between[1].name === name).map((each) => each.problem);
      const found = [...loaded.diagnostics, ...(problem ? [problem] : []), ...ways];
      return { loaded, plan, diagnostics: [...byPlace(found), ...(await files.problemsOf(loaded))] };
    }),
  );
  refuseErrors(checked.flatMap(({ diagnostics }) => diagnostics));
  return checked.flatMap(({ loaded: { manifest, text, interpolatedText, place }, plan, diagnostics }) =>
    manifest ? [{ manifest, text, interpolatedText, ...(plan && { plan }), diagnostics, place }] : [],
  );
}

/** A workload's manifest, read once. @throws UserError workspace/workload-not-found, workspace/invalid */
export async function openWorkload(
  { workspace, overlay, variables }: Pick<WorkloadsToCheck, "workspace" | "overlay" | "variables">,
  name: string,
): Promise<OpenedManifest> {
  return openWorkloadManifest(await workspace.readWorkload(name), { app: workspace.application, overlay, variables });
}

function byPlace(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** The other workloads; one that cannot be read is in nobody's way. */
async function othersIn(request: WorkloadsToCheck): Promise<RoutedWorkload[]> {
  const others = (await request.workspace.listWorkloads()).filter((name) => !request.names.includes(name));
  return inBatches(others, async (name) => {
    const manifest = await openWorkload(request, name).catch(() => undefined);
    return { name, routes: manifest ? placedRoutes(manifest.in(request.env)) : [] };
  });
}
