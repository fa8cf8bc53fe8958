import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLocalProvider } from "../../../../src/providers/local/local-provider.ts";
import type { RuntimeObserver } from "../../../../src/simulator/runtime/runtime.ts";
import { createSimulatedRuntime } from "../../../../src/simulator/runtime/simulated.ts";
import { type InProcessDaemon, startDaemonInProcess } from "../../../support/in-process-daemon.ts";
import { webPlan } from "./deploy-input.ts";

let daemon: InProcessDaemon;
let world: RuntimeObserver;

beforeAll(async () => {
  daemon = await startDaemonInProcess(async (observer) => {
    world = observer;
    return createSimulatedRuntime({ reason: "a test", observer });
  }, 50);
});
afterAll(() => daemon.end());

describe("who follows a service", () => {
  test("is told of an Engine that goes away, once, and so is who asks for the status", async () => {
    await deploy("away");
    const stop = new AbortController();
    const notices: string[] = [];
    for await (const event of daemon.client.stream("follow-service", { serviceId: "shop/local/away" }, stop.signal)) {
      if (event.type === "status" && notices.length === 0) world.available(false, "it was stopped");
      if (event.type !== "notice") continue;
      notices.push(`${event.code}: ${event.message}`);
      expect((await daemon.client.call("status", {})).problems).toEqual([event.message]);
      world.available(true);
      world.available(false, "it was stopped");
      world.available(true);
      expect((await daemon.client.call("status", {})).problems).toEqual([]);
      stop.abort();
    }
    expect(notices).toEqual(["engine/unreachable: the Docker Engine does not answer: it was stopped"]);
  });

  test("hears the end of it when the service is deleted, as does who follows its logs", async () => {
    await deploy("gone");
    const forever = new AbortController().signal;
    const lines: string[] = [];
    const reading = (async () => {
      const request = { app: "shop", env: "local", name: "gone", follow: true };
      for await (const { message } of daemon.client.stream("logs", request, forever)) lines.push(message);
    })();
    const seen: string[] = [];
    const following = (async () => {
      for await (const event of daemon.client.stream("follow-service", { serviceId: "shop/local/gone" }, forever))
        seen.push(event.type === "status" ? event.status.status : event.type);
    })();
    await expect.poll(() => [lines.length > 0, seen.length > 0]).toEqual([true, true]);
    await daemon.client.call("delete-service", { serviceId: "shop/local/gone" });
    await Promise.all([reading, following]);
    // Pictures in between may be missed by whoever is slow.
    expect(seen.at(-1)).not.toBe("ACTIVE");
  });

  test("of two that deploy at once, the first is told that the second took its place", async () => {
    await deploy("twice");
    const provider = createLocalProvider(daemon.client);
    const forever = new AbortController().signal;
    const first = await deploy("twice", "shop/app:slow");
    const result = (async () => {
      const undoing = provider.rollBackDeployment(
        { app: "shop", env: "local", name: "twice" },
        "ecs-svc/none",
        forever,
      );
      for (;;) {
        const next = await undoing.next();
        if (next.done) return next.value.outcome;
      }
    })();
    const [one, two] = await Promise.all([deploy("twice", "shop/app:a"), deploy("twice", "shop/app:b")]);
    expect(new Set([first, one, two].map(({ deploymentId }) => deploymentId)).size).toBe(3);
    expect([one.changed, two.changed]).toEqual(["deployment", "deployment"]);
    expect(await result).toBe("superseded");
  });
});

function deploy(name: string, image?: string) {
  return daemon.client.call("update-service", {
    plan: webPlan(name, image),
    images: {},
    force: false,
    noRollback: false,
  });
}
