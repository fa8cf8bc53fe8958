import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import type { EnvironmentOutput, KnownLater, LaterRef } from "../../plan/later.ts";
import { type PlanPart, resolvePlan } from "../../plan/resolve.ts";
import type { WorkloadPlan } from "../../plan/workload-plan.ts";
import type { SimulatorClient } from "../../simulator/protocol.ts";
import type { DeployEvent, DeployRequest, DeployResult } from "../provider.ts";
import { followDeployment } from "./follow-deployment.ts";

/** The account and region that the simulator plays. */
const account = "000000000000";
const region = "us-east-1";

/** As on AWS, where such a change is made to the target group or the rule alone. */
const inPlace =
  "only settings of the load balancer or the service changed: they are in force, and no task was replaced";

/** Resolves the plan with what this machine knows, starts the deployment and follows it. */
export async function* deployWorkload(
  client: SimulatorClient,
  request: DeployRequest,
  signal: AbortSignal,
): AsyncGenerator<DeployEvent, DeployResult, void> {
  const { plan, images, force, noRollback, failFast, detach, timeoutMs } = request;
  const address =
    plan.loadBalancer &&
    (await client.call("open-load-balancer", { app: plan.app, env: plan.env, loadBalancer: plan.loadBalancer }));
  const resolved = resolvePlan(plan, (later, part) => valueOf(later, part, request, address?.address ?? ""));
  const known = Object.fromEntries(
    Object.entries(images).flatMap(([container, { id }]) => (id === undefined ? [] : [[container, id]])),
  );
  const updated = yield* onceDeleted(signal, () =>
    client.call("update-service", { plan: resolved, images: known, force, noRollback }),
  );
  const { serviceId, deploymentId, revision, changed, at } = updated;
  const status = await client.call("describe-service", { serviceId });
  const running = status.deployments.find(({ id }) => id === deploymentId)?.rolloutState === "IN_PROGRESS";
  if (changed === "nothing" && !running) return { outcome: "unchanged", deploymentId, status, durationMs: 0 };
  yield {
    type: "accepted",
    at: new Date(at).toISOString(),
    deploymentId,
    revision,
    taskDefinition: `${resolved.taskDefinition.family}:${revision}`,
  };
  if (changed === "settings") yield { type: "notice", code: "service/updated-in-place", message: inPlace };
  if (detach) return { outcome: "detached", deploymentId, status, durationMs: 0 };
  return yield* followDeployment(
    client,
    { serviceId, deploymentId, startedAt: Date.now(), scaling: changed === "count", failFast, timeoutMs },
    signal,
  );
}

/** A service of this name that is being deleted is waited for, as CloudFormation does. */
async function* onceDeleted<T>(signal: AbortSignal, update: () => Promise<T>): AsyncGenerator<DeployEvent, T, void> {
  for (let told = false; ; told = true) {
    try {
      return await update();
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "service/deleting" || signal.aborted) throw error;
      if (!told) yield { type: "notice", code: error.code, message: `${error.message}; the deploy waits for that` };
      await sleep(200);
    }
  }
}

/** What a reference stands for on this machine. What only AWS would use has a value that says so by its zeros. */
function valueOf(
  later: KnownLater,
  part: PlanPart,
  { plan, images }: Pick<DeployRequest, "plan" | "images">,
  loadBalancer: string,
): string {
  if ("image" in later) {
    const image = images[later.image]?.name ?? plan.images?.[later.image];
    if (image === undefined) throw new Error(`the image of container ${later.image} is not known`);
    return image;
  }
  if ("ref" in later) return values(plan)[later.ref];
  if ("env" in later)
    return later.env.endsWith("LoadBalancerDNSName") ? loadBalancer : (environmentValues[later.env] ?? "");
  if ("topic" in later) return `arn:aws:sns:${region}:${account}:${plan.app}-${plan.env}-${plan.name}-${later.topic}`;
  if ("loadBalancer" in later) return loadBalancer;
  if ("subnetsWithTags" in later) return subnet;
  // Roles and networks of AWS play no part here; a container that would miss the value does.
  if (part !== "taskDefinition") return "none";
  const what =
    "import" in later ? `the export ${later.import}` : `the environment file of the container ${later.envFile}`;
  throw new UserError("deploy/refused", `the simulator of this version has no value for ${what}`, {
    hint: "leave it out of the environment's overlay, or give the value itself there",
  });
}

const subnet = "subnet-00000000";

const environmentValues: Partial<Record<EnvironmentOutput, string>> = {
  VpcId: "vpc-00000000",
  PublicSubnets: subnet,
  PrivateSubnets: subnet,
  EnvironmentSecurityGroup: "sg-00000000",
  ManagedFileSystemID: "fs-00000000",
  InternalWorkloadsHostedZoneName: "internal",
  SubDomain: "localhost",
};

function values({ app, env, name }: WorkloadPlan): Record<LaterRef, string> {
  const stack = `${app}-${env}-${name}`;
  return {
    "execution-role": `arn:aws:iam::${account}:role/${stack}-ExecutionRole`,
    "task-role": `arn:aws:iam::${account}:role/${stack}-TaskRole`,
    "log-group": `/copilot/${stack}`,
    partition: "aws",
    region,
    account,
    "artifact-bucket": `${app}-artifacts`,
    "artifact-key": `arn:aws:kms:${region}:${account}:key/00000000-0000-0000-0000-000000000000`,
    "access-point": "fsap-00000000",
    "access-point-arn": `arn:aws:elasticfilesystem:${region}:${account}:access-point/fsap-00000000`,
  };
}
