import type { TaskManifest } from "../manifest/load.ts";
import { type AddonOutputs, noAddons } from "./addon-outputs.ts";
import { textOrImport } from "./environment.ts";
import type { Later } from "./later.ts";
import { subnetsOf } from "./subnets.ts";
import type { ServiceRequest } from "./workload-plan.ts";

type Awsvpc = NonNullable<NonNullable<ServiceRequest["networkConfiguration"]>["awsvpcConfiguration"]>;

/** Where tasks are placed, and which security groups they are in. */
export function awsvpcConfiguration({ network }: TaskManifest, addons: AddonOutputs = noAddons): Awsvpc {
  const { placement = "public", security_groups: groups = [] } = network?.vpc ?? {};
  const own = Array.isArray(groups) ? groups : (groups.groups ?? []);
  const isClosed = "deny_default" in groups && groups.deny_default === true;
  const environmentGroup: Later = { env: "EnvironmentSecurityGroup" };
  return {
    assignPublicIp: placement === "public" ? "ENABLED" : "DISABLED",
    subnets: subnets(placement),
    securityGroups: [...(isClosed ? [] : [environmentGroup]), ...own.map(textOrImport), ...addons.securityGroups],
  };
}

type Placement = NonNullable<NonNullable<NonNullable<TaskManifest["network"]>["vpc"]>["placement"]>;

function subnets(placement: Placement): (string | Later)[] {
  if (typeof placement === "string") return [{ env: placement === "public" ? "PublicSubnets" : "PrivateSubnets" }];
  return subnetsOf(placement.subnets);
}
