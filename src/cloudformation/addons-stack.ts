import type { Addons } from "../manifest/addons/addons.ts";
import { getAtt, ref } from "./intrinsics.ts";
import type { Resource, Value } from "./template.ts";
import { valueOfNode } from "./value-of-node.ts";

/** What the template around the addons needs of them. */
export type AddonsInput = Pick<Addons, "parameters">;

/** The nested stack of a workload's addons, where it has some. */
export function addonsStack(addons: AddonsInput | undefined): Resource {
  return {
    Metadata: { "aws:copilot:description": "An Addons CloudFormation Stack for your additional AWS resources" },
    Type: "AWS::CloudFormation::Stack",
    Condition: "HasAddons",
    Properties: {
      Parameters: { App: ref("AppName"), Env: ref("EnvName"), Name: ref("WorkloadName"), ...extraParameters(addons) },
      TemplateURL: ref("AddonsTemplateURL"),
    },
  };
}

/** What the user gives to parameters of the addons; none of them is empty. */
export function extraParameters(addons: AddonsInput | undefined): Record<string, Value> {
  const given = [...(addons?.parameters ?? [])];
  return Object.fromEntries(given.map(([name, node]) => [name, valueOfNode(node, () => {})]));
}

/** An output of that stack. */
export function addonOutput(name: string): Value {
  return getAtt(`AddonsStack.Outputs.${name}`);
}
