import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import type {
  DeployEvent,
  DeployRequest,
  DeployResult,
  LogLine,
  LogsRequest,
  Provider,
  WorkloadRef,
} from "../../src/providers/provider.ts";

import { taskPromises, type TaskRunner } from "./task-groups.ts";

/** A back end, and how one deploys to it: from a plan to the simulator, from a workspace to an account. */
export interface ProviderUnderTest {
  provider: Provider;
  /** An environment that is there. */
  where: { app: string; env: string };
  /** Two images that serve HTTP on port 8080 and print a line, and one whose program ends at once with exit code 3. */
  images: { good: string; better: string; broken: string };
  /** What a deploy tells, and what came of it. Events that only one back end knows may stand between those of the contract. */
  deploy(version: Version, signal: AbortSignal): AsyncGenerator<DeployEvent | { type: string }, DeployResult, void>;
  remove(workload: WorkloadRef): Promise<void>;
  putSecret(name: string, value: string): Promise<void>;
  /** What is to be typed when a task ends for want of a secret. */
  hintForSecret(name: string): string;
  tasks: TaskRunner["tasks"];
  end(): Promise<void>;
}

/** What to deploy, and how. */
export interface Version extends Partial<Omit<DeployRequest, "plan" | "images" | "envFiles">> {
  env: string;
  manifest: { name: string; type: "Load Balanced Web Service" } & Record<string, unknown>;
  /** Paths → contents of environment files. */
  files?: Record<string, string>;
}

export interface Differences<S extends ProviderUnderTest> {
  /** Promises that cannot be shown with this back end here, by the test's name, and why. */
  except?: Record<string, string>;
  /** What this back end promises beside the contract. */
  more?: (subject: () => S) => void;
}

