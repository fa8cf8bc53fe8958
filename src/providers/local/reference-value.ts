import { UserError } from "../../errors.ts";
import type { EnvironmentOutput, KnownLater, LaterRef } from "../../plan/later.ts";
import type { PlanPart } from "../../plan/resolve.ts";
import type { WorkloadPlan } from "../../plan/workload-plan.ts";
import type { DeployRequest } from "../provider.ts";

/** The account and region that the simulator plays. */
const account = "000000000000";
const region = "us-east-1";

/** What a reference stands for on this machine. What only AWS would use has a value that says so by its zeros.
 *  @param loadBalancer the address of the service's load balancer
 *  @throws UserError deploy/refused for what a container would miss */
export function referenceValue(
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
  if ("env" in later && later.env.endsWith("LoadBalancerDNSName"))
    return part === "listenerRules" ? loadBalancer.replace(/:\d+$/, "") : loadBalancer;
  if ("env" in later && later.env === "InternalWorkloadsHostedZoneName") return `${plan.env}.${plan.app}.internal`;
  if ("env" in later) return environmentValues[later.env] ?? "";
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
