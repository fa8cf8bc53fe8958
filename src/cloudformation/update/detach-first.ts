import { ownMember } from "../own-member.ts";
import { isCustomResource, retains } from "./custom-resource.ts";
import { type Surroundings, valuesOf } from "./resolve.ts";
import type { ResourceChange } from "./resource-change.ts";
import type { StackState, StackUpdate } from "./stack-update.ts";

/** A resource of an update, and whether its stack is to be detached for its sake. */
export type DetachedChange = ResourceChange & { detachFirst?: true };

/** The same update behind the one that detaches the stack: custom resources that go out of it stay as they are. */
export function detachFirst(update: StackUpdate): StackUpdate & { resources: DetachedChange[] } {
  const resources = update.resources.map((resource): DetachedChange =>
    resource.custom && resource.action === "removed"
      ? { ...resource, action: "retained", detachFirst: true }
      : resource,
  );
  return { ...update, resources };
}

/** The custom resources that an update would have deleted by their programs: what those take away with them is not in any
 *  template. */
function toldToDelete(before: StackState, after: StackState, surroundings?: Surroundings): string[] {
  const old = valuesOf(before.template, before.parameters, surroundings);
  const next = valuesOf(after.template, after.parameters, surroundings);
  return Object.entries(before.template.Resources).flatMap(([id, resource]) => {
    const left = ownMember(after.template.Resources, id);
    const stays = left !== undefined && isCustomResource(left) && next.holds(left.Condition) === true;
    const gone = isCustomResource(resource) && old.holds(resource.Condition) !== false && !stays;
    return gone && !retains(resource.DeletionPolicy) ? [id] : [];
  });
}

/** Stands before every update of a stack that somebody else may have made.
 *  @throws Error where the update would have a custom resource deleted: the stack is to be detached first */
export function requireDetached(before: StackState, after: StackState, surroundings?: Surroundings): void {
  const told = toldToDelete(before, after, surroundings);
  if (told.length > 0) throw new Error(`the stack is not detached: this update would delete ${told.join(", ")}`);
}
