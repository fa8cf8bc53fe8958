import type { Account } from "../providers/account.ts";
import type { EnvironmentRecord, WorkloadRecord } from "../providers/account/records.ts";

/** What an AWS account has of an application. */
export interface ApplicationInAccount {
  environments: EnvironmentRecord[];
  workloads: WorkloadRecord[];
  /** Which workloads have a stack in which environment, by name. */
  deployed: { env: string; name: string }[];
}

/** Undefined when there is no such application: two calls, one for the workloads, and one for the stacks of each place that it
 *  has environments in. */
export async function applicationInAccount(
  app: string,
  { records, stacks }: Pick<Account, "records" | "stacks">,
): Promise<ApplicationInAccount | undefined> {
  const [application, environments, workloads] = await Promise.all([
    records.application(app),
    records.listEnvironments(app),
    records.listWorkloads(app),
  ]);
  if (application === undefined) return undefined;
  const places = new Map(environments.map((each) => [`${each.accountID} ${each.region}`, each]));
  const found = await Promise.all(
    [...places.values()].map(({ region, managerRoleARN }) =>
      stacks.listByTags({ "copilot-application": app }, { region, managerRoleArn: managerRoleARN }),
    ),
  );
  const deployed = found.flat().flatMap(({ tags }) => {
    const { "copilot-environment": env, "copilot-service": name } = tags;
    return env === undefined || name === undefined ? [] : [{ env, name }];
  });
  return { environments, workloads, deployed: deployed.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) };
}

function key({ env, name }: { env: string; name: string }): string {
  return `${name} ${env}`;
}
