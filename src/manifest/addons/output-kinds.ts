import type { Node } from "../yaml/tree.ts";
import type { AddonOutput, AddonOutputKind } from "./addons.ts";
import type { MergedAddons, MergedEntry } from "./merge-addons.ts";

const kinds: Readonly<Record<string, AddonOutputKind>> = {
  "AWS::SecretsManager::Secret": "secret",
  "AWS::IAM::ManagedPolicy": "policy",
  "AWS::EC2::SecurityGroup": "security-group",
};

/** What the outputs are by Copilot's contract: it counts what the value of one refers to with `Ref` and nothing else. */
export function outputsOf({ sections: { Resources: resources, Outputs: outputs } }: MergedAddons): AddonOutput[] {
  return [...(outputs ?? [])].map(([name, { value }]) => {
    const resource = resources?.get(referredTo(member(value, "Value")) ?? "");
    const type = resource && textOf(member(resource.value, "Type"));
    return { name, kind: (type !== undefined && kinds[type]) || "value" };
  });
}

/** What CloudFormation asks of each resource and each output. */
export function reportIncomplete({ sections: { Resources: resources, Outputs: outputs } }: MergedAddons): void {
  for (const [name, entry] of resources ?? []) requireMember(name, entry, "Resources", "Type");
  for (const [name, entry] of outputs ?? []) requireMember(name, entry, "Outputs", "Value");
}

function requireMember(name: string, { file, keyAt, value }: MergedEntry, section: string, key: string): void {
  const found = member(value, key);
  if (found !== undefined && found.kind !== "null") return;
  file.problems.add(keyAt, "addons/incomplete", `\`${name}\` needs a \`${key}\``, [section, name]);
}

function member(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === "map" ? node.entries.get(key)?.value : undefined;
}

function referredTo(value: Node | undefined): string | undefined {
  if (value?.kind === "scalar") return value.tag === "!Ref" ? value.text.trim() : undefined;
  return textOf(member(value, "Ref"));
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === "scalar" ? node.text : undefined;
}
