import type { Account } from "../account.ts";
import type { Provider } from "../provider.ts";
import type { AwsSession } from "./session.ts";
import { usualTiming, type Timing } from "./timing.ts";
import { createWorkloadReader } from "./workload-reader.ts";

/** AWS as a back end: the environments that the records of applications name. */
export function createAwsProvider(
  account: Account,
  session: AwsSession,
  { pace }: Pick<Timing, "pace"> = usualTiming,
): Provider {
  const { records, stacks } = account;
  return {
    kind: "aws",
    target: account.target,
    async listEnvironments(app) {
      const apps = app === undefined ? (await account.records.listApplications()).map(({ name }) => name) : [app];
      const listed = await Promise.all(apps.map((each) => account.records.listEnvironments(each)));
      return listed.flat().map(({ app: of, name, accountID, region }) => ({
        app: of,
        name,
        provider: "aws",
        account: accountID,
        region,
      }));
    },
    ...createWorkloadReader({ session, records, stacks, now: Date.now, pace }),
  };
}
