import { createHash } from "node:crypto";
import { type HotswapPlan, planHotswap } from "../cloudformation/hotswap/plan-hotswap.ts";
import { readTemplate } from "../cloudformation/read-template.ts";
import { UserError } from "../errors.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { ServiceBesideStack } from "../providers/account/services.ts";
import type { StackDescription } from "../providers/account/stacks.ts";
import type { DeployResult, WorkloadRef } from "../providers/provider.ts";
import type { DeployStory } from "./deploy-workload.ts";
import { followBegun, redeploy } from "./follow-begun.ts";
import { refuseDowngrade } from "./refuse-downgrade.ts";
import { resourceSchemas } from "./resource-schemas.ts";
import type { RollOutTools, StackToRollOut } from "./roll-out.ts";

/** What goes past CloudFormation. */
export interface HotswapEvent {
  type: "hotswap";
  /** The stack that stays as it is, and the revision that it has. */
  stack: string;
  stackRevision: number;
  /** The properties of the task definition that differ from the stack's; none where the service goes back to that. */
  changes: string[];
  /** What a full deployment would have done beside. */
  skipped: string[];
}

/** Deploys a change of the task definition alone straight through ECS, past CloudFormation, and follows it as any other
 *  deployment. The stack keeps its own revision: until the next full deployment the service has drifted from it, which anybody
 *  sees by comparing the two, so that nothing is lost when this is broken off at any point.
 *  @returns `full` when more is to be done, which has been said; `stale` as {@link rollOut}
 *  @throws UserError aws/denied, stack/newer, deploy/busy */
export async function* hotswap(
  { app, request, stack, gathered, where, lock }: StackToRollOut,
  tools: RollOutTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult | "full" | "stale", void> {
  const { account, provider, now } = tools;
  const { services } = account;
  const startedAt = now();
  const workload: WorkloadRef = { app, env: request.env, name: request.name };
  const deployed = gathered.workloadStack;
  if (deployed === undefined) return yield* inFull(workload, ["it has not been deployed yet"]);
  if (!isWhole(deployed)) return yield* inFull(workload, [`its stack ${deployed.name} is ${deployed.status}`]);
  const [text, service] = await Promise.all([
    account.stacks.template(deployed.name, where),
    services.besideStack(workload),
  ]);
  if (service === undefined) return yield* inFull(workload, ["it has no service of ECS"]);
  if (request.allowDowngrade !== true) refuseDowngrade(deployed.name, text);
  const plan = await planned(text, service, { stack, gathered, deployed });
  if (plan.swaps === "no") return yield* inFull(workload, plan.because);
  const mark = plan.swaps === "forth" ? hashOf(plan.request) : undefined;
  const runsAlready = plan.swaps === "forth" ? service.mark === mark : service.runs === service.ofStack;
  if (runsAlready && !request.force) {
    const status = await provider.describeWorkload(workload);
    return { outcome: "unchanged", status, durationMs: now() - startedAt };
  }
  if (yield* lock.take(signal)) return "stale";
  const stackRevision = revisionIn(service.ofStack);
  yield {
    type: "hotswap",
    stack: stack.name,
    stackRevision,
    changes: plan.swaps === "forth" ? plan.changes : [],
    skipped: ["the change set", `the update of the stack ${stack.name}`, "the manifest that is kept with it"],
  };
  const hotswapped = { stack: stack.name, stackRevision };
  if (runsAlready) {
    const ended = yield* redeploy(workload, request, tools, signal);
    return asHotswap(ended, hotswapped, now() - startedAt);
  }
  const known = { environmentStack: gathered.environmentStack, resources: service.resources };
  let begun = false;
  const begin = async () => {
    const arn =
      plan.swaps === "forth"
        ? await services.registerDefinition(workload, { request: plan.request, tags: stack.tags, mark: mark ?? "" })
        : service.ofStack;
    if (signal.aborted) throw interrupted(workload);
    begun = true;
    return services.moveTo(workload, arn, known);
  };
  try {
    const ended = yield* followBegun(workload, request, begin, tools, signal, known);
    return asHotswap(ended, hotswapped, now() - startedAt);
  } catch (error) {
    throw begun ? error : withWayOut(error, workload);
  }
}

/** Whether nothing of the stack is half done. */
function isWhole({ status }: StackDescription): boolean {
  return /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(status);
}

async function* inFull({ name }: WorkloadRef, because: readonly string[]): AsyncGenerator<DeployStory, "full", void> {
  const message = `${name} is deployed in full, since a hotswap is not enough: ${because.join("; ")}`;
  yield { type: "notice", code: "hotswap/not-enough", message };
  return "full";
}

async function planned(
  text: string,
  service: ServiceBesideStack,
  { stack, gathered, deployed }: { deployed: StackDescription } & Pick<StackToRollOut, "stack" | "gathered">,
): Promise<HotswapPlan> {
  const { parameters, tags } = stack;
  const ids = Object.entries(service.resources).map(([id, { physicalId }]) => [id, physicalId]);
  return planHotswap({
    before: { template: readTemplate(text), parameters: deployed.parameters, tags: deployed.tags },
    after: { template: readTemplate(stack.text), parameters, tags },
    schemas: await resourceSchemas(),
    surroundings: surroundingsOf(stack.name, gathered.facts),
    physicalIds: Object.fromEntries(ids),
    deployed: service.definition,
  });
}

function surroundingsOf(stackName: string, { account, region, partition }: GatheredFacts["facts"]) {
  return { account, region, partition, stackName };
}

function hashOf(request: object): string {
  return createHash("sha256").update(JSON.stringify(request)).digest("hex");
}

/** 7 of `…/shop-test-api:7`. */
function revisionIn(taskDefinition: string): number {
  return Number(/:(\d+)$/.exec(taskDefinition)?.[1] ?? 0);
}

/** What is followed knows nothing of the stack. */
function asHotswap(
  result: DeployResult,
  hotswapped: { stack: string; stackRevision: number },
  durationMs: number,
): DeployResult {
  const { status } = result;
  const primary = status.deployments.find((each) => each.status === "PRIMARY");
  const { stackRevision } = hotswapped;
  const hasLeft = primary !== undefined && primary.revision !== stackRevision;
  const drift = hasLeft ? { drift: { revision: primary.revision, stackRevision } } : {};
  return { ...result, hotswap: hotswapped, status: { ...status, ...drift }, durationMs };
}

/** CloudFormation registers with rights of its own. */
function withWayOut(error: unknown, { name, env }: WorkloadRef): unknown {
  if (!(error instanceof UserError) || error.code !== "aws/denied") return error;
  const { code, message, hint, details } = error;
  return new UserError(code, message, {
    details: [...details, ...(hint === undefined ? [] : [hint]), "without --hotswap CloudFormation does it"],
    hint: `pilotfish svc deploy -n ${name} -e ${env}`,
    cause: error,
  });
}

function interrupted({ name, env }: WorkloadRef): UserError {
  return new UserError("interrupted", `interrupted: ${name} was not deployed`, {
    hint: `pilotfish svc deploy -n ${name} -e ${env} --hotswap`,
    exitCode: 130,
  });
}
