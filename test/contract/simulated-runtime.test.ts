import { describe, expect, test } from "vitest";
import { createSimulatedRuntime } from "../../src/simulator/runtime/simulated.ts";
import { SimulatedMachine } from "../../src/simulator/runtime/simulated/machine.ts";
import type { SimulatedProcess } from "../../src/simulator/runtime/simulated/program.ts";
import type { TaskToRun } from "../../src/simulator/runtime/runtime.ts";
import { taskWith } from "./runtime/harness.ts";
import type { Program } from "./runtime/harness.ts";
import { Recorder } from "./runtime/recorder.ts";
import { keepsTheRuntimeContract } from "./runtime/suite.ts";
import { until } from "./runtime/until.ts";

const missingImage = "pilotfish-test-missing:1";

describe("the simulated runtime", () => {
  const machine = new SimulatedMachine();
  const programs = new Map<string, Record<string, Program>>();
  keepsTheRuntimeContract({
    missingImage,
    open: async (opening) =>
      createSimulatedRuntime({
        ...opening,
        reason: "a test",
        machine,
        missing: (reference) => reference === missingImage,
        program: ({ id }: TaskToRun, container, process) => run(programs.get(id)![container]!, process),
      }),
    task: (program, others = {}) => {
      const image = "pilotfish-test:1";
      const task = taskWith(
        { image },
        Object.keys(others).map((name) => ({ name, image })),
      );
      programs.set(task.id, { api: program, ...others });
      return task;
    },
    healthCheck: { command: ["CMD-SHELL", "true"] },
    resolve: async (name, { owner, task }) => machine.resolve(owner, task.id, name).length,
    leftovers: async (owner) => machine.tasks(owner).map(({ id }) => id),
  });
});

test("a simulated container that others wait for ends at once, the others turn healthy and answer", async () => {
  const recorder = new Recorder();
  const runtime = createSimulatedRuntime({ reason: "a test", observer: recorder.observer });
  const task = taskWith(
    {
      healthCheck: { command: ["CMD-SHELL", "true"] },
      dependsOn: [{ containerName: "migration", condition: "SUCCESS" }],
    },
    [{ name: "migration" }],
  );
  const { ports } = await runtime.prepareTask(task);
  await runtime.startContainer(task, "migration", 1);
  await until("it has ended", () => recorder.exits.length > 0);
  await runtime.startContainer(task, "api", 1);
  const answer = await until("it answers", () => fetch(`http://127.0.0.1:${ports[8080]}/`));
  await answer.text();
  expect(recorder.story).toEqual([
    "migration stdout: migration of shop/local/api revision 3 is simulated: nothing of its image runs",
    "exited migration/1 with 0",
    "api stdout: api of shop/local/api revision 3 is simulated: nothing of its image runs",
    "api/1 is HEALTHY",
  ]);
  await runtime.removeAll();
  await runtime.close();
});

function run(program: Program, process: SimulatedProcess): void {
  switch (program.does) {
    case "serve":
      process.serve((_request, response) => response.end("hello\n"));
      process.onStop(() => process.exit(0));
      process.print("stdout", "serving");
      process.health("HEALTHY");
      return;
    case "exit":
      for (const line of program.prints) process.print("stdout", line);
      process.exit(program.code);
      return;
    case "count":
      count(program.to, process);
      return;
    case "ignore-stop":
      process.onStop(() => undefined);
      process.print("stdout", "ready");
      return;
  }
}

function count(to: number, process: SimulatedProcess): void {
  let line = 0;
  const timer = setInterval(() => {
    for (let burst = 0; burst < 50 && line < to; burst++) process.print("stdout", `line ${++line}`);
    if (line < to) return;
    clearInterval(timer);
    process.exit(0);
  }, 20);
}
