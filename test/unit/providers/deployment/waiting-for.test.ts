import { expect, test } from "vitest";
import { waitingFor } from "../../../../src/providers/deployment/waiting-for.ts";
import type { DeploymentStatus, TaskStatus, WorkloadStatus } from "../../../../src/providers/provider.ts";

test("a deployment waits for its tasks to start, to become healthy, and for the old ones to go", () => {
  expect(waiting([])).toBe("2 more tasks to be started");
  expect(waiting([task("ours", "PENDING"), task("ours", "RUNNING")])).toBe("1 task to start (pending)");
  const failing = {
    ...task("ours", "PENDING"),
    containers: [{ name: "db", lastStatus: "RUNNING", image: "", health: "UNHEALTHY" as const }],
  };
  expect(waiting([failing])).toBe("1 task to start (pending; the health check of db fails)");
  const target = { targetGroup: "g", address: "", state: "unhealthy", description: "Request timed out" };
  expect(waiting([task("ours", "RUNNING"), { ...task("ours", "RUNNING"), targets: [target] }], 1)).toBe(
    "1 task to become healthy: Request timed out",
  );
  const ours = [task("ours", "RUNNING"), task("ours", "RUNNING")];
  expect(waiting([...ours, task("old", "DEACTIVATING")], 2)).toBe("1 old task to finish open requests");
  expect(waiting([...ours, task("old", "RUNNING"), task("old", "RUNNING")], 2)).toBe("2 old tasks to stop");
  expect(waiting(ours, 2)).toBe("");
});

function waiting(tasks: TaskStatus[], healthyCount = 0): string {
  const primary = { id: "ours", status: "PRIMARY", rolloutState: "IN_PROGRESS", desiredCount: 2, healthyCount };
  return waitingFor({ status: "ACTIVE", deployments: [primary as DeploymentStatus], tasks } as WorkloadStatus);
}

function task(deploymentId: string, lastStatus: string): TaskStatus {
  return { deploymentId, lastStatus, desiredStatus: "RUNNING", containers: [], targets: [] } as unknown as TaskStatus;
}
