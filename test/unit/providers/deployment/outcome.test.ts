import { expect, test } from "vitest";
import { outcomeOf } from "../../../../src/providers/deployment/outcome.ts";
import type { DeploymentStatus, WorkloadStatus } from "../../../../src/providers/provider.ts";

test("a deployment has succeeded when it has completed itself, not when the service is calm", () => {
  const old = deployment("old", { rolloutState: "COMPLETED" });
  expect(outcomeOf(service([deployment("ours"), { ...old, status: "ACTIVE" }]), "ours")).toBeUndefined();
  expect(outcomeOf(service([deployment("ours", { rolloutState: "COMPLETED" })]), "ours")).toEqual({
    outcome: "completed",
  });
});

test("a failed deployment is followed until the former version has its tasks back", () => {
  const ours = deployment("ours", {
    status: "ACTIVE",
    rolloutState: "FAILED",
    rolloutStateReason: "tasks failed to start.",
  });
  const back = deployment("old", { revision: 3 });
  expect(outcomeOf(service([back, ours]), "ours")).toBeUndefined();
  expect(outcomeOf(service([{ ...back, rolloutState: "COMPLETED" }, ours]), "ours")).toEqual({
    outcome: "failed",
    reason: "tasks failed to start.",
    rolledBackTo: { deploymentId: "old", revision: 3 },
  });
});

test("a failed first deployment has ended when nothing runs any more", () => {
  const ours = deployment("ours", { rolloutState: "FAILED", rolloutStateReason: "tasks failed to start." });
  expect(outcomeOf({ ...service([ours]), pendingCount: 1 }, "ours")).toBeUndefined();
  expect(outcomeOf({ ...service([ours]), runningCount: 0 }, "ours")).toEqual({
    outcome: "failed",
    reason: "tasks failed to start.",
  });
});

test("a deployment that another one replaced is superseded, also when it is gone from the list", () => {
  const next = deployment("next");
  expect(outcomeOf(service([next, deployment("ours", { status: "ACTIVE" })]), "ours")).toEqual({
    outcome: "superseded",
    reason: "deployment next took its place",
  });
  expect(outcomeOf(service([next]), "ours")).toEqual({
    outcome: "superseded",
    reason: "another deployment took its place",
  });
  expect(outcomeOf({ ...service([deployment("ours")]), status: "DRAINING" }, "ours")).toEqual({
    outcome: "superseded",
    reason: "the service is being deleted",
  });
});

test("a change of the count is done when as many tasks run as are wanted", () => {
  const ours = deployment("ours", { rolloutState: "COMPLETED", healthyCount: 1, runningCount: 1 });
  expect(outcomeOf({ ...service([ours]), desiredCount: 3 }, "ours", true)).toBeUndefined();
  expect(
    outcomeOf({ ...service([{ ...ours, healthyCount: 3, runningCount: 3 }]), desiredCount: 3 }, "ours", true),
  ).toEqual({
    outcome: "completed",
  });
});

function deployment(id: string, what: Partial<DeploymentStatus> = {}): DeploymentStatus {
  return {
    id,
    status: "PRIMARY",
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: "",
    revision: 1,
    desiredCount: 1,
    runningCount: 1,
    pendingCount: 0,
    healthyCount: 1,
    failedTasks: 0,
    createdAt: "",
    updatedAt: "",
    images: [],
    ...what,
  };
}

function service(deployments: DeploymentStatus[]): WorkloadStatus {
  return {
    app: "shop",
    env: "local",
    name: "api",
    status: "ACTIVE",
    desiredCount: 1,
    runningCount: 0,
    pendingCount: 0,
    deployments,
    tasks: [],
    stoppedTasks: [],
    events: [],
    urls: [],
  };
}
