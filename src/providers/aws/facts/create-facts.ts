import type { ApplicationFacts, StackFacts } from "../../../cloudformation/facts.ts";
import type { Facts } from "../../account/facts.ts";
import type { AwsSession } from "../session.ts";
import { artifactsByRegion } from "./artifacts.ts";
import { deployedStackSet, deployedStacks } from "./deployed-stacks.ts";
import { environmentFacts } from "./environment-facts.ts";
import type { FactsTools } from "./facts-tools.ts";
import { applicationNotFound, withoutBucket } from "./not-found.ts";
import { ofRecord } from "./of-record.ts";

/** What AWS knows of applications, environments and workloads. Records, buckets and the stack set are the application's:
 *  the session's own rights are used for them. An environment is asked about with its manager role.
 *  Nothing is asked of AWS before a member is used. */
export function createFacts(session: AwsSession, given: Omit<FactsTools, "session">): Facts {
  const tools = { session, ...given };
  const { records, stacks } = tools;
  const { region, partition } = session;
  return {
    async ofApplication(app, { withTemplates = false } = {}) {
      const roles = `${app}-infrastructure-roles`;
      const [application, environments, rolesStack, stackSet] = await Promise.all([
        records.application(app),
        records.listEnvironments(app),
        stacks.describe(roles, {}),
        deployedStackSet(app, session),
      ]);
      if (application === undefined) return undefined;
      const facts: ApplicationFacts = {
        account: application.account,
        region,
        partition,
        ...ofRecord(application),
        environments: Object.fromEntries(
          environments.map(({ name, accountID, region: its, managerRoleARN, executionRoleARN }) => [
            name,
            { account: accountID, region: its, managerRoleArn: managerRoleARN, executionRoleArn: executionRoleARN },
          ]),
        ),
        ...(stackSet?.says && { stackSet: stackSet.says }),
        ...(rolesStack && { applicationParameters: rolesStack.parameters }),
      };
      if (!withTemplates) return facts;
      return {
        ...facts,
        stacks: {
          ...(await deployedStacks([{ stack: rolesStack, where: {} }], stacks)),
          ...(stackSet && { [`${app}-infrastructure`]: stackSet.deployed }),
        },
      };
    },

    ofEnvironment: (request) => environmentFacts(request, tools),

    async ofPipeline({ app, pipeline, withTemplates = false }) {
      const [application, buckets, ours, older] = await Promise.all([
        this.ofApplication(app),
        artifactsByRegion({ app }, tools),
        stacks.describe(`pipeline-${app}-${pipeline}`, {}),
        stacks.describe(pipeline, {}),
      ]);
      if (application === undefined) throw await applicationNotFound(app, tools);
      const { [region]: artifacts, ...regionalArtifacts } = buckets;
      if (artifacts === undefined) throw withoutBucket(app, region);
      const isLegacy = older?.tags["copilot-application"] === app;
      const stack = isLegacy ? older : ours;
      const facts: StackFacts = {
        ...application,
        region,
        partition,
        artifacts,
        regionalArtifacts,
        ...(isLegacy && { legacyPipelines: [pipeline] }),
      };
      return withTemplates ? { ...facts, stacks: await deployedStacks([{ stack, where: {} }], stacks) } : facts;
    },
  };
}
