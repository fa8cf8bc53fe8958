import { ownMember } from "../own-member.ts";
import { differences } from "./differences.ts";
import { changedProperty, followingProperty, type PropertyChange, type Replaced } from "./property-change.ts";
import type { Sides } from "./resource-change.ts";
import { written } from "./resolved.ts";

/** What becomes of an output in an update. */
export interface OutputChange {
  name: string;
  action: "added" | "changed" | "removed";
  /** False where only the deployment can tell. */
  certain: boolean;
  /** Under which other stacks import it: before the update, or else after it. CloudFormation refuses to remove or to
   *  change what another stack imports. */
  export?: unknown;
  properties: PropertyChange[];
}

export function outputChanges({ before, after, known }: Sides, replaced: Replaced): OutputChange[] {
  const [olds, news] = [before.template.Outputs ?? {}, after.template.Outputs ?? {}];
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])].flatMap((name): OutputChange[] => {
    const [a, b] = [ownMember(olds, name), ownMember(news, name)];
    const was = a === undefined ? false : before.values.holds(a.Condition);
    const is = b === undefined ? false : after.values.holds(b.Condition);
    const [old, next] = [was !== false && a, is !== false && b].map(
      (each, index) => each && [before, after][index]?.values.of({ Value: each.Value, Export: each.Export }),
    );
    const exported = nameIn(old || next || "");
    const about = { name, ...(exported !== undefined && { export: exported }) };
    if (!old && !next) return [];
    if (!old) return [{ ...about, action: "added", certain: is === true, properties: [] }];
    if (!next) return [{ ...about, action: "removed", certain: was === true, properties: [] }];
    const { changed, dependent } = differences(old, next, known);
    const properties = [
      ...changed.map((each) => changedProperty(each, "no")),
      ...dependent.flatMap((each) => followingProperty(each, replaced, "no") ?? []),
    ];
    if (properties.length === 0) return [];
    return [{ ...about, action: "changed", certain: properties.some((each) => each.certain), properties }];
  });
}

function nameIn(output: unknown): unknown {
  const name = (output as { Export?: { Name?: Parameters<typeof written>[0] } }).Export?.Name;
  return name === undefined ? undefined : written(name);
}
