import { ownMember } from "../own-member.ts";
import type { StackResource, StackTemplate } from "../read-template.ts";
import { isCustomResource, retains } from "./custom-resource.ts";
import { dataIn } from "./data-holders.ts";
import { type Dependent, type Difference, differences, type KnownOnBothSides } from "./differences.ts";
import { changedProperty, followingProperty, type PropertyChange, type Replaced } from "./property-change.ts";
import { namingProperties, type Replacement, replacementBy, type ResourceSchemas } from "./replacement.ts";
import type { Values } from "./resolve.ts";
import type { Resolved } from "./resolved.ts";

/** What becomes of a resource in an update. */
export interface ResourceChange {
  /** Logical ID. */
  id: string;
  type: string;
  physicalId?: string;
  /** `retained`: goes out of the stack and stays in the account. */
  action: "added" | "changed" | "replaced" | "removed" | "retained";
  /** False where only the deployment can tell: may be added, changed, replaced, removed. */
  certain: boolean;
  /** What is lost when it is replaced or removed: BEHAVIOUR.md. */
  holds?: string;
  /** Of a log that goes: the function whose log it is and that goes as well. */
  logOf?: string;
  /** A program of the account's is told of what happens to it. */
  custom?: true;
  /** Of a replaced resource: the old one stays in the account. */
  keepsOld?: true;
  /** A snapshot is taken before it goes. */
  snapshot?: true;
  /** Of a replaced resource: the properties that keep its name, which two resources cannot have at a time. */
  nameTaken?: string[];
  properties: PropertyChange[];
  /** DependsOn, DeletionPolicy, UpdateReplacePolicy. */
  attributes: PropertyChange[];
}

/** Whether something is lost that no template brings back. The log of a function goes with it. */
export function isLoss({ action, holds, keepsOld, logOf }: ResourceChange): boolean {
  const goes = action === "removed" || (action === "replaced" && keepsOld !== true);
  return holds !== undefined && goes && logOf === undefined;
}

/** The same changes, in which logs that go name the function that goes before them.
 *  @param before the template that they are in */
export function withLogsOfFunctions(changes: ResourceChange[], { Resources }: StackTemplate): ResourceChange[] {
  const removed = changes.filter(({ action }) => action === "removed");
  const functions = removed.filter(({ type }) => type === "AWS::Lambda::Function").map(({ id }) => id);
  const functionOf = ({ id, type, action }: ResourceChange) => {
    if (type !== "AWS::Logs::LogGroup" || action !== "removed") return undefined;
    const name = JSON.stringify(ownMember(Resources, id)?.Properties?.["LogGroupName"] ?? "");
    return functions.find((each) => name.includes(`"Ref":"${each}"`) || name.includes(`\${${each}}`));
  };
  return changes.map((change) => {
    const logOf = functionOf(change);
    return logOf === undefined ? change : { ...change, logOf };
  });
}

/** Both templates with their values, and what is known of the resources. */
export interface Sides {
  before: { template: StackTemplate; values: Values };
  after: { template: StackTemplate; values: Values };
  known: KnownOnBothSides;
}

/** A resource of one of the templates or of both. */
export interface Compared {
  id: string;
  before: StackResource | undefined;
  after: StackResource | undefined;
  /** What its conditions make of it: undefined where only the deployment can tell. */
  there: { before: boolean | undefined; after: boolean | undefined };
  changed: Difference[];
  /** What changes when another resource is replaced. */
  dependent: Dependent[];
  attributes: Difference[];
}

export function compareResource(id: string, { before, after, known }: Sides): Compared {
  const [a, b] = [ownMember(before.template.Resources, id), ownMember(after.template.Resources, id)];
  const there = {
    before: a === undefined ? false : before.values.holds(a.Condition),
    after: b === undefined ? false : after.values.holds(b.Condition),
  };
  if (a === undefined || b === undefined)
    return { id, before: a, after: b, there, changed: [], dependent: [], attributes: [] };
  const properties = differences(before.values.of(a.Properties ?? {}), after.values.of(b.Properties ?? {}), known);
  const type = a.Type === b.Type ? [] : [{ path: [typeStep], before: a.Type, after: b.Type, certain: true }];
  const attributes = differences(
    attributesOf(a, before.values, after.template),
    attributesOf(b, after.values, after.template),
    known,
  );
  return {
    id,
    before: a,
    after: b,
    there,
    changed: [...type, ...properties.changed],
    dependent: properties.dependent,
    attributes: attributes.changed,
  };
}

/** Stands for a resource's type among its properties. */
const typeStep = "(type)";

/** What stands beside the properties and counts. What a resource waits for is a set; what is gone is not waited for. */
function attributesOf(resource: StackResource, values: Values, { Resources }: StackTemplate): Resolved {
  const { DeletionPolicy, UpdateReplacePolicy } = resource;
  const waitsFor = [resource.DependsOn ?? []].flat().map(String);
  const DependsOn = waitsFor.filter((id) => Object.hasOwn(Resources, id)).toSorted();
  return values.of({ DeletionPolicy, UpdateReplacePolicy, DependsOn });
}

