import { describe, expect, test } from "vitest";
import { ImageRetention } from "../../../../src/simulator/daemon/image-retention.ts";
import { neededImages } from "../../../../src/simulator/engine/needed-images.ts";
import type { Deployment, SimulatorState } from "../../../../src/simulator/engine/state.ts";

describe("the images that are needed", () => {
  test("are those of deployments that have not ended, and of the last five that completed", () => {
    const history = [
      deployment("new", "PRIMARY"),
      deployment("running", "ACTIVE", 90),
      deployment("failed", "INACTIVE"),
      ...[80, 70, 60, 50, 40, 30].map((at) => deployment(`c${at}`, "INACTIVE", at)),
    ];
    expect(neededImages(stateOf({ "shop/local/api": history }))).toEqual([
      "sha256:new",
      "sha256:running",
      "sha256:c80",
      "sha256:c70",
      "sha256:c60",
      "sha256:c50",
    ]);
  });
});

describe("images", () => {
  test("are kept as soon as a deployment needs them, and pruned when one has completed or a service has gone", async () => {
    const { retention, told, go } = subject();
    await go({ "shop/local/api": [deployment("one", "PRIMARY")] });
    await go({ "shop/local/api": [deployment("one", "PRIMARY", 1)] });
    await go({ "shop/local/api": [deployment("two", "PRIMARY"), deployment("one", "ACTIVE", 1)] });
    await go({ "shop/local/api": [{ ...deployment("two", "PRIMARY"), rolloutState: "FAILED" }] });
    await go({});
    retention.recover();
    await retention.settled();
    expect(told).toEqual([
      "keep one",
      "keep one",
      "prune all but one for shop/api",
      "keep two one",
      "keep ",
      "prune all but  for ",
      "keep ",
    ]);
  });

  test("that could not be pruned are pruned after the next deployment", async () => {
    const { told, go, world } = subject();
    world.away = true;
    await go({ "shop/local/api": [deployment("one", "PRIMARY", 1)] });
    world.away = false;
    await go({ "shop/local/api": [deployment("two", "PRIMARY"), deployment("one", "ACTIVE", 1)] });
    expect(told.at(-1)).toBe("prune all but two one for shop/api");
  });
});

function subject() {
  const told: string[] = [];
  const world = { away: false };
  let state = stateOf({});
  const say = (what: string) => {
    if (world.away) throw new Error("the Engine is away");
    told.push(what.replaceAll("sha256:", ""));
  };
  const runtime = {
    keepImages: async (ids: string[]) => say(`keep ${ids.join(" ")}`),
    pruneImages: async (ids: string[], repositories: string[]) =>
      say(`prune all but ${ids.join(" ")} for ${repositories.join(" ")}`),
  };
  const retention = new ImageRetention(runtime, () => state);
  const go = async (services: Record<string, Deployment[]>) => {
    const before = state;
    state = stateOf(services);
    retention.follow(before, state);
    await retention.settled();
  };
  return { retention, told, world, go };
}

function stateOf(services: Record<string, Deployment[]>): SimulatorState {
  const rows = Object.entries(services).map(([id, deployments]) => {
    const [app = "", env = "", name = ""] = id.split("/");
    return [id, { id, app, env, name, deployments }];
  });
  return { speed: 1, services: Object.fromEntries(rows), tasks: {} } as SimulatorState;
}

function deployment(id: string, status: Deployment["status"], completedAt?: number): Deployment {
  const images = { api: `sha256:${id}` };
  const rolloutState = completedAt === undefined ? "IN_PROGRESS" : "COMPLETED";
  return { id, status, completedAt, rolloutState, spec: { images } } as unknown as Deployment;
}
