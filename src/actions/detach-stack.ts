import type { StackTemplate } from "../cloudformation/read-template.ts";
import { readTemplate } from "../cloudformation/read-template.ts";
import { attached, detachText } from "../cloudformation/update/detach.ts";
import type { Account } from "../providers/account.ts";
import type { StackDescription, StackEvent, StackOutcome, StackToDeploy } from "../providers/account/stacks.ts";

export interface StackToDetach extends Pick<StackToDeploy, "where" | "executionRoleArn" | "bucket"> {
  stack: Pick<StackDescription, "name" | "tags">;
  /** Its template as it is deployed. */
  text: string;
}

/** A stack has custom resources whose programs are kept from deleting what they made; that is an update of its own. */
export interface StackDetaching {
  type: "stack-detaching";
  stack: string;
  resources: string[];
}

/** Keeps the programs behind a stack's custom resources from deleting what they made, by an update that changes nothing else:
 *  whoever made the stack can go on with it. Nothing is done where none is left to be detached.
 *  @throws UserError as {@link Stacks.deploy} */
export async function* detachStack(
  { stack, text, ...how }: StackToDetach,
  { account }: { account: Account },
  signal: AbortSignal,
): AsyncGenerator<StackDetaching | StackEvent, StackOutcome, void> {
  const resources = attachedIn(text);
  if (resources.length === 0) return { outcome: "unchanged" };
  const { name, tags } = stack;
  yield { type: "stack-detaching", stack: name, resources };
  const detached = { name, text: detachText(text), parameters: {}, keepsParameters: true, tags };
  const done = yield* account.stacks.deploy({ ...how, ...detached }, signal);
  return signal.aborted ? { ...done, outcome: "interrupted" } : done;
}

/** The custom resources of a template that are not detached. Reading one takes long; most hold none. */
function attachedIn(text: string): string[] {
  return mayHaveCustomResources(text) ? attached(readTemplate(text)) : [];
}

/** The template, unless there is certainly no custom resource in it. */
export function templateWithCustomResources(text: string): StackTemplate | undefined {
  return mayHaveCustomResources(text) ? readTemplate(text) : undefined;
}

function mayHaveCustomResources(text: string): boolean {
  return /Custom::|CustomResource|ServiceToken/.test(text);
}
