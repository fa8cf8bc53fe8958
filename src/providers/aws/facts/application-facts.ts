import type { ApplicationFacts } from "../../../cloudformation/facts.ts";
import type { WithTemplates } from "../../account/facts.ts";
import { deployedStackSet, deployedStacks } from "./deployed-stacks.ts";
import type { FactsTools } from "./facts-tools.ts";
import { ofEnvironmentRecord, ofRecord } from "./of-record.ts";

/** What AWS knows of an application; undefined when there is none. */
export async function applicationFacts(
  app: string,
  { withTemplates = false }: WithTemplates = {},
  { session, records, stacks }: Omit<FactsTools, "artifacts">,
): Promise<ApplicationFacts | undefined> {
  const [application, environments, roles, stackSet] = await Promise.all([
    records.application(app),
    records.listEnvironments(app),
    stacks.describe(`${app}-infrastructure-roles`, {}),
    deployedStackSet(app, session),
  ]);
  if (application === undefined) return undefined;
  const { region, partition } = session;
  const facts: ApplicationFacts = {
    account: application.account,
    region,
    partition,
    ...ofRecord(application),
    environments: Object.fromEntries(environments.map((each) => [each.name, ofEnvironmentRecord(each)])),
    ...(stackSet?.says && { stackSet: stackSet.says }),
    ...(roles && { applicationParameters: roles.parameters }),
  };
  if (!withTemplates) return facts;
  const deployed = await deployedStacks([{ stack: roles, where: {} }], stacks);
  return {
    ...facts,
    stacks: { ...deployed, ...(stackSet && { [`${app}-infrastructure`]: stackSet.deployed }) },
  };
}
