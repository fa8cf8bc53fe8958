import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { LogStore } from "../../../../src/simulator/daemon/log-store.ts";
import { isReportable, StopReports } from "../../../../src/simulator/daemon/stop-reports.ts";
import { emptyState, nextWake, stepAll } from "../../../../src/simulator/engine/engine.ts";
import type { Input } from "../../../../src/simulator/engine/inputs.ts";
import type { SimulatorState } from "../../../../src/simulator/engine/state.ts";
import type { Runtime } from "../../../../src/simulator/runtime/runtime.ts";
import { deployInput } from "./deploy-input.ts";

const hour = 3_600_000;
const speed = 10;
let seed = 1;
const random = () => ((seed = (seed * 48_271) % 2_147_483_647), seed / 2_147_483_647);

test("what became of a failed task is told as long as the task is listed, also by the next daemon", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pf-reports-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const logs = logsIn(folder);
  const { state, task, at } = failedTask();
  for (let line = 1; line <= 30; line++)
    logs.add({
      serviceId: "shop/local/api",
      task,
      container: "api",
      stream: "stderr",
      at: line,
      message: `line ${line}`,
    });

  const told = await reportOf(logs, state, task);
  expect({
    ...told,
    id: "TASK",
    deploymentId: "DEPLOYMENT",
    lastLogs: [told?.lastLogs.length, told?.lastLogs[0]],
  }).toMatchInlineSnapshot(`
    {
      "containers": [
        {
          "exitCode": 3,
          "name": "api",
          "reason": undefined,
        },
      ],
      "deploymentId": "DEPLOYMENT",
      "failedContainer": "api",
      "hint": "pilotfish svc logs -n api -e local --previous",
      "id": "TASK",
      "lastLogs": [
        20,
        "line 11",
      ],
      "reason": "Essential container in task exited",
      "stopCode": "EssentialContainerExited",
    }
  `);
  const nearlyForgotten = later(state, at + hour / speed - 1000);
  expect(await reportOf(logsIn(folder), nearlyForgotten, task)).toEqual(told);
  const forgotten = later(state, at + hour / speed + 1000);
  expect(forgotten.tasks[task]).toBeUndefined();
});

function logsIn(folder: string): LogStore {
  const logs = new LogStore(folder);
  onTestFinished(() => logs.close());
  return logs;
}

async function reportOf(logs: LogStore, state: SimulatorState, id: string) {
  const task = state.tasks[id];
  if (task === undefined || !isReportable(task)) throw new Error("there is nothing to report");
  return await new StopReports({} as Runtime, logs).report(state, task);
}

/** A task whose container has ended with 3 right after its start. */
function failedTask(): { state: SimulatorState; task: string; at: number } {
  let { state } = stepAll(emptyState(speed), [deployInput("api")], 1000, random);
  const [task = ""] = Object.keys(state.tasks);
  const inputs: Input[] = [
    { type: "task-prepared", task, ports: { 8080: 4000 }, images: {} },
    { type: "container-started", task, container: "api", attempt: 1, runtimeId: "c1", at: 1000 },
    { type: "container-exited", task, container: "api", attempt: 1, exitCode: 3, outOfMemory: false, at: 2000 },
    { type: "task-idle", task },
    { type: "task-removed", task },
  ];
  let at = 2000;
  for (const input of inputs) ({ state } = stepAll(state, [input], at, random));
  for (; state.tasks[task]?.stoppedAt === undefined; at = nextWake(state) ?? at + 1000)
    ({ state } = stepAll(state, [{ type: "tick" }, { type: "task-removed", task }], at, random));
  return { state, task, at: state.tasks[task]?.stoppedAt ?? 0 };
}

function later(state: SimulatorState, until: number): SimulatorState {
  return stepAll(state, [{ type: "tick" }], until, random).state;
}
