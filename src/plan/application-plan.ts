/** What an application is in AWS, beside its environments: who may do what, and in each region a bucket, a key and an image
 *  repository for each workload. */
export interface ApplicationPlan {
  app: string;
  domain?: ApplicationDomain;
  /** The accounts that may write into the application's zones. */
  delegatedAccounts: string[];
  /** The accounts of its environments, sorted. */
  accounts: string[];
  /** By name. */
  workloads: ApplicationWorkload[];
  /** Of the stack set's template. It grows with each change of the accounts and workloads. */
  version: number;
}

export interface ApplicationDomain {
  name: string;
  /** The id of its hosted zone; empty while it is not known. */
  hostedZoneId: string;
}

/** A workload as the template of the stack set lists it. */
export interface ApplicationWorkload {
  name: string;
  /** Whether it has an image repository. */
  withECR: boolean;
}

/** The stack set's template as it is deployed says this of itself. */
export interface DeployedStackSet {
  version: number;
  accounts: readonly string[];
  workloads: readonly ApplicationWorkload[];
}

interface ApplicationToPlan {
  app: string;
  /** The application's own. */
  account: string;
  domain?: ApplicationDomain;
  /** The accounts of the environments. */
  accounts: readonly string[];
  workloads: readonly { name: string; type: string }[];
  deployed?: DeployedStackSet;
  /** Accounts that may write into the zones already. */
  delegated?: readonly string[];
  /** What is deployed and goes. */
  without?: Leaving;
}

/** What leaves an application: a workload that is deployed nowhere any more, an account without environments. */
export interface Leaving {
  workload?: string;
  account?: string;
}

/** What is deployed stays: workloads and environments may be those of another repository, and with a repository
 *  CloudFormation would take down its images. Only what is named goes. */
export function planApplication(given: ApplicationToPlan): ApplicationPlan {
  const { app, account, domain, deployed = { version: 0, accounts: [], workloads: [] }, without = {} } = given;
  const remains = (each: string) => each === account || each !== without.account;
  const delegated = (given.delegated ?? []).filter(remains);
  const known = [...deployed.accounts, ...given.accounts].filter((each) => each !== without.account);
  const accounts = [...new Set(known)].toSorted();
  const workloads = new Map(deployed.workloads.map(({ name, withECR }) => [name, withECR]));
  if (without.workload !== undefined) workloads.delete(without.workload);
  for (const { name, type } of given.workloads)
    workloads.set(name, workloads.get(name) === true || type !== "Static Site");
  const changes =
    accounts.length !== new Set(deployed.accounts).size ||
    workloads.size !== deployed.workloads.length ||
    deployed.workloads.some(({ name, withECR }) => workloads.get(name) !== withECR);
  return {
    app,
    ...(domain && { domain }),
    delegatedAccounts: [...new Set([...delegated, account, ...known])],
    accounts,
    workloads: [...workloads]
      .map(([name, withECR]) => ({ name, withECR }))
      .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    version: deployed.version + (changes ? 1 : 0),
  };
}
