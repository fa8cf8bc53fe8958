import type { AddonOutput } from "../manifest/addons/addons.ts";
import type { Later } from "./later.ts";

/** What a workload gets of its addons, by what the outputs stand for. */
export interface AddonOutputs {
  /** Each is a variable in every container. */
  variables: NamedOutput[];
  /** Each is a secret of the main container. */
  secrets: NamedOutput[];
  /** Each is a policy of the containers' role. */
  policies: Later[];
  /** Each is a security group of the tasks; it is a variable, too. */
  securityGroups: Later[];
}

export interface NamedOutput {
  /** As programs see it: `TABLE_NAME` for `TableName`. */
  name: string;
  value: Later;
}

export const noAddons: AddonOutputs = { variables: [], secrets: [], policies: [], securityGroups: [] };

export function addonOutputs(outputs: readonly AddonOutput[]): AddonOutputs {
  const of = (...kinds: AddonOutput["kind"][]) => outputs.filter(({ kind }) => kinds.includes(kind));
  const named = ({ name }: AddonOutput) => ({ name: variableName(name), value: { addon: name } });
  const plain = ({ name }: AddonOutput) => ({ addon: name });
  return {
    variables: of("value", "security-group").map(named),
    secrets: of("secret").map(named),
    policies: of("policy").map(plain),
    securityGroups: of("security-group").map(plain),
  };
}

/** The name of an output as that of a variable: in capitals, with a line between words. `MyDDBTable` is `MY_DDB_TABLE`. */
export function variableName(output: string): string {
  return output
    .replaceAll(/([a-z0-9]+)([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z0-9])([A-Z][a-z])/g, "$1_$2")
    .toUpperCase();
}
