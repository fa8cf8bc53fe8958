import { UserError } from "../errors.ts";
import { deploymentOrder } from "../plan/deployment-order.ts";
import type { DeployRequest } from "../providers/provider.ts";
import { checkWorkloads } from "./check-workloads.ts";
import { type DeployStory, imagesOf, type LocalDeployTools } from "./deploy-workload.ts";
import { leftOutOf } from "./left-out.ts";
import type { CheckedService } from "./load-manifest.ts";
import { deployableOf } from "./undeployable.ts";
import { readEnvFiles } from "./read-env-files.ts";
import { overlayOf } from "./overlay-of.ts";

export interface WorkloadsToPrepare {
  /** With the group that they are deployed in: lower ones first, those without one last. One whose type this version does
   *  not deploy is left out with a notice, unless it was named. */
  workloads: readonly { name: string; group?: number; named?: boolean }[];
  env: string;
  /** A further tag for the images. */
  tag?: string;
}

/** A workload that only has to be deployed. */
export type PreparedWorkload = Pick<DeployRequest, "plan" | "images" | "envFiles">;

/** Checks all of several workloads, then builds the images of all, and answers them in the order in which they are to
 *  be deployed: group by group, and whom others need first. Nothing has been deployed then.
 *  @throws UserError workspace/workload-not-found, workload/not-deployed-here, manifest/invalid with all problems of all,
 *  image/*, engine/* */
export async function* prepareWorkloads(
  { workloads, env, tag }: WorkloadsToPrepare,
  tools: LocalDeployTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, PreparedWorkload[], void> {
  const { workspace, provider } = tools;
  const { deployable, notices } = await deployableOf(workloads, workspace);
  const names = deployable.map(({ name }) => name);
  const overlay = await overlayOf({ app: workspace.application, env }, provider);
  const checked = inOrder(await checkWorkloads({ workspace, names, env, overlay, variables: tools.env }), workloads);
  const target = await provider.target();
  const all = checked.map(({ plan }) => plan.name).join(", ");
  yield { type: "target", app: workspace.application, env, name: all, target };
  for (const notice of notices) yield { type: "notice", ...notice };
  for (const { plan, diagnostics, place } of checked) {
    if (diagnostics.length > 0) yield { type: "diagnostics", diagnostics };
    for (const notice of leftOutOf(plan, provider, place)) yield { type: "notice", ...notice };
  }
  const files = await Promise.all(checked.map(({ plan, place }) => readEnvFiles(plan, workspace, place)));
  for (const { plan } of checked) await provider.checkDeploy(plan);
  const prepared: PreparedWorkload[] = [];
  for (const [index, one] of checked.entries()) {
    if (signal.aborted) throw new UserError("interrupted", "interrupted: nothing was deployed", { exitCode: 130 });
    const images = yield* imagesOf(one, { tag, target }, tools, signal);
    prepared.push({ plan: { ...one.plan, manifest: one.text }, images, envFiles: files[index] });
  }
  return prepared;
}

function inOrder(checked: readonly CheckedService[], workloads: WorkloadsToPrepare["workloads"]): CheckedService[] {
  const groups = new Map(workloads.map(({ name, group = Number.POSITIVE_INFINITY }) => [name, group]));
  const places = new Map(deploymentOrder(checked.map(({ plan }) => plan)).map((name, index) => [name, index]));
  const groupOf = ({ plan }: CheckedService) => groups.get(plan.name) ?? 0;
  const placeOf = ({ plan }: CheckedService) => places.get(plan.name) ?? 0;
  return checked.toSorted((a, b) =>
    groupOf(a) === groupOf(b) ? placeOf(a) - placeOf(b) : groupOf(a) < groupOf(b) ? -1 : 1,
  );
}