/** The resources that are replaced: by a change of their own, or since they take something from one that is. */
export function spread(compared: readonly Compared[], schemas: ResourceSchemas): Replaced {
  const replaced = new Map<string, boolean>();
  for (let settled = false; !settled;) {
    settled = true;
    for (const each of compared.filter(isInBoth)) {
      const replacement = replacementOf(propertiesOf(each, replaced, schemas));
      if (replacement === "no" || (replaced.has(each.id) && (replaced.get(each.id) || replacement === "maybe")))
        continue;
      replaced.set(each.id, replacement === "yes");
      settled = false;
    }
  }
  return replaced;
}

function isInBoth({ there: { before, after } }: Compared): boolean {
  return before !== false && after !== false && !(before === true && after === undefined);
}

function propertiesOf(compared: Compared, replaced: Replaced, schemas: ResourceSchemas): PropertyChange[] {
  const type = compared.after?.Type ?? "";
  const own = compared.changed.map((each) => {
    const replaces =
      each.path[0] === typeStep ? "yes" : replacementBy(type, each.path, each.before ?? each.after, schemas);
    return changedProperty(each, replaces);
  });
  const following = compared.dependent.flatMap(
    (each) => followingProperty(each, replaced, replacementBy(type, each.path, each.value, schemas)) ?? [],
  );
  return [...own, ...following];
}

function replacementOf(properties: readonly PropertyChange[]): Replacement {
  if (properties.some(({ replaces, certain }) => replaces === "yes" && certain)) return "yes";
  return properties.some(({ replaces }) => replaces !== "no") ? "maybe" : "no";
}

/** What becomes of a resource; undefined where it stays as it is. */
export function changeOf(
  compared: Compared,
  replaced: Replaced,
  schemas: ResourceSchemas,
  physicalId: string | undefined,
): ResourceChange | undefined {
  const { id, before, after, there } = compared;
  const isKept = isInBoth(compared);
  // What it is: as it is to be, unless it goes.
  const { Type: type, ...rest } = (there.before === false || isKept ? after : before) ?? { Type: "" };
  const holds = dataIn((isKept ? before?.Type : undefined) ?? type);
  const custom = isCustomResource({ Type: type, ...rest }) || (isKept && before && isCustomResource(before));
  const about = {
    id,
    type,
    ...(physicalId !== undefined && there.before !== false && { physicalId }),
    ...(holds !== undefined && { holds }),
    ...(custom && { custom: true as const }),
  };
  const nothing = { properties: [], attributes: [] };
  if (there.before === false)
    return there.after === false ? undefined : { ...about, action: "added", certain: there.after === true, ...nothing };
  if (!isKept && before !== undefined) {
    const certain = there.before === true && there.after === false;
    if (retains(before.DeletionPolicy)) return { ...about, action: "retained", certain, ...nothing };
    return { ...about, action: "removed", certain, ...(snapshotOf(before) && { snapshot: true }), ...nothing };
  }
  const properties = propertiesOf(compared, replaced, schemas);
  const attributes = compared.attributes.map((each) => changedProperty(each, "no"));
  if (properties.length + attributes.length === 0) return undefined;
  const certain = replaced.get(id);
  if (certain === undefined) {
    const sure = attributes.length > 0 || properties.some((each) => each.certain);
    return { ...about, action: "changed", certain: sure, properties, attributes };
  }
  const keepsOld = retains(before?.UpdateReplacePolicy) && retains(after?.UpdateReplacePolicy);
  const nameTaken = keptNames(compared, schemas);
  return {
    ...about,
    action: "replaced",
    certain,
    ...(keepsOld && { keepsOld }),
    ...(nameTaken.length > 0 && { nameTaken }),
    properties,
    attributes,
  };
}

/** Databases leave a snapshot where nothing else is said. Source: CloudFormation's guide, "DeletionPolicy attribute". */
function snapshotOf({ Type, DeletionPolicy, Properties }: StackResource): boolean {
  if (DeletionPolicy !== undefined) return DeletionPolicy === "Snapshot";
  return (
    Type === "AWS::RDS::DBCluster" ||
    (Type === "AWS::RDS::DBInstance" && Properties?.["DBClusterIdentifier"] === undefined)
  );
}

/** The properties that name a resource, if its owner has named it and the name stays. */
function keptNames({ after, changed }: Compared, schemas: ResourceSchemas): string[] {
  const names = namingProperties(after?.Type ?? "", schemas);
  const kept = names.every(
    (name) => after?.Properties?.[name] !== undefined && !changed.some(({ path }) => path[0] === name),
  );
  return kept ? names : [];
}
