import type { Account } from "../providers/account.ts";
import type { StackDescription } from "../providers/account/stacks.ts";

/** The stacks of an application's pipelines, which are where the application is. */
export async function pipelineStacks(app: string, { stacks }: Pick<Account, "stacks">): Promise<StackDescription[]> {
  const all = await stacks.listByTags({ "copilot-application": app }, {});
  return all.filter(({ tags }) => tags["copilot-pipeline"] !== undefined);
}
