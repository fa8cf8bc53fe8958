import { isDeepStrictEqual } from "node:util";
import { readTemplate, type StackTemplate } from "../cloudformation/read-template.ts";
import { attached, detach } from "../cloudformation/update/detach.ts";
import { detachFirst, requireDetached } from "../cloudformation/update/detach-first.ts";
import type { Surroundings } from "../cloudformation/update/resolve.ts";
import { isLoss, type ResourceChange } from "../cloudformation/update/resource-change.ts";
import { type StackState, stackUpdate } from "../cloudformation/update/stack-update.ts";
import { UserError } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import type { StackDescription, StackEvent, StackOutcome, StackToDeploy } from "../providers/account/stacks.ts";
import type { DeploymentLock, LockEvent } from "./deployment-lock.ts";
import { detachStack, type StackDetaching, templateWithCustomResources } from "./detach-stack.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import { refuseDowngrade } from "./refuse-downgrade.ts";
import { resourceSchemas } from "./resource-schemas.ts";

export interface StackToUpdate extends Pick<
  StackToDeploy,
  "where" | "executionRoleArn" | "bucket" | "noRollback" | "detach"
> {
  stack: Pick<PackagedStack, "name" | "text" | "parameters" | "tags"> & { template: StackTemplate };
  /** The stack as it is, when that is known already. */
  deployed?: StackDescription | undefined;
  /** Taken before anything is changed. */
  lock?: DeploymentLock;
  /** Update one that a newer version has deployed. */
  allowDowngrade?: boolean | undefined;
  /** Called when all that remains is to update the stack. */
  beforeUpdate?: () => Promise<void>;
}

/** `stale`: nothing was done, since somebody else had the lock before, and what is known of the stack may be old. */
export type StackUpdateOutcome = StackOutcome | { outcome: "stale"; stack?: undefined };

export type StackUpdateEvent = StackEvent | LockEvent | StackDetaching;

/** Brings a stack to what was packaged. One that somebody else has made, with custom resources in it, is detached first, and
 *  is not touched at all when what it holds would be lost.
 *  @throws UserError stack/data-at-risk, stack/newer, and as {@link Stacks.deploy} */
export async function* updateStack(
  request: StackToUpdate,
  { account }: { account: Account },
  signal: AbortSignal,
): AsyncGenerator<StackUpdateEvent, StackUpdateOutcome, void> {
  const { stack, deployed, lock, allowDowngrade = false, beforeUpdate, ...how } = request;
  const { name, text, parameters, tags } = stack;
  const found = deployed ?? (await account.stacks.describe(name, how.where));
  // What is left of a creation that failed is removed, whatever it was to be.
  const there = found !== undefined && neverCame.test(found.status) ? undefined : found;
  const before = there === undefined ? undefined : await account.stacks.template(name, how.where);
  if (there !== undefined && isSame(there, before, stack)) return { outcome: "unchanged", stack: there };
  if (before !== undefined && !allowDowngrade) refuseDowngrade(name, before);
  if (lock !== undefined && !lock.isHeld && (yield* lock.take(signal))) return { outcome: "stale" };
  const template = before === undefined ? undefined : templateWithCustomResources(before);
  if (there !== undefined && before !== undefined && template !== undefined) {
    const known = { account: await account.identity(), stackName: name };
    const now = { template, parameters: there.parameters, tags: there.tags };
    if (attached(template).length > 0) {
      await refuseLoss(now, { template: readTemplate(text), parameters, tags }, name, known);
      const { where, executionRoleArn, bucket } = how;
      const place = { where, ...(executionRoleArn !== undefined && { executionRoleArn }), ...(bucket && { bucket }) };
      const detached = yield* detachStack({ stack: there, text: before, ...place }, { account }, signal);
      if (detached.outcome === "interrupted") return { outcome: "interrupted" };
    }
    requireDetached(
      { ...now, template: detach(template) },
      { template: readTemplate(text), parameters, tags },
      surroundingsOf(known),
    );
  }
  await beforeUpdate?.();
  const known = there === undefined ? {} : { known: there };
  return yield* account.stacks.deploy({ ...how, ...known, name, text, parameters, tags }, signal);
}

/** Source: CloudFormation user guide, "Stack status codes". */
const neverCame = /^(ROLLBACK_COMPLETE|ROLLBACK_FAILED|REVIEW_IN_PROGRESS)$/;

function isSame(there: StackDescription, before: string | undefined, wanted: StackToUpdate["stack"]): boolean {
  return (
    before !== undefined &&
    /^(CREATE|UPDATE)_COMPLETE$/.test(there.status) &&
    sameTexts(there.parameters, { ...defaultsOf(wanted), ...wanted.parameters }) &&
    sameTexts(there.tags, wanted.tags) &&
    isSameTemplate(before, wanted.text)
  );
}

/** What a template says of itself alone CloudFormation does not update.
 *  Source: CloudFormation user guide, "Template sections", Metadata and Description. */
function isSameTemplate(before: string, text: string): boolean {
  if (before === text) return true;
  const whatCounts = (template: string) => ({ ...readTemplate(template), Metadata: undefined, Description: undefined });
  return isDeepStrictEqual(whatCounts(before), whatCounts(text));
}

function defaultsOf({ template: { Parameters = {} } }: StackToUpdate["stack"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Parameters).flatMap(([name, { Default }]) =>
      Default === undefined ? [] : [[name, String(Default)]],
    ),
  );
}

function sameTexts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

interface Known {
  account: { account: string; region: string; partition: string };
  stackName: string;
}

function surroundingsOf({ account: { account, region, partition }, stackName }: Known): Surroundings {
  return { account, region, partition, stackName };
}

/** What a stack that somebody else made would lose by the update. */
async function refuseLoss(before: StackState, after: StackState, name: string, known: Known): Promise<void> {
  const lost = losses(before, after, await resourceSchemas(), surroundingsOf(known));
  if (lost.length === 0) return;
  throw new UserError("stack/data-at-risk", `updating ${name} would take away what it holds, so nothing was done`, {
    details: lost.map(lossText),
    hint: `pilotfish app adopt --dry-run`,
  });
}

/** The changes of an update that take away what nothing brings back. */
function losses(
  before: { template: StackTemplate } & StackState,
  after: StackState,
  schemas: Awaited<ReturnType<typeof resourceSchemas>>,
  surroundings: Surroundings,
): ResourceChange[] {
  const update = detachFirst(stackUpdate({ before, after, schemas, surroundings }));
  return update.resources.filter(isLoss);
}

function lossText({ id, type, action, certain, holds }: ResourceChange): string {
  return `${id} (${type}) ${certain ? "would" : "might"} be ${action}, and ${holds} with it`;
}
