import { expect, test } from "vitest";
import { deleteTaskGroupHere } from "../../src/actions/delete-task-group.ts";
import { runTaskHere } from "../../src/actions/run-task-here.ts";
import { planWorkload } from "../../src/plan/plan-workload.ts";
import type { LocalProvider } from "../../src/providers/provider.ts";
import { codeOf, type ProviderUnderTest, summary, toEnd, type Version, webService } from "./provider.ts";

type Subject = ProviderUnderTest & { provider: LocalProvider };

type OnSimulator = Omit<Subject, "images" | "end" | "tasks"> & { tasks: Omit<Subject["tasks"], "programs"> };

/** Nothing is built. */
const taskTools = { dockerHost: async () => undefined, env: {}, cwd: "/", version: "0.0.0", now: Date.now };

/** How one deploys to the simulator: from a plan. */
export function onSimulator(provider: LocalProvider): OnSimulator {
  return {
    provider,
    where: { app: "shop", env: "local" },
    deploy: ({ manifest, env, files = {}, ...how }, signal) => {
      const plan = planned(manifest, env);
      const texts = Object.fromEntries(
        (plan.envFiles ?? []).map(({ container, path }) => [container, files[path] ?? ""]),
      );
      const images = { [manifest.name]: { name: (manifest["image"] as { location: string }).location } };
      const usual = { force: false, noRollback: false, failFast: false, detach: false };
      const written = { ...plan, manifest: JSON.stringify(manifest) };
      return provider.deployWorkload({ plan: written, images, envFiles: texts, ...usual, ...how }, signal);
    },
    remove: (workload) => remove(provider, workload),
    putSecret: async (name, value) => void (await provider.putValue({ kind: "secret", name, value, overwrite: false })),
    hintForSecret: (name) => `pilotfish local put secret ${name}`,
    tasks: {
      run: (request, signal) => runTaskHere(request, { ...taskTools, provider }, signal),
      remove: async (group) => {
        const place = { app: "shop", env: "local" };
        for await (const _ of deleteTaskGroupHere({ group, place }, { provider }, never()));
      },
    },
  };
}

/** What the simulator promises beside the contract of all back ends: environments that are made and removed at once, and the
 *  values of an account that is not there. */
export function simulatorPromises(subject: () => Subject): void {
  test("an environment is there from its creation to its deletion, and local always", async () => {
    const { provider } = subject();
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
      { app: "places", name: "test", provider: "local" },
    ]);
    await provider.deleteEnvironment({ app: "places", env: "test" });
    await provider.deleteEnvironment({ app: "places", env: "local" });
    expect(await names()).toEqual([["local", undefined]]);
    expect(await codeOf(provider.deleteEnvironment({ app: "places", env: "test" }))).toBe("environment/not-found");
  });

  test("an environment can be made like another, and like itself again", async () => {
    const { provider } = subject();
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

  test("an environment in use is not deleted", async () => {
    const { provider, images, deploy } = subject();
    const app = "shop";
    await provider.createEnvironment({ app, name: "away" });
    const { result } = await toEnd(deploy({ env: "away", manifest: webService("placed", images.good) }, never()));
    expect(summary(result)).toMatchObject({ outcome: "completed", running: 1 });
    const refusal = await provider.deleteEnvironment({ app, env: "away" }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: "environment/in-use",
      message: "services of shop are deployed to away: placed",
      hint: "pilotfish svc delete --app shop --name placed --env away --local",
    });
    const elsewhere = provider.describeWorkload({ app, env: "local", name: "placed" });
    expect(await codeOf(elsewhere)).toBe("service/not-found");
    await remove(provider, { app, env: "away", name: "placed" });
    await provider.deleteEnvironment({ app, env: "away" });
    expect((await provider.listEnvironments(app)).map((each) => each.name)).toEqual(["local"]);
  });

  test("an environment takes its task groups along", async () => {
    const { provider, tasks } = subject();
    const place = { app: "shop", env: "brief" };
    await provider.createEnvironment({ app: place.app, name: place.env });
    const size = { cpu: 256, memory: 512, variables: {}, secrets: {} };
    const plan = { group: "migrate", ...place, ...tasks.programs.good, ...size };
    const image = { name: String(plan.image) };
    await provider.tasks.define({ plan, place, image });
    expect(await provider.tasks.list(place)).toEqual(["migrate"]);
    await provider.deleteEnvironment(place);
    expect(await provider.tasks.list(place)).toEqual([]);
  });

  test("values are kept, listed without what is in them, replaced only when asked to, and deleted", async () => {
    const { provider } = subject();
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

  test("an export that is missing refuses the deploy before anything changes", async () => {
    const { provider, images, deploy } = subject();
    const manifest = { ...webService("importing", images.good), variables: { TABLE: { from_cfn: "contract-Table" } } };
    const going = () => toEnd(deploy({ env: "local", manifest }, never()));
    await expect(codeOf(provider.checkDeploy(planned(manifest, "local")))).resolves.toBe("deploy/refused");
    await expect(codeOf(going())).resolves.toBe("deploy/refused");
    const described = provider.describeWorkload({ app: "shop", env: "local", name: "importing" });
    await expect(codeOf(described)).resolves.toBe("service/not-found");
    await provider.putValue({ kind: "export", name: "contract-Table", value: "orders", overwrite: false });
    await provider.checkDeploy(planned(manifest, "local"));
    expect((await going()).result.outcome).toBe("completed");
  });
}

function planned(manifest: Version["manifest"], env: string) {
  type Manifest = Parameters<typeof planWorkload>[0]["manifest"];
  return planWorkload({ manifest: manifest as unknown as Manifest, app: "shop", env });
}

async function remove(provider: LocalProvider, workload: { app: string; env: string; name: string }): Promise<void> {
  for await (const _ of provider.deleteWorkload(workload, never()));
}

function never(): AbortSignal {
  return new AbortController().signal;
}
