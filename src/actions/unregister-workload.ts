import type { Account } from "../providers/account.ts";
import { deployRegional } from "./application-infrastructure.ts";
import { stackSetName } from "./application-stacks.ts";
import { refuseInterrupted } from "./delete-from-environment.ts";
import type { DeployStory } from "./deploy-workload.ts";

/** Takes a workload that is deployed nowhere any more out of its application: its images, then its repositories in the stack
 *  set, then its record. What is gone already is no error.
 *  @throws UserError repository/not-emptied, stack-set/*, interrupted, aws/* */
export async function* unregisterWorkload(
  { app, name }: { app: string; name: string },
  { account }: { account: Account },
  signal: AbortSignal,
): AsyncGenerator<DeployStory, void, void> {
  const facts = await account.facts.ofApplication(app);
  if (facts === undefined) return;
  const stacks = await account.stackSets.listStacks(stackSetName(app));
  yield* emptyRepositories([`${app}/${name}`], [...new Set(stacks.map(({ region }) => region))], account, signal);
  if (facts.stackSet !== undefined)
    yield* deployRegional({ app, facts, without: { workload: name } }, { account }, signal);
  refuseInterrupted(signal, `workload ${name}`);
  await account.records.deleteWorkload(app, name);
  yield { type: "deleted", what: "record", name: `/copilot/applications/${app}/components/${name}` };
}

/** Deletes the images of repositories in some regions, which CloudFormation deletes only when they are empty. */
export async function* emptyRepositories(
  names: readonly string[],
  regions: readonly string[],
  { repositories }: Pick<Account, "repositories">,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, void, void> {
  for (const region of regions)
    for (const repository of names) {
      if (signal.aborted) return;
      const images = await repositories.empty(repository, region);
      if (images > 0) yield { type: "images-deleted", repository, region, images };
    }
}
