import type { Artifacts } from "./account/artifacts.ts";
import type { History } from "./account/history.ts";
import type { Facts } from "./account/facts.ts";
import type { Domains } from "./account/domains.ts";
import type { Jobs } from "./account/jobs.ts";
import type { Locks } from "./account/locks.ts";
import type { Pipelines } from "./account/pipelines.ts";
import type { Records } from "./account/records.ts";
import type { Repositories } from "./account/repositories.ts";
import type { Roles } from "./account/roles.ts";
import type { Secrets } from "./account/secrets.ts";
import type { Services } from "./account/services.ts";
import type { StackSets } from "./account/stack-sets.ts";
import type { Sites } from "./account/sites.ts";
import type { StackPlace, Stacks } from "./account/stacks.ts";
import type { EnvironmentRef, ProviderTarget } from "./provider.ts";
import type { TaskGroups } from "./task-groups.ts";
import type { Verify } from "./account/verify.ts";

/** What an AWS account can do beside being a back end: one member for each capability. Nothing is asked of AWS before a
 *  member is used; every failure of AWS's is a UserError `aws/*` that says what to do. */
export interface Account {
  /** Who asks, and where. @throws UserError aws/no-credentials, aws/no-region, aws/expired */
  identity(): Promise<AccountIdentity>;
  /** Who and where, as a provider tells it. */
  target(environment?: EnvironmentRef): Promise<ProviderTarget>;
  readonly records: Records;
  readonly repositories: Repositories;
  /** Repositories that are used with other rights than the user's. */
  repositoriesAt(where: StackPlace): Repositories;
  readonly artifacts: Artifacts;
  readonly facts: Facts;
  readonly jobs: Jobs;
  readonly locks: Locks;
  readonly domains: Domains;
  readonly roles: Roles;
  readonly sites: Sites;
  readonly stacks: Stacks;
  /** One-off tasks, as far as what they run in is removed. */
  readonly tasks: Pick<TaskGroups, "stop">;
  readonly stackSets: StackSets;
  readonly secrets: Secrets;
  readonly services: Services;
  readonly pipelines: Pipelines;
  readonly history: History;
  readonly verify: Verify;
}

export interface AccountIdentity {
  account: string;
  region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  partition: string;
  /** Of the user or the role. */
  arn: string;
}
