import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { planWorkload } from "../../src/plan/plan-workload.ts";
import type { DeployEvent, DeployRequest, DeployResult, Provider, WorkloadRef } from "../../src/providers/provider.ts";

export interface ProviderUnderTest {
  provider: Provider;
  /** Two images that serve HTTP on port 8080 and print a line, and one whose program ends at once with exit code 3. */
  images: { good: string; better: string; broken: string };
  end(): Promise<void>;
}

const app = "shop";
const env = "local";

/** What every back end promises. Each test has a service of its own. */
export function providerContract(name: string, start: () => Promise<ProviderUnderTest>): void {
  describe(`the provider contract, kept by ${name}`, () => {
    let subject: ProviderUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(async () => subject?.end());

    test("a first deploy completes, answers at its address, and is described as one running task", async () => {
      const { result, events } = await deploy("first", subject.images.good);
      expect(summary(result)).toEqual({
        outcome: "completed",
        desired: 1,
        running: 1,
        deployments: ["PRIMARY COMPLETED 1"],
      });
      expect(events.find(({ type }) => type === "accepted")).toMatchObject({
        revision: 1,
        taskDefinition: "shop-local-first:1",
      });
      expect((await fetch(ownAddress(result))).status).toBe(200);
      const described = await subject.provider.describeWorkload(ref("first"));
      expect(described.tasks.map(({ lastStatus, targets }) => [lastStatus, targets[0]?.state])).toEqual([
        ["RUNNING", "healthy"],
      ]);
    });

    test("a deploy that changes nothing says so; --force starts one all the same", async () => {
      const first = await deploy("same", subject.images.good);
      const again = await deploy("same", subject.images.good);
      expect([again.result.outcome, again.result.deploymentId]).toEqual(["unchanged", first.result.deploymentId]);
      const forced = await deploy("same", subject.images.good, { force: true });
      expect(summary(forced.result)).toMatchObject({ outcome: "completed", running: 1 });
      expect(forced.result.deploymentId).not.toBe(first.result.deploymentId);
    });

    test("a new image is a new revision, and its deployment ends with the new tasks alone", async () => {
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

    test("a changed count scales the service without a new deployment", async () => {
      const first = await deploy("count", subject.images.good);
      const { result } = await deploy("count", subject.images.good, {}, 3);
      expect(summary(result)).toEqual({
        outcome: "completed",
        desired: 3,
        running: 3,
        deployments: ["PRIMARY COMPLETED 1"],
      });
      expect(result.deploymentId).toBe(first.result.deploymentId);
    });

    test("a broken version fails, says why, and the former version is back and never gone", async () => {
      const first = await deploy("broken", subject.images.good);
      const url = ownAddress(first.result);
      const watch = watchUrl(url);
      const { result, events } = await deploy("broken", subject.images.broken);
      expect(await watch()).toEqual([]);
      expect(result).toMatchObject({
        outcome: "failed",
        reason: "ECS deployment circuit breaker: tasks failed to start.",
        rolledBackTo: { deploymentId: first.result.deploymentId, revision: 1 },
        firstFailure: {
          stopCode: "EssentialContainerExited",
          reason: "Essential container in task exited",
          containers: [{ name: "broken", exitCode: 3 }],
        },
      });
      expect(
        events.some((event) => event.type === "task-stopped" && event.task.deploymentId === result.deploymentId),
      ).toBe(true);
      expect((await fetch(url)).status).toBe(200);
    });

    test("a first deploy that fails leaves nothing running, and a good one after it needs no clean-up", async () => {
      const failed = await deploy("fresh", subject.images.broken);
      expect(summary(failed.result)).toMatchObject({ outcome: "failed", running: 0 });
      const good = await deploy("fresh", subject.images.good);
      expect(summary(good.result)).toMatchObject({ outcome: "completed", running: 1 });
    });

    test("a caller that stops looking leaves the deployment going on", async () => {
      const stop = new AbortController();
      const going = subject.provider.deployWorkload(request("left", subject.images.good), stop.signal);
      const first = await going.next();
      expect(first.value).toMatchObject({ type: "accepted" });
      stop.abort();
      const { result } = await toEnd(going);
      expect(["interrupted", "completed"]).toContain(result.outcome);
      await expect
        .poll(async () => (await subject.provider.describeWorkload(ref("left"))).deployments[0]?.rolloutState, {
          timeout: 30_000,
        })
        .toBe("COMPLETED");
    });

    test("a detached deploy returns at once, and is listed with the others", async () => {
      const { result } = await deploy("apart", subject.images.good, { detach: true });
      expect(result.outcome).toBe("detached");
      const listed = await subject.provider.listWorkloads({ app, env });
      expect(listed.map((status) => status.name)).toContain("apart");
      expect(await subject.provider.listWorkloads({ app, env: "elsewhere" })).toEqual([]);
    });

    test("what containers print can be read, also after they are gone", async () => {
      await deploy("chatty", subject.images.good);
      await deploy("chatty", subject.images.better);
      const tasks = async () => {
        const seen = new Set<string>();
        const asked = { ...ref("chatty"), follow: false };
        for await (const { task } of subject.provider.logs(asked, new AbortController().signal)) seen.add(task);
        return seen.size;
      };
      await expect.poll(tasks, { timeout: 10_000 }).toBe(2);
    });

    test("a deleted service is gone, and its address with it", async () => {
      const { result } = await deploy("gone", subject.images.good);
      for await (const _ of subject.provider.deleteWorkload(ref("gone"), new AbortController().signal));
      await expect(codeOf(subject.provider.describeWorkload(ref("gone")))).resolves.toBe("service/not-found");
      const own = ownAddress(result);
      await expect
        .poll(
          () =>
            fetch(own).then(
              () => "answers",
              () => "refused",
            ),
          { timeout: 10_000 },
        )
        .toBe("refused");
    });

    test("a deleted service can be deployed again at once, as a new one", async () => {
      const first = await deploy("again", subject.images.good);
      for await (const _ of subject.provider.deleteWorkload(ref("again"), new AbortController().signal));
      const second = await deploy("again", subject.images.better);
      expect(summary(second.result)).toEqual({
        outcome: "completed",
        desired: 1,
        running: 1,
        deployments: ["PRIMARY COMPLETED 1"],
      });
      expect(second.result.deploymentId).not.toBe(first.result.deploymentId);
    });

    test("an environment is there from its creation to its deletion, and local always", async () => {
      const { provider } = subject;
      const names = async () => (await provider.listEnvironments("places")).map((each) => [each.name, each.like]);
      expect(await names()).toEqual([["local", undefined]]);
      expect(await provider.createEnvironment({ app: "places", name: "test" })).toBe("created");
      expect(await provider.createEnvironment({ app: "places", name: "test" })).toBe("unchanged");
      expect(await provider.createEnvironment({ app: "places", name: "local" })).toBe("unchanged");
      expect(await names()).toEqual([
        ["local", undefined],
        ["test", undefined],
      ]);
      expect((await provider.listEnvironments()).filter((each) => each.app === "places")).toEqual([
        { app: "places", name: "test", provider: provider.kind },
      ]);
      await provider.deleteEnvironment({ app: "places", env: "test" });
      await provider.deleteEnvironment({ app: "places", env: "local" });
      expect(await names()).toEqual([["local", undefined]]);
      expect(await codeOf(provider.deleteEnvironment({ app: "places", env: "test" }))).toBe("environment/not-found");
    });

    test("an environment can be made like another, and like itself again", async () => {
      const { provider } = subject;
      const likes = async () => (await provider.listEnvironments("alike")).map((each) => `${each.name}: ${each.like}`);
      expect(await provider.createEnvironment({ app: "alike", name: "mine", like: "test" })).toBe("created");
      expect(await provider.createEnvironment({ app: "alike", name: "local", like: "prod" })).toBe("updated");
      expect(await provider.createEnvironment({ app: "alike", name: "local" })).toBe("unchanged");
      expect(await provider.createEnvironment({ app: "alike", name: "local", like: "prod" })).toBe("unchanged");
      expect(await likes()).toEqual(["local: prod", "mine: test"]);
      expect(await provider.createEnvironment({ app: "alike", name: "local", like: "local" })).toBe("updated");
      expect(await provider.createEnvironment({ app: "alike", name: "mine", like: "mine" })).toBe("updated");
      expect(await likes()).toEqual(["local: undefined", "mine: undefined"]);
    });

    test("nothing is deployed to an environment that is not there, and one in use is not deleted", async () => {
      const { provider } = subject;
      const elsewhere = () =>
        toEnd(provider.deployWorkload(request("placed", subject.images.good, 1, "away"), never()));
      expect(await codeOf(elsewhere())).toBe("environment/not-found");
      await provider.createEnvironment({ app, name: "away" });
      expect(summary((await elsewhere()).result)).toMatchObject({ outcome: "completed", running: 1 });
      const refusal = await provider.deleteEnvironment({ app, env: "away" }).catch((error: unknown) => error);
      expect(refusal).toMatchObject({
        code: "environment/in-use",
        message: "services of shop are deployed to away: placed",
        hint: "pilotfish svc delete --app shop --name placed --env away --local",
      });
      expect(await codeOf(provider.describeWorkload(ref("placed")))).toBe("service/not-found");
      for await (const _ of provider.deleteWorkload({ app, env: "away", name: "placed" }, never()));
      await provider.deleteEnvironment({ app, env: "away" });
      expect((await provider.listEnvironments(app)).map((each) => each.name)).toEqual(["local"]);
    });

    test("a network load balancer alone gives a service its address", async () => {
      const plan = planWorkload({
        app,
        env,
        manifest: {
          name: "bytes",
          type: "Load Balanced Web Service",
          image: { location: subject.images.good, port: 8080 },
          http: false,
          nlb: { port: "6010/tcp", target_port: 8080, healthcheck: { interval: "10s" }, deregistration_delay: "5s" },
        },
      });
      const { result } = await deploy("bytes", subject.images.good, { plan });
      expect(summary(result)).toMatchObject({ outcome: "completed", running: 1 });
      const [url = "", ...others] = result.status.urls;
      expect([url.replace(/\d+$/, "<port>"), others]).toEqual(["tcp://127.0.0.1:<port>", []]);
      expect((await fetch(url.replace("tcp:", "http:"))).status).toBe(200);
    });

    test("a rule that changes is in force at once, without a new deployment", async () => {
      const moved = (path: string) => {
        const { plan, ...rest } = request("moving", subject.images.good);
        const [rule] = plan.listenerRules;
        const condition = { Field: "path-pattern", PathPatternConfig: { Values: [path, `${path}/*`] } };
        return { ...rest, plan: { ...plan, listenerRules: [{ ...rule!, conditions: [condition] }] } };
      };
      const first = await deploy("moving", subject.images.good, moved("/before"));
      const second = await deploy("moving", subject.images.good, moved("/after"));
      expect([second.result.outcome, second.result.deploymentId]).toEqual(["completed", first.result.deploymentId]);
      const [before = "", after = ""] = [first, second].map(({ result }) => result.status.urls[0]);
      expect([new URL(before).pathname, new URL(after).pathname]).toEqual(["/before", "/after"]);
      expect([(await fetch(before)).status, (await fetch(after)).status === 503]).toEqual([503, false]);
    });

    test("a service that was never deployed is not found", async () => {
      await expect(codeOf(subject.provider.describeWorkload(ref("nobody")))).resolves.toBe("service/not-found");
    });

    test("values are kept, listed without what is in them, replaced only when asked to, and deleted", async () => {
      const { provider } = subject;
      const value = { kind: "secret", name: "contract/listed", value: "hunter2" } as const;
      const put = (overwrite: boolean) => provider.putValue({ ...value, overwrite });
      expect([await put(false), await put(false), await put(true)]).toEqual(["created", "exists", "updated"]);
      const listed = (await provider.listValues()).filter((one) => one.name === value.name);
      expect(JSON.stringify(listed)).not.toContain(value.value);
      expect(listed).toEqual([
        {
          kind: "secret",
          name: "contract/listed",
          versions: [
            { id: expect.any(String), stages: ["AWSCURRENT"], createdAt: expect.any(String) },
            { id: expect.any(String), stages: ["AWSPREVIOUS"], createdAt: expect.any(String) },
          ],
        },
      ]);
      expect([await provider.deleteValue(value), await provider.deleteValue(value)]).toEqual([true, false]);
      expect((await provider.listValues()).filter((one) => one.name === value.name)).toEqual([]);
      const bad = provider.putValue({ ...value, name: "no blanks", overwrite: false });
      await expect(codeOf(bad)).resolves.toBe("value/invalid");
    });

    test("a secret that is missing stops the task as on AWS and says what to type; with it the next deploy works", async () => {
      const more = { secrets: { PASSWORD: { secretsmanager: "contract/missing" } } };
      const failed = await deploy("needy", subject.images.good, { failFast: true }, 1, more);
      expect(failed.result).toMatchObject({
        outcome: "failed",
        firstFailure: {
          stopCode: "TaskFailedToStart",
          reason: expect.stringMatching(
            /^ResourceInitializationError: unable to pull secrets or registry auth: .*can't find the specified secret\.$/,
          ),
          hint: "pilotfish local put secret contract/missing",
        },
      });
      await subject.provider.putValue({ kind: "secret", name: "contract/missing", value: "hunter2", overwrite: false });
      const { result } = await deploy("needy", subject.images.good, {}, 1, more);
      expect(summary(result)).toMatchObject({ outcome: "completed", running: 1 });
    });

    test("an export that is missing refuses the deploy before anything changes", async () => {
      const { provider, images } = subject;
      const more = { variables: { TABLE: { from_cfn: "contract-Table" } } };
      const { plan } = request("importing", images.good, 1, env, more);
      await expect(codeOf(provider.checkDeploy(plan))).resolves.toBe("deploy/refused");
      await expect(codeOf(deploy("importing", images.good, {}, 1, more))).resolves.toBe("deploy/refused");
      await expect(codeOf(provider.describeWorkload(ref("importing")))).resolves.toBe("service/not-found");
      await provider.putValue({ kind: "export", name: "contract-Table", value: "orders", overwrite: false });
      await provider.checkDeploy(plan);
      const { result } = await deploy("importing", images.good, {}, 1, more);
      expect(result.outcome).toBe("completed");
    });

    test("an environment file is a part of the version: the same one changes nothing, another one is deployed", async () => {
      const more = { env_file: "prod.env" };
      const first = await deploy("files", subject.images.good, { envFiles: { files: "A=1\n" } }, 1, more);
      const same = await deploy("files", subject.images.good, { envFiles: { files: "A=1\n" } }, 1, more);
      const other = await deploy("files", subject.images.good, { envFiles: { files: "A=2\n" } }, 1, more);
      expect([first, same, other].map(({ result }) => result.outcome)).toEqual(["completed", "unchanged", "completed"]);
      expect(other.result.deploymentId).not.toBe(first.result.deploymentId);
    });

    async function deploy(
      service: string,
      image: string,
      options: Partial<DeployRequest> = {},
      count = 1,
      more: More = {},
    ) {
      return toEnd(
        subject.provider.deployWorkload(
          { ...request(service, image, count, env, more), ...options },
          new AbortController().signal,
        ),
      );
    }
  });
}

/** The address whose only rule is the service, so that `/` is a page of it. */
function ownAddress({ status }: DeployResult): string {
  return status.urls.at(-1) as string;
}

function ref(name: string): WorkloadRef {
  return { app, env, name };
}

function never(): AbortSignal {
  return new AbortController().signal;
}

/** Further fields of the manifest. */
type More = Partial<Parameters<typeof planWorkload>[0]["manifest"]>;

function request(name: string, image: string, count = 1, environment = env, more: More = {}): DeployRequest {
  const manifest = {
    name,
    type: "Load Balanced Web Service" as const,
    image: { location: image, port: 8080 },
    http: {
      path: name,
      deregistration_delay: "5s",
      healthcheck: { success_codes: "200,404", interval: "5s", timeout: "2s" },
    },
    count,
    ...more,
  } as Parameters<typeof planWorkload>[0]["manifest"];
  const plan = planWorkload({ manifest, app, env: environment });
  return { plan, images: { [name]: { name: image } }, force: false, noRollback: false, failFast: false, detach: false };
}

async function toEnd(
  going: AsyncGenerator<DeployEvent, DeployResult, void>,
): Promise<{ events: DeployEvent[]; result: DeployResult }> {
  const events: DeployEvent[] = [];
  for (;;) {
    const next = await going.next();
    if (next.done) return { events, result: next.value };
    events.push(next.value);
  }
}

function summary({ outcome, status }: DeployResult) {
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

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no error",
    (error: unknown) => (error instanceof UserError ? error.code : String(error)),
  );
}