/** What every back end promises. Each test has a service of its own. */
export function providerContract<S extends ProviderUnderTest>(
  keeper: string,
  start: () => Promise<S>,
  { except = {}, more }: Differences<S> = {},
): void {
  const excepted = new Set(Object.keys(except));
  const promise = (says: string, shown: () => Promise<void>) => {
    excepted.delete(says);
    if (except[says] === undefined) test(says, shown);
    else test.skip(`${says} (not shown: ${except[says]})`, shown);
  };

  describe(`the provider contract, kept by ${keeper}`, () => {
    let subject: S;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(async () => subject?.end());

    taskPromises(() => subject);

    promise("a first deploy completes, and is described as one running task", async () => {
      const { result, events } = await deploy("first", subject.images.good);
      expect(summary(result)).toEqual({
        outcome: "completed",
        desired: 1,
        running: 1,
        deployments: ["PRIMARY COMPLETED 1"],
      });
      const { app, env } = subject.where;
      expect(events.find(({ type }) => type === "accepted")).toMatchObject({
        deploymentId: result.deploymentId,
        revision: 1,
        taskDefinition: `${app}-${env}-first:1`,
      });
      expect(result.status).toMatchObject({ app, env, name: "first", status: "ACTIVE", pendingCount: 0 });
      const described = await subject.provider.describeWorkload(ref("first"));
      expect(
        described.tasks.map(({ lastStatus, revision, deploymentId }) => [lastStatus, revision, deploymentId]),
      ).toEqual([["RUNNING", 1, result.deploymentId]]);
      expect(Object.keys(described.tasks[0]?.containers[0] ?? {})).toEqual(
        expect.arrayContaining(["name", "lastStatus", "image"]),
      );
    });

    promise("a task that runs is healthy behind its load balancer", async () => {
      await deploy("healthy", subject.images.good);
      const { tasks } = await subject.provider.describeWorkload(ref("healthy"));
      expect(tasks.map(({ targets }) => targets[0]?.state)).toEqual(["healthy"]);
    });

    promise("a deployed service answers at its address", async () => {
      const { result } = await deploy("answers", subject.images.good);
      expect((await fetch(ownAddress(result))).status).toBe(200);
    });

    promise("events come in order: accepted first, then tasks, and none after the result", async () => {
      const { events, result } = await deploy("order", subject.images.good);
      const types = contractTypes(events);
      expect(types[0]).toBe("accepted");
      expect(types.filter((type) => type === "accepted")).toHaveLength(1);
      expect(types).toContain("progress");
      const started = events.flatMap((event) =>
        event.type === "task-started" ? [(event as { task: string }).task] : [],
      );
      expect(started).toEqual(result.status.tasks.map(({ id }) => id));
      const times = events.flatMap((event) =>
        "at" in event && event.type === "progress" ? [Date.parse(event.at)] : [],
      );
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    });

    promise("a deploy that changes nothing says so; --force starts one all the same", async () => {
      const first = await deploy("same", subject.images.good);
      const again = await deploy("same", subject.images.good);
      expect([again.result.outcome, again.result.deploymentId]).toEqual(["unchanged", first.result.deploymentId]);
      const forced = await deploy("same", subject.images.good, { force: true });
      expect(summary(forced.result)).toMatchObject({ outcome: "completed", running: 1 });
      expect(forced.result.deploymentId).not.toBe(first.result.deploymentId);
    });

    promise("a new image is a new revision, and its deployment ends with the new tasks alone", async () => {
      await deploy("next", subject.images.good);
      const { result } = await deploy("next", subject.images.better);
      expect(summary(result)).toMatchObject({ outcome: "completed", desired: 1, running: 1 });
      await expect
        .poll(
          async () => {
            const { deployments, tasks } = await subject.provider.describeWorkload(ref("next"));
            return [
              deployments.filter(({ status }) => status !== "INACTIVE").map(({ revision }) => revision),
              tasks.map(({ revision }) => revision),
            ];
          },
          { timeout: 30_000 },
        )
        .toEqual([[2], [2]]);
    });

    promise("a changed count scales the service without a new deployment", async () => {
      const first = await deploy("count", subject.images.good);
      const { result } = await deploy("count", subject.images.good, { manifest: { count: 3 } });
      expect(summary(result)).toEqual({
        outcome: "completed",
        desired: 3,
        running: 3,
        deployments: ["PRIMARY COMPLETED 1"],
      });
      expect(result.deploymentId).toBe(first.result.deploymentId);
    });

    promise("a broken version fails, says why, and the former version is back", async () => {
      const first = await deploy("broken", subject.images.good);
      const { result, events } = await deploy("broken", subject.images.broken);
      expect(result).toMatchObject({
        outcome: "failed",
        // Of the deployment, of the service deployment that it is a part of, or of the service's event about it.
        reason: expect.stringMatching(/circuit breaker|tasks failed to start/),
        rolledBackTo: { revision: 1 },
        firstFailure: {
          stopCode: "EssentialContainerExited",
          reason: "Essential container in task exited",
          containers: [{ name: "broken", exitCode: 3 }],
          failedContainer: "broken",
        },
      });
      expect(result.deploymentId).not.toBe(first.result.deploymentId);
      const stopped = events.flatMap((event) =>
        event.type === "task-stopped" ? [event as DeployEvent & { type: "task-stopped" }] : [],
      );
      expect(stopped.map(({ task }) => task.deploymentId)).toContain(result.deploymentId);
      expect(stopped.map(({ task }) => task.id)).toContain(result.firstFailure?.id);
      // What the circuit breaker has just stopped may still be on its way out.
      await expect
        .poll(
          async () => {
            const now = await subject.provider.describeWorkload(ref("broken"));
            return [now.runningCount, now.tasks.map(({ revision }) => revision)];
          },
          { timeout: 30_000 },
        )
        .toEqual([1, [1]]);
    });

    promise("while a broken version fails, the former one answers", async () => {
      const first = await deploy("steady", subject.images.good);
      const url = ownAddress(first.result);
      const watch = watchUrl(url);
      const { result } = await deploy("steady", subject.images.broken);
      expect(await watch()).toEqual([]);
      expect(result).toMatchObject({ outcome: "failed", rolledBackTo: { deploymentId: first.result.deploymentId } });
      expect((await fetch(url)).status).toBe(200);
    });

    promise("a first deploy that fails leaves nothing running, and a good one after it needs no clean-up", async () => {
      const failed = await deploy("fresh", subject.images.broken);
      expect(summary(failed.result)).toMatchObject({ outcome: "failed", running: 0 });
      expect(failed.result).toMatchObject({ firstFailure: { containers: [{ name: "fresh", exitCode: 3 }] } });
      const good = await deploy("fresh", subject.images.good);
      expect(summary(good.result)).toMatchObject({ outcome: "completed", running: 1 });
    });

    promise("a caller that stops looking leaves the deployment going on", async () => {
      const stop = new AbortController();
      const going = subject.deploy(version("left", subject.images.good), stop.signal);
      for (;;) {
        const { value, done } = await going.next();
        expect(done).not.toBe(true);
        if ((value as { type: string }).type === "accepted") break;
      }
      stop.abort();
      const { result } = await toEnd(going);
      expect(["interrupted", "completed"]).toContain(result.outcome);
      await expect
        .poll(async () => (await subject.provider.describeWorkload(ref("left"))).deployments[0]?.rolloutState, {
          timeout: 30_000,
        })
        .toBe("COMPLETED");
    });

    promise("a detached deploy returns at once, and is listed with the others", async () => {
      const { result } = await deploy("apart", subject.images.good, { detach: true });
      expect(result.outcome).toBe("detached");
      const { app, env } = subject.where;
      const names = async () => (await subject.provider.listWorkloads({ app, env })).map((status) => status.name);
      await expect.poll(names, { timeout: 30_000 }).toContain("apart");
      const [listed] = (await subject.provider.listWorkloads({ app })).filter((status) => status.name === "apart");
      expect(listed).toMatchObject({ app, env, name: "apart", status: "ACTIVE", desiredCount: 1 });
      expect(await subject.provider.listWorkloads({ app, env: "elsewhere" })).toEqual([]);
    });

    promise("what was deployed last can be read: its task definition, its names, its manifest", async () => {
      const { result } = await deploy("known", subject.images.good);
      const { app, env } = subject.where;
      const { taskDefinition, manifest, resources, ...deployed } = await subject.provider.deployedWorkload(
        ref("known"),
      );
      expect(deployed).toEqual({
        app,
        env,
        name: "known",
        type: "Load Balanced Web Service",
        desiredCount: 1,
        discovery: { host: `known.${env}.${app}.local`, port: 8080 },
        serviceConnect: [],
        urls: result.status.urls,
      });
      expect(taskDefinition).toMatchObject({
        family: `${app}-${env}-known`,
        containerDefinitions: [{ name: "known", image: subject.images.good, portMappings: [{ containerPort: 8080 }] }],
      });
      expect(manifest).toContain("known");
      expect(resources.map(({ type }) => type)).toEqual(
        expect.arrayContaining(["AWS::ECS::Service", "AWS::ECS::TaskDefinition", "AWS::Logs::LogGroup"]),
      );
    });

    promise("what containers print can be read, also after they are gone", async () => {
      await deploy("chatty", subject.images.good);
      await deploy("chatty", subject.images.better);
      const tasks = async () => new Set((await logs({ name: "chatty" })).map(({ task }) => task)).size;
      await expect.poll(tasks, { timeout: 10_000 }).toBe(2);
    });

    promise(
      "of logs one may ask for the newest, those of a task, those since a time, and those that hold a word",
      async () => {
        await deploy("asked", subject.images.good);
        await deploy("asked", subject.images.better);
        let all: LogLine[] = [];
        // The former task may have something to say when it is stopped.
        const asBefore = async () => {
          const before = all.length;
          all = await logs({ name: "asked" });
          return all.length > 1 && all.length === before;
        };
        await expect.poll(asBefore, { timeout: 10_000, interval: 500 }).toBe(true);
        expect(all.map(({ container, stream, at }) => [container, stream, new Date(at).toISOString() === at])).toEqual(
          all.map(() => ["asked", expect.stringMatching(/^std(out|err)$/), true]),
        );
        expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).toSorted());
        const last = all.at(-1) as LogLine;
        expect(await logs({ name: "asked", limit: 1 })).toEqual([last]);
        const ofLast = all.filter(({ task }) => task === last.task);
        expect(await logs({ name: "asked", tasks: [last.task.slice(0, 8)] })).toEqual(ofLast);
        const since = Date.parse(last.at);
        expect(await logs({ name: "asked", since })).toEqual(all.filter(({ at }) => Date.parse(at) >= since));
        expect(await logs({ name: "asked", since: since + 60_000 })).toEqual([]);
        const [word = ""] = last.message.split(" ");
        expect(await logs({ name: "asked", filter: word })).toEqual(
          all.filter(({ message }) => message.includes(word)),
        );
        expect(await logs({ name: "asked", filter: "nobody-prints-this" })).toEqual([]);
      },
    );

    promise("a deleted service is gone", async () => {
      await deploy("gone", subject.images.good);
      await subject.remove(ref("gone"));
      await expect(codeOf(subject.provider.describeWorkload(ref("gone")))).resolves.toBe("service/not-found");
      const { app, env } = subject.where;
      const left = await subject.provider.listWorkloads({ app, env });
      expect(left.map(({ name }) => name)).not.toContain("gone");
    });

    promise("the address of a deleted service does not answer", async () => {
      const { result } = await deploy("silent", subject.images.good);
      await subject.remove(ref("silent"));
      const own = ownAddress(result);
      const asked = () =>
        fetch(own).then(
          () => "answers",
          () => "refused",
        );
      await expect.poll(asked, { timeout: 10_000 }).toBe("refused");
    });

    promise("a deleted service can be deployed again at once, as a new one", async () => {
      const first = await deploy("again", subject.images.good);
      await subject.remove(ref("again"));
      const second = await deploy("again", subject.images.better);
      expect(summary(second.result)).toMatchObject({ outcome: "completed", desired: 1, running: 1 });
      expect(second.result.status.deployments.map(({ status, rolloutState }) => [status, rolloutState])).toEqual([
        ["PRIMARY", "COMPLETED"],
      ]);
      expect(second.result.deploymentId).not.toBe(first.result.deploymentId);
    });

    promise("environments are listed with where they are", async () => {
      const { app, env } = subject.where;
      const { provider } = subject;
      const listed = await provider.listEnvironments(app);
      expect(listed.find(({ name: each }) => each === env)).toMatchObject({ app, name: env, provider: provider.kind });
      expect((await provider.listEnvironments()).filter((each) => each.app === app)).toEqual(listed);
    });

    promise("nothing is deployed to an environment that is not there", async () => {
      const elsewhere = toEnd(
        subject.deploy({ ...version("placed", subject.images.good), env: "away" }, new AbortController().signal),
      );
      expect(await codeOf(elsewhere)).toBe("environment/not-found");
    });

    promise("a network load balancer alone gives a service its address", async () => {
      const nlb = { port: "6010/tcp", target_port: 8080, healthcheck: { interval: "10s" }, deregistration_delay: "5s" };
      const { result } = await deploy("bytes", subject.images.good, { manifest: { http: false, nlb } });
      expect(summary(result)).toMatchObject({ outcome: "completed", running: 1 });
      expect(result.status.urls).toEqual([expect.stringMatching(/^tcp:\/\/[^/]+:\d+$/)]);
    });

    promise("what is behind a network load balancer answers", async () => {
      const nlb = { port: "6011/tcp", target_port: 8080, healthcheck: { interval: "10s" }, deregistration_delay: "5s" };
      const { result } = await deploy("octets", subject.images.good, { manifest: { http: false, nlb } });
      expect((await fetch(ownAddress(result).replace("tcp:", "http:"))).status).toBe(200);
    });

    promise("a rule that changes needs no new deployment", async () => {
      const first = await deploy("moving", subject.images.good, rule("before"));
      const second = await deploy("moving", subject.images.good, rule("after"));
      expect([second.result.outcome, second.result.deploymentId]).toEqual(["completed", first.result.deploymentId]);
      const [before = "", after = ""] = [first, second].map(({ result }) => result.status.urls[0]);
      expect([new URL(before).pathname, new URL(after).pathname]).toEqual(["/before", "/after"]);
    });

    promise("a rule that changes is in force at once", async () => {
      const first = await deploy("forced", subject.images.good, rule("former"));
      const second = await deploy("forced", subject.images.good, rule("latter"));
      const [before = "", after = ""] = [first, second].map(({ result }) => result.status.urls[0]);
      expect([(await fetch(before)).status, (await fetch(after)).status === 503]).toEqual([503, false]);
    });

    promise("of a service that was never deployed nothing is found", async () => {
      const { provider } = subject;
      const asked = [
        provider.describeWorkload(ref("nobody")),
        provider.deployedWorkload(ref("nobody")),
        logs({ name: "nobody" }),
        subject.remove(ref("nobody")),
      ];
      expect(await Promise.all(asked.map(codeOf))).toEqual(asked.map(() => "service/not-found"));
    });

    promise("no command runs in a service or a task that is not there", async () => {
      const nowhere = subject.provider.exec({ ...ref("nobody"), command: ["true"] }, new AbortController().signal);
      expect(await codeOf(nowhere)).toBe("service/not-found");
      await deploy("closed", subject.images.good);
      const refused = subject.provider.exec(
        { ...ref("closed"), task: "ffffffff", command: ["true"] },
        new AbortController().signal,
      );
      expect(await codeOf(refused)).toMatch(/^exec\//);
    });

    promise(
      "a secret that is missing stops the task and says what to type; with it the next deploy works",
      async () => {
        const manifest = { secrets: { PASSWORD: { secretsmanager: "contract/missing" } } };
        const failed = await deploy("needy", subject.images.good, { failFast: true, manifest });
        expect(failed.result).toMatchObject({
          outcome: "failed",
          firstFailure: {
            stopCode: "TaskFailedToStart",
            reason: expect.stringMatching(
              /^ResourceInitializationError: unable to pull secrets or registry auth: .*can't find the specified secret\.$/,
            ),
            hint: subject.hintForSecret("contract/missing"),
          },
        });
        await subject.putSecret("contract/missing", "hunter2");
        const { result } = await deploy("needy", subject.images.good, { manifest });
        expect(summary(result)).toMatchObject({ outcome: "completed", running: 1 });
      },
    );

    promise(
      "an environment file is a part of the version: the same one changes nothing, another one is deployed",
      async () => {
        const manifest = { env_file: "prod.env" };
        const withFile = (text: string) =>
          deploy("files", subject.images.good, { manifest, files: { "prod.env": text } });
        const [first, same, other] = [await withFile("A=1\n"), await withFile("A=1\n"), await withFile("A=2\n")];
        expect([first, same, other].map(({ result }) => result.outcome)).toEqual([
          "completed",
          "unchanged",
          "completed",
        ]);
        expect(other.result.deploymentId).not.toBe(first.result.deploymentId);
      },
    );

    more?.(() => subject);

    if (excepted.size > 0) throw new Error(`no promise is called ${[...excepted].join(" or ")}`);

    function ref(service: string): WorkloadRef {
      return { ...subject.where, name: service };
    }

    async function logs(asked: { name: string } & Partial<LogsRequest>): Promise<LogLine[]> {
      const lines: LogLine[] = [];
      const request = { ...subject.where, follow: false, ...asked };
      for await (const line of subject.provider.logs(request, new AbortController().signal)) lines.push(line);
      return lines;
    }

    function version(service: string, image: string, options: Options = {}): Version {
      const { manifest, ...how } = options;
      return { env: subject.where.env, ...how, manifest: { ...webService(service, image), ...manifest } };
    }

    function deploy(service: string, image: string, options: Options = {}) {
      return toEnd(subject.deploy(version(service, image, options), new AbortController().signal));
    }
  });
}

