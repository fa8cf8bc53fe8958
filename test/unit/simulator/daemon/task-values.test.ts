import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { accessPointsOf, ValuesOfTasks } from "../../../../src/simulator/daemon/task-values.ts";
import { RuntimeError } from "../../../../src/simulator/runtime/runtime.ts";
import { valuesOnDisk } from "../neighbours/fixture.ts";
import { planOf, webPlan } from "./deploy-input.ts";

const plan = planOf({
  ...webManifest(),
  secrets: { KEY: "/shop/key" },
});

describe("the values of a task", () => {
  test("stay as they were when it started; the next task gets what there is then", () => {
    const { store } = valuesOnDisk();
    const values = new ValuesOfTasks(store);
    const keyOf = (task: string) => values.of(task, plan).secrets["api"]?.["KEY"];
    store.put("parameter", "/shop/key", "old", false);
    expect(keyOf("a")).toBe("old");
    store.put("parameter", "/shop/key", "new", true);
    expect([keyOf("a"), keyOf("b")]).toEqual(["old", "new"]);
    values.forget("a");
    expect(keyOf("a")).toBe("new");
  });

  test("that are missing, or cannot be read, are ECS's ResourceInitializationError", () => {
    const { store, keyFile } = valuesOnDisk();
    const failure = () => {
      try {
        new ValuesOfTasks(store).of("a", plan);
      } catch (error) {
        if (error instanceof RuntimeError) return `${error.error.name}: ${error.error.message}`;
      }
      return "no error";
    };
    const missing = failure();
    store.put("parameter", "/shop/key", "hunter2", false);
    rmSync(keyFile);
    expect([missing, failure().replace(keyFile, "KEY")]).toEqual([
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /shop/key",
      "ResourceInitializationError: unable to pull secrets or registry auth: the simulator's values cannot be read: their key KEY is lost",
    ]);
  });
});

describe("the access point of the environment's file system", () => {
  test("is known by the id that the managed volume names", () => {
    const managed = planOf({
      ...webManifest(),
      storage: {
        volumes: {
          data: { path: "/data", efs: { uid: 1000, gid: 1001 } },
          other: { path: "/other", efs: { id: "fs-1234", auth: { access_point_id: "fsap-1234" } } },
        },
      },
    });
    const points = accessPointsOf(managed);
    expect(Object.keys(points)).toEqual([expect.stringMatching(/^fsap-[0-9a-f]{17}$/)]);
    expect(Object.values(points)).toEqual([{ uid: 1000, gid: 1001, path: "/api" }]);
  });

  test("is none without such a volume", () => {
    expect(accessPointsOf(webPlan("api"))).toEqual({});
  });
});

function webManifest() {
  return {
    name: "api",
    type: "Load Balanced Web Service" as const,
    image: { location: "shop/app:good", port: 8080 },
    http: { path: "api" },
  };
}
