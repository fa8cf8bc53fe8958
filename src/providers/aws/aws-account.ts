import type { Account } from "../account.ts";
import type { Artifacts } from "../account/artifacts.ts";
import type { Facts } from "../account/facts.ts";
import type { Services } from "../account/services.ts";
import { createDomains } from "./domains/domains.ts";
import { createLocks } from "./locks.ts";
import { createRecords } from "./records.ts";
import { createRepositories } from "./repositories.ts";
import type { AwsSession } from "./session.ts";
import { sessionAt } from "./stacks/place.ts";
import { createStackSets } from "./stack-sets/stack-sets.ts";
import { createSites } from "./sites/sites.ts";
import { createStacks } from "./stacks/stacks.ts";
import { targetOf } from "./target-of.ts";
import { type Timing, usualTiming } from "./timing.ts";

/** The account that a session opens. */
export function createAwsAccount(session: AwsSession, timing: Timing = usualTiming): Account {
  const records = createRecords(session);
  const stacks = createStacks(session, timing.stacks);
  let known: Promise<Facts> | undefined;
  const facts = () =>
    (known ??= import("./facts/create-facts.ts").then((made) => made.createFacts(session, { records, stacks })));
  const reading = { session, records, stacks, now: Date.now, pace: timing.pace };
  const services = async (): Promise<Services> =>
    (await import("./following/create-services.ts")).createServices(reading, timing.paces.customDomain);
  const jobs = async () => (await import("./jobs/create-jobs.ts")).createJobs(reading);
  const artifacts: Artifacts = {
    upload: async (files, where) => (await import("./artifacts.ts")).createArtifacts(session).upload(files, where),
  };
  const history = async () => (await import("./history.ts")).createHistory(session);
  const pipelines = async () => (await import("./pipelines.ts")).createPipelines(session, { stacks });
  const identity = async () => {
    const { region, partition } = session;
    return { ...(await session.identity()), region, partition };
  };
  return {
    identity,
    target: (environment) => targetOf(environment, { identity, records }),
    records,
    repositories: createRepositories(session),
    repositoriesAt: (where) => createRepositories(sessionAt(session, where)),
    artifacts,
    history: {
      record: async (...past) => (await history()).record(...past),
      list: async (...workload) => (await history()).list(...workload),
      stackOf: async (...past) => (await history()).stackOf(...past),
      prune: async (...workload) => (await history()).prune(...workload),
    },
    stacks,
    tasks: {
      stop: async (...group) => (await import("./tasks/group-tasks.ts")).stopTasks(group[0], reading, group[1]),
    },
    stackSets: createStackSets(session, timing.stacks),
    verify: {
      async *workload(request) {
        const { createVerify } = await import("./verify/create-verify.ts");
        yield* createVerify(session, { records, stacks, now: () => Date.now() }).workload(request);
      },
    },
    secrets: {
      put: async (secret) => (await import("./secrets.ts")).createSecrets(session, records).put(secret),
    },
    services: {
      async *follow(...request) {
        return yield* (await services()).follow(...request);
      },
      glance: async (...workload) => (await services()).glance(...workload),
      addresses: async (...workload) => (await services()).addresses(...workload),
      deployments: async (...workload) => (await services()).deployments(...workload),
      redeploy: async (workload) => (await services()).redeploy(workload),
      besideStack: async (workload) => (await services()).besideStack(workload),
      registerDefinition: async (...definition) => (await services()).registerDefinition(...definition),
      moveTo: async (...workload) => (await services()).moveTo(...workload),
      pause: async (...workload) => (await services()).pause(...workload),
      resume: async (...workload) => (await services()).resume(...workload),
      past: async (workload) => (await services()).past(workload),
      pruneRevisions: async (...workload) => (await services()).pruneRevisions(...workload),
    },
    facts: {
      ofApplication: async (...request) => (await facts()).ofApplication(...request),
      ofEnvironment: async (request) => (await facts()).ofEnvironment(request),
      artifacts: async (...place) => (await facts()).artifacts(...place),
      ofPipeline: async (request) => (await facts()).ofPipeline(request),
    },
    jobs: {
      run: async (job) => (await jobs()).run(job),
      executions: async (...job) => (await jobs()).executions(...job),
    },
    locks: createLocks(session),
    pipelines: {
      list: async (app) => (await pipelines()).list(app),
      describe: async (pipeline) => (await pipelines()).describe(pipeline),
      state: async (pipeline) => (await pipelines()).state(pipeline),
      deleteSecret: async (name) => (await pipelines()).deleteSecret(name),
    },
    domains: createDomains(session, timing.paces),
    roles: {
      delete: async (...roles) => (await import("./roles.ts")).createRoles(session).delete(...roles),
    },
    sites: createSites(session, timing.paces),
  };
}