type Options = Omit<Partial<Version>, "manifest"> & { manifest?: Record<string, unknown> };

export function webService(name: string, image: string): Version["manifest"] {
  return {
    name,
    type: "Load Balanced Web Service",
    image: { location: image, port: 8080 },
    http: { path: name, ...checks },
    count: 1,
  };
}

const checks = {
  deregistration_delay: "5s",
  healthcheck: { success_codes: "200,404", interval: "5s", timeout: "2s" },
};

function rule(path: string): Options {
  return { manifest: { http: { path, ...checks } } };
}

/** The address whose only rule is the service, so that `/` is a page of it. */
function ownAddress({ status }: DeployResult): string {
  return status.urls.at(-1) as string;
}

const contractEvents = ["accepted", "progress", "service-event", "task-started", "task-stopped"];

/** What is told of a deployment itself. */
function contractTypes(events: { type: string }[]): string[] {
  return events.map(({ type }) => type).filter((type) => contractEvents.includes(type));
}

export async function toEnd<E>(
  going: AsyncGenerator<E, DeployResult, void>,
): Promise<{ events: E[]; result: DeployResult }> {
  const events: E[] = [];
  for (;;) {
    const next = await going.next();
    if (next.done) return { events, result: next.value };
    events.push(next.value);
  }
}

export function summary({ outcome, status }: DeployResult) {
  return {
    outcome,
    desired: status.desiredCount,
    running: status.runningCount,
    deployments: status.deployments
      .filter((deployment) => deployment.status !== "INACTIVE")
      .map((deployment) => `${deployment.status} ${deployment.rolloutState} ${deployment.revision}`),
  };
}

/** Asks again and again until told to stop. @returns what went wrong */
function watchUrl(url: string): () => Promise<string[]> {
  const problems: string[] = [];
  let on = true;
  const asking = (async () => {
    while (on) {
      const status = await fetch(url).then(
        (answer) => answer.status,
        (error: Error) => error.message,
      );
      if (status !== 200) problems.push(String(status));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return async () => {
    on = false;
    await asking;
    return problems;
  };
}

export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no error",
    (error: unknown) => (error instanceof UserError ? error.code : String(error)),
  );
}
