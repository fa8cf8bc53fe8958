import type { Account } from "../providers/account.ts";
import type { StackPlace } from "../providers/account/stacks.ts";
import type { DeployStory } from "./deploy-workload.ts";

interface TaskStack {
  stack: string;
  /** Where it is in one. */
  env?: string;
  where: StackPlace;
  executionRoleArn?: string;
}

/** Removes the stack of a group of one-off tasks, with its images and files. */
export async function* deleteTaskStack(
  { stack, env, where, executionRoleArn }: TaskStack,
  { account }: { account: Account },
  signal: AbortSignal,
): AsyncGenerator<DeployStory, void, void> {
  const { stacks, sites, repositories } = account;
  const resources = Object.values(await stacks.resources(stack, where));
  const ofType = (type: string) =>
    resources.filter((each) => each.type === type && each.physicalId !== "").map(({ physicalId }) => physicalId);
  const region = where.region ?? (await account.identity()).region;
  for (const bucket of ofType("AWS::S3::Bucket")) yield* sites.empty({ bucket, where: { region } }, signal);
  for (const repository of ofType("AWS::ECR::Repository")) {
    const images = await repositories.empty(repository, region);
    if (images > 0) yield { type: "images-deleted", repository, region, images };
  }
  yield* stacks.delete({ name: stack, where, ...(executionRoleArn !== undefined && { executionRoleArn }) }, signal);
  if (!signal.aborted) yield { type: "deleted", what: "task", ...(env !== undefined && { env }), name: stack };
}
