import { deploymentOrder } from "../plan/deployment-order.ts";
import { isServicePlan } from "../plan/plan-tasks.ts";
import type { DeployResult } from "../providers/provider.ts";
import { checkManifests } from "./check-workloads.ts";
import { type AccountTools, deployMade } from "./deploy-to-account.ts";
import type { DeployStory, WorkloadToDeploy } from "./deploy-workload.ts";
import { factsFor, factsForAll } from "./facts-for.ts";
import type { CheckedManifest } from "./load-manifest.ts";
import { makeForWorkloads } from "./make-for-workloads.ts";
import { overheard } from "./overheard.ts";
import { registerWorkloads } from "./register-workloads.ts";

export interface WorkloadsForAccount extends Omit<WorkloadToDeploy, "name"> {
  /** With the group that they are deployed in: lower ones first, those without one last. */
  workloads: readonly { name: string; group?: number }[];
}

/** A workload that only has to be deployed. */
export interface ReadyToDeploy {
  name: string;
  deploy(signal: AbortSignal): AsyncGenerator<DeployStory, DeployResult, void>;
}

/** Checks all of several workloads, then builds and pushes the images of all, and answers them in the order in which they are
 *  to be deployed: group by group, and whom others need first. No stack has been changed then.
 *  @throws UserError as {@link deployToAccount}, before its stacks are changed */
export async function* prepareForAccount(
  { workloads, ...request }: WorkloadsForAccount,
  tools: AccountTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, ReadyToDeploy[], void> {
  const { env, tag } = request;
  const { workspace } = tools;
  const app = workspace.application;
  const names = workloads.map(({ name }) => name);
  const checked = inOrder(await checkManifests({ workspace, names, env, variables: tools.env }), workloads);
  const all = checked.map(({ manifest }) => manifest.name).join(", ");
  // Asked at the same time as who and where.
  const manifests = checked.map(({ manifest }) => manifest);
  const facts = factsForAll(manifests, { app, env }, tools);
  facts.catch(() => undefined);
  await Promise.allSettled([facts, tools.account.identity()]);
  const target = await tools.account.target({ app, env });
  yield { type: "target", app, env, name: all, target };
  for (const { diagnostics } of checked) if (diagnostics.length > 0) yield { type: "diagnostics", diagnostics };
  const gathered = (await facts).flatMap((of, index) => {
    const each = checked[index];
    return each === undefined ? [] : [{ checked: each, gathered: of }];
  });
  yield* registerWorkloads(gathered, { app, account: tools.account }, signal);
  const made = yield* makeForWorkloads(gathered, { tag }, tools, signal);
  // One that changes something may change what is known for those after it: the environment, the priorities of rules.
  let isOld = false;
  return gathered.map((each) => {
    const { name } = each.checked.manifest;
    return {
      name,
      async *deploy(stop) {
        const now = isOld ? await factsFor(each.checked.manifest, { app, env }, tools) : each.gathered;
        const ready = { request: { ...request, name }, checked: each.checked, gathered: now, made: made[name] ?? {} };
        return yield* overheard(deployMade(ready, tools, stop), ({ type }) => {
          isOld ||= type === "stack-started" || type === "accepted";
        });
      },
    };
  });
}

/** What does not run as a service comes behind those that do. */
function inOrder(checked: readonly CheckedManifest[], workloads: WorkloadsForAccount["workloads"]): CheckedManifest[] {
  const groups = new Map(workloads.map(({ name, group = Number.POSITIVE_INFINITY }) => [name, group]));
  const plans = checked.flatMap(({ plan }) => (plan && isServicePlan(plan) ? [plan] : []));
  const places = new Map(deploymentOrder(plans).map((name, index) => [name, index]));
  const groupOf = ({ manifest }: CheckedManifest) => groups.get(manifest.name) ?? 0;
  const placeOf = ({ manifest }: CheckedManifest) => places.get(manifest.name) ?? plans.length;
  return checked.toSorted((a, b) =>
    groupOf(a) === groupOf(b) ? placeOf(a) - placeOf(b) : groupOf(a) < groupOf(b) ? -1 : 1,
  );
}
