import type { Facts } from "../../account/facts.ts";
import type { Records } from "../../account/records.ts";
import type { Stacks } from "../../account/stacks.ts";
import { atTheSameTime } from "../at-the-same-time.ts";
import type { AwsSession } from "../session.ts";
import { applicationFacts } from "./application-facts.ts";
import { artifactsReader } from "./artifacts.ts";
import { environmentFacts } from "./environment-facts.ts";
import { withoutBucket } from "./not-found.ts";
import { pipelineFacts } from "./pipeline-facts.ts";

/** What AWS knows of applications, environments and workloads. Records, buckets and the stack set are the application's:
 *  the session's own rights are used for them. An environment is asked about with its manager role.
 *  Nothing is asked of AWS before a member is used. */
export function createFacts(session: AwsSession, own: { records: Records; stacks: Stacks }): Facts {
  // Of several workloads at once each asks for their environment.
  const describe = atTheSameTime(own.stacks.describe);
  const given = { ...own, stacks: { ...own.stacks, describe } };
  const tools = { session, ...given, artifacts: artifactsReader({ session, ...given }) };
  return {
    ofApplication: (app, options) => applicationFacts(app, options, tools),
    async artifacts(app, where) {
      const { [where]: found } = await tools.artifacts(app, where);
      if (found === undefined) throw withoutBucket(app, where);
      return found;
    },
    ofEnvironment: (request) => environmentFacts(request, tools),
    ofPipeline: (request) => pipelineFacts(request, tools),
  };
}
