import { ownMember } from "../own-member.ts";
import type { StackTemplate } from "../read-template.ts";
import { differences, type KnownOnBothSides } from "./differences.ts";
import { outputChanges } from "./output-changes.ts";
import { changedProperty, type PropertyChange } from "./property-change.ts";
import { type ResourceSchemas } from "./replacement.ts";
import { changeOf, compareResource, type ResourceChange, spread, withLogsOfFunctions } from "./resource-change.ts";
import { type Surroundings, valuesOf } from "./resolve.ts";
import type { OutputChange } from "./output-changes.ts";

/** A stack as CloudFormation holds it, or as it is to be. */
export interface StackState {
  template: StackTemplate;
  parameters: Readonly<Record<string, string>>;
  tags?: Readonly<Record<string, string>>;
}

/** What is known of the resources of the stack as it is. */
export interface KnownResources {
  /** What `Ref` gives, by logical ID. */
  physicalIds?: Readonly<Record<string, string>>;
  /** What `Fn::GetAtt` gives, by `Resource.Attribute`. */
  attributes?: Readonly<Record<string, string>>;
}

export interface UpdateQuestion {
  before: StackState;
  after: StackState;
  schemas: ResourceSchemas;
  surroundings?: Surroundings;
  known?: KnownResources;
}

/** What an update of a stack would do. What stays as it is, is not in it. */
export interface StackUpdate {
  resources: ResourceChange[];
  outputs: OutputChange[];
  /** The stack's own tags, which CloudFormation puts on every resource. */
  tags: PropertyChange[];
}

/** What an update would do, by CloudFormation's schemas: pure, and with nothing asked of AWS. */
export function stackUpdate(question: UpdateQuestion): StackUpdate {
  const { before, after, schemas, surroundings, known: resources = {} } = question;
  const known = knownOnBothSides(question);
  const sides = {
    before: { template: before.template, values: valuesOf(before.template, before.parameters, surroundings) },
    after: { template: after.template, values: valuesOf(after.template, after.parameters, surroundings) },
    known,
  };
  const ids = new Set([...Object.keys(before.template.Resources), ...Object.keys(after.template.Resources)]);
  const compared = [...ids].map((id) => compareResource(id, sides));
  const replaced = spread(compared, schemas);
  const changes = compared.flatMap((each) => changeOf(each, replaced, schemas, resources.physicalIds?.[each.id]) ?? []);
  return {
    resources: withLogsOfFunctions(changes, before.template),
    outputs: outputChanges(sides, replaced),
    tags: differences({ ...before.tags }, { ...after.tags }, known).changed.map((each) => changedProperty(each, "no")),
  };
}

/** A resource that is in both stacks is known by the same ids on both sides; what takes something from one that turns
 *  out to be replaced, is found later. */
function knownOnBothSides({ after, known = {} }: UpdateQuestion): KnownOnBothSides {
  const { physicalIds = {}, attributes = {} } = known;
  const ref = (name: string) => ownMember(physicalIds, name);
  const attribute = (resource: string, name: string) => attributes[`${resource}.${name}`];
  const stays = (name: string) => Object.hasOwn(after.template.Resources, name);
  const exported = () => undefined;
  return {
    before: { ref, attribute, exported },
    after: {
      ref: (name) => (stays(name) ? ref(name) : undefined),
      attribute: (resource, name) => (stays(resource) ? attribute(resource, name) : undefined),
      exported,
    },
  };
}
