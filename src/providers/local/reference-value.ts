import { createHash } from "node:crypto";
import type { EnvironmentOutput, KnownLater, LaterRef } from "../../plan/later.ts";
import type { PlanPart } from "../../plan/resolve.ts";
import type { WorkloadPlan } from "../../plan/workload-plan.ts";
import type { DeployRequest, EnvironmentRef } from "../provider.ts";

/** The account and region that the simulator plays. */
const account = "000000000000";
const region = "us-east-1";

/** What a deploy has found out. */
export interface DeployFacts extends Pick<DeployRequest, "plan" | "images"> {
  /** Value by name, of all exports that containers need. */
  exports: Record<string, string>;
  /** Container → ARN of its environment file. */
  envFiles: Record<string, string>;
  /** The address of the service's load balancer. */
  loadBalancer: string;
}

/** What a reference stands for on this machine. What only AWS would use has a value that says so by its zeros. */
export function referenceValue(later: KnownLater, part: PlanPart, facts: DeployFacts): string {
  const { plan, images, loadBalancer } = facts;
  if ("image" in later) {
    const image = images[later.image]?.name ?? plan.images?.[later.image];
    if (image === undefined) throw new Error(`the image of container ${later.image} is not known`);
    return image;
  }
  if ("ref" in later) return values(plan)[later.ref];
  if ("env" in later && later.env.endsWith("LoadBalancerDNSName"))
    return part === "listenerRules" ? loadBalancer.replace(/:\d+$/, "") : loadBalancer;
  if ("env" in later && later.env === "InternalWorkloadsHostedZoneName") return `${plan.env}.${plan.app}.internal`;
  if ("env" in later) return environmentValues(plan)[later.env] ?? "";
  if ("topic" in later) return `arn:aws:sns:${region}:${account}:${plan.app}-${plan.env}-${plan.name}-${later.topic}`;
  if ("queue" in later)
    return `https://sqs.${region}.amazonaws.com/${account}/${plan.app}-${plan.env}-${plan.name}-${later.queue}`;
  if ("loadBalancer" in later) return loadBalancer;
  if ("subnetsWithTags" in later) return subnet;
  if ("addon" in later) throw new Error(`addons are no part of a plan for this machine: ${later.addon}`);
  const value = "import" in later ? facts.exports[later.import] : facts.envFiles[later.envFile];
  if (value !== undefined) return value;
  // Roles and networks of AWS play no part here; a container that would miss the value does.
  if (part === "taskDefinition") throw new Error(`nothing is known of ${JSON.stringify(later)}`);
  return "none";
}

const subnet = "subnet-00000000";

function environmentValues({ app, env }: WorkloadPlan): Partial<Record<EnvironmentOutput, string>> {
  return {
    VpcId: "vpc-00000000",
    PublicSubnets: subnet,
    PrivateSubnets: subnet,
    EnvironmentSecurityGroup: "sg-00000000",
    ManagedFileSystemID: managedFileSystem({ app, env }),
    SubDomain: "localhost",
  };
}

/** The id of an environment's managed file system. */
export function managedFileSystem({ app, env }: EnvironmentRef): string {
  return `fs-${digits(app, env)}`;
}

/** What tells one application's environment, or one workload, from another, as the end of an AWS id. */
function digits(...names: string[]): string {
  return createHash("sha256").update(names.join("/")).digest("hex").slice(0, 17);
}

function values({ app, env, name }: WorkloadPlan): Record<LaterRef, string> {
  const stack = `${app}-${env}-${name}`;
  const accessPoint = `fsap-${digits(app, env, name)}`;
  return {
    "execution-role": `arn:aws:iam::${account}:role/${stack}-ExecutionRole`,
    "task-role": `arn:aws:iam::${account}:role/${stack}-TaskRole`,
    "log-group": `/copilot/${stack}`,
    partition: "aws",
    region,
    account,
    "artifact-bucket": `${app}-artifacts`,
    "artifact-key": `arn:aws:kms:${region}:${account}:key/00000000-0000-0000-0000-000000000000`,
    "access-point": accessPoint,
    "access-point-arn": `arn:aws:elasticfilesystem:${region}:${account}:access-point/${accessPoint}`,
  };
}
