import { describe, expect, test } from "vitest";
import { EffectRunner } from "../../../../src/simulator/daemon/effect-runner.ts";
import type { Effect } from "../../../../src/simulator/engine/effects.ts";
import { stepAll, emptyState } from "../../../../src/simulator/engine/engine.ts";
import type { Input } from "../../../../src/simulator/engine/inputs.ts";
import { type Runtime, RuntimeError, RuntimeUnavailableError } from "../../../../src/simulator/runtime/runtime.ts";
import { waitFor } from "../../../support/wait-for.ts";
import { deployInput } from "./deploy-input.ts";

const { state } = stepAll(emptyState(1), [deployInput("api")], 1, () => 0.5);
const [task = ""] = Object.keys(state.tasks);
const start: Effect = { type: "start-container", task, container: "api", attempt: 1 };
const stop: Effect = { type: "stop-container", task, container: "api", attempt: 1, timeoutSeconds: 5 };

describe("effects", () => {
  test("of one task happen in order, of several side by side", async () => {
    const done: string[] = [];
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const { runner, answers } = subject({
      removeTask: async (id) => {
        if (id === "a") await held;
        done.push(`remove ${id}`);
      },
      stopContainer: async (id) => void done.push(`stop ${id}`),
    });
    runner.run({ type: "remove-task", task: "a" });
    runner.run({ ...stop, task: "a" });
    runner.run({ type: "remove-task", task: "b" });
    await waitFor("the other task", () => done.includes("remove b"));
    expect(done).toEqual(["remove b"]);
    release();
    await waitFor("the end", () => answers.length === 3);
    expect(done).toEqual(["remove b", "remove a", "stop a"]);
  });

  test("wait for an Engine that is away, however long", async () => {
    let tries = 0;
    const { runner, answers } = subject({
      startContainer: async () => {
        tries += 1;
        if (tries < 12) throw new RuntimeUnavailableError("away");
        return { runtimeId: "c1", startedAt: 7 };
      },
    });
    runner.run(start);
    await waitFor("the answer", () => answers.length > 0);
    expect([tries, answers]).toEqual([
      12,
      [{ type: "container-started", task, container: "api", attempt: 1, runtimeId: "c1", at: 7 }],
    ]);
  });

  test("that start something are held while nothing new may be started; what stops and removes goes on", async () => {
    const done: string[] = [];
    let why: string | undefined = "the disk is full";
    const { runner, answers } = subject(
      {
        startContainer: async () => {
          done.push("start");
          return { runtimeId: "c1", startedAt: 7 };
        },
        removeTask: async () => void done.push("remove"),
      },
      () => why,
    );
    runner.run(start);
    runner.run({ type: "remove-task", task: "b" });
    await waitFor("the removal", () => answers.length === 1);
    expect(done).toEqual(["remove"]);
    why = undefined;
    await waitFor("the start", () => answers.length === 2);
    expect(done).toEqual(["remove", "start"]);
  });

  test("that the runtime refuses answer its error; those that fail for another reason are tried a few times", async () => {
    let tries = 0;
    const { runner, answers } = subject({
      prepareTask: async () => {
        throw new RuntimeError("CannotPullContainerError", "no such image", "api");
      },
      startContainer: async () => {
        tries += 1;
        throw new TypeError("a bug");
      },
    });
    runner.run({ type: "prepare-task", task });
    runner.run(start);
    await waitFor("the answers", () => answers.length === 2);
    const pull = { name: "CannotPullContainerError", message: "no such image" };
    const bug = { name: "CannotStartContainerError", message: "a bug" };
    expect([tries, answers]).toEqual([
      5,
      [
        { type: "task-prepare-failed", task, container: "api", error: pull },
        { type: "container-failed", task, container: "api", attempt: 1, error: bug },
      ],
    ]);
  });

  test("a stop answers that it has stopped, so that a container that is gone holds nothing up", async () => {
    const { runner, answers } = subject({ stopContainer: async () => undefined });
    runner.run(stop);
    await waitFor("the answer", () => answers.length > 0);
    expect(answers).toEqual([{ type: "container-stopped", task, container: "api", attempt: 1, at: 42 }]);
  });

  test("the end begins nothing new, and does not wait for what takes long", async () => {
    const { runner, answers } = subject({
      stopContainer: () => new Promise(() => undefined),
      removeTask: async () => undefined,
    });
    runner.run(stop);
    runner.run({ type: "remove-task", task });
    await runner.close(10);
    expect(answers).toEqual([]);
  });
});

function subject(does: Partial<Runtime>, holdsStarts?: () => string | undefined) {
  const answers: Input[] = [];
  const runner = new EffectRunner({
    runtime: does as Runtime,
    state: () => state,
    now: () => 42,
    values: { of: () => ({ secrets: {}, environmentFiles: {} }), forget: () => {} },
    answered: (input) => answers.push(input),
    beforeStop: async () => undefined,
    holdsStarts,
    firstPause: 0,
    exitPatience: 20,
  });
  return { runner, answers };
}
