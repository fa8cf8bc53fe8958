import { expect, test } from "vitest";
import { stoppedTaskLines } from "../../../../src/cli/render/deploy-texts.ts";
import { paint } from "../../../../src/cli/render/paint.ts";

test("containers that stopped for the task's own reason do not repeat it", () => {
  const reason = "ResourceInitializationError: unable to pull secrets";
  const task = { id: "0123456789abcdef", deploymentId: "ecs-svc/1", stopCode: "TaskFailedToStart" as const, reason };
  const containers = [
    { name: "api", reason },
    { name: "proxy", exitCode: 137, reason },
    { name: "log", reason: "other" },
  ];
  expect(stoppedTaskLines({ ...task, containers, lastLogs: [] }, paint(false)).join("\n")).toMatchInlineSnapshot(`
    "task 01234567 stopped: TaskFailedToStart: ResourceInitializationError: unable to pull secrets
      container proxy: exit code 137
      container log: other"
  `);
});
