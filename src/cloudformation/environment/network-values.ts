import type { EnvironmentPlan, ImportedNetwork, OwnNetwork } from "../../plan/environment-plan.ts";
import { ref, sub } from "../intrinsics.ts";
import type { Value } from "../template.ts";

/** The environment's network as other resources refer to it. */

function isImported(network: EnvironmentPlan["network"]): network is ImportedNetwork {
  return "vpcId" in network;
}

/** The network, if it is to be made. */
export function ownNetwork({ network }: EnvironmentPlan): OwnNetwork | undefined {
  return isImported(network) ? undefined : network;
}

export function vpcId({ network }: EnvironmentPlan): Value {
  return isImported(network) ? network.vpcId : ref("VPC");
}

export function publicSubnets({ network }: EnvironmentPlan): Value[] {
  return isImported(network) ? network.publicSubnets : network.publicSubnets.map((_, i) => ref(`PublicSubnet${i + 1}`));
}

export function privateSubnets({ network }: EnvironmentPlan): Value[] {
  return isImported(network)
    ? network.privateSubnets
    : network.privateSubnets.map((_, i) => ref(`PrivateSubnet${i + 1}`));
}

/** The tag with a resource's name: `copilot-{app}-{env}`, with more behind it. */
export function nameTag(more = ""): Value {
  return [{ Key: "Name", Value: sub(`copilot-\${AppName}-\${EnvironmentName}${more}`) }];
}
