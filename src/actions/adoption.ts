import type { StackDiff } from "./diff-stack.ts";
import type { ResourceChange } from "../cloudformation/update/resource-change.ts";
import { isLoss } from "../cloudformation/update/resource-change.ts";
import { UserError } from "../errors.ts";
import type { StackPlace } from "../providers/account/stacks.ts";

/** A stack of an application, as it is to be taken over. */
export interface StackToAdopt {
  /** Its name; of a stack set, the set's. */
  stack: string;
  kind: "roles" | "stack-set" | "environment" | "workload";
  env?: string;
  /** The workload's name. */
  name?: string;
  /** What its custom resources are: `attached`, so that Copilot's programs delete what they made when they go; `detached`; or
   *  `none` are left in it. */
  state: "attached" | "detached" | "none";
  /** The logical IDs of those that are attached. */
  attached: string[];
  /** `detach`: it keeps its template, but for that. */
  to: "deploy" | "detach";
  /** Why it keeps its template. */
  reason?: string;
  hint?: string;
  /** What the update to our template would do to it, and to the stacks that are nested in it. */
  changes: StackDiff[];
}

/** Where it is, and with whose rights CloudFormation works on it. */
export interface PlacedStack extends StackToAdopt {
  where: StackPlace;
  executionRoleArn?: string;
}

/** An application's stacks in the order in which they are taken over. */
export interface Adoption<S extends StackToAdopt = StackToAdopt> {
  app: string;
  stacks: S[];
}

/** Whether there is anything left to do for a stack. */
export function isToDo({ state, to, changes }: StackToAdopt): boolean {
  if (state === "attached") return true;
  return (
    to === "deploy" &&
    changes.some(({ resources, outputs, tags }) => resources.length + outputs.length + tags.length > 0)
  );
}

/** @throws UserError stack/data-at-risk when something that holds data would be taken away by any of the updates */
export function refuseLosses(stacks: readonly StackToAdopt[]): void {
  const lost = stacks.flatMap(({ changes }) =>
    changes.flatMap(({ stack, resources }) => resources.filter(isLoss).map((each) => lossText(stack, each))),
  );
  if (lost.length === 0) return;
  const names = [
    ...new Set(
      stacks.filter(({ changes }) => changes.some(({ resources }) => resources.some(isLoss))).map(({ stack }) => stack),
    ),
  ];
  throw new UserError(
    "stack/data-at-risk",
    `the update of ${names.join(", ")} would take away what it holds, so nothing was done`,
    {
      details: lost,
      hint: "make the manifest or the addons say what is deployed, and look again: pilotfish app adopt --dry-run",
    },
  );
}

function lossText(stack: string, { id, type, action, certain, holds, physicalId }: ResourceChange): string {
  const which = physicalId === undefined ? "" : ` ${physicalId}`;
  return `${stack}: ${id} (${type}${which}) ${certain ? "would" : "might"} be ${action}, and ${holds} with it`;
}
