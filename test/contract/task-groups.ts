import { expect, test } from "vitest";
import type { TaskStory, TaskToRun } from "../../src/actions/task-story.ts";
import type { TaskGroupPlan } from "../../src/plan/task-group-plan.ts";
import type { Provider } from "../../src/providers/provider.ts";
import type { TasksOutcome } from "../../src/providers/task-groups.ts";

/** A back end that runs one-off tasks. */
export interface TaskRunner {
  provider: Provider;
  where: { app: string; env: string };
  tasks: {
    /** Images, with commands where they take any, of programs that print a line and end: with exit code 0, and with 3. */
    programs: Record<"good" | "broken", Pick<TaskGroupPlan, "image" | "command">>;
    run(request: TaskToRun, signal: AbortSignal): AsyncGenerator<TaskStory, TasksOutcome, void>;
    remove(group: string): Promise<void>;
  };
}

/** What every back end promises of one-off tasks. */
export function taskPromises(subject: () => TaskRunner): void {
  const run = async (group: string, program: "good" | "broken", count = 1) => {
    const { tasks, where } = subject();
    const size = { cpu: 256, memory: 512, variables: { MODE: "once" }, secrets: {} };
    const plan = { group, ...where, ...tasks.programs[program], ...size };
    const story = tasks.run({ plan, place: where, count, follow: true }, new AbortController().signal);
    const events: TaskStory[] = [];
    for (;;) {
      const step = await story.next();
      if (step.done) return { events, outcome: step.value };
      events.push(step.value);
    }
  };
  const shown = ({ outcome, exitCode, tasks }: TasksOutcome) => ({
    outcome,
    exitCode,
    tasks: tasks.map(({ lastStatus, stopCode, exitCode: code }) => [lastStatus, stopCode, code].join(" ")),
  });

  test("one-off tasks end with their lines and exit code 0, and their group is there until it is deleted", async () => {
    const { provider, where, tasks } = subject();
    const first = await run("migrate", "good", 2);
    expect(shown(first.outcome)).toEqual({
      outcome: "completed",
      exitCode: undefined,
      tasks: ["STOPPED EssentialContainerExited 0", "STOPPED EssentialContainerExited 0"],
    });
    const ids = first.outcome.tasks.map(({ id }) => id).toSorted();
    const started = first.events.find(({ type }) => type === "tasks-started");
    expect(started).toMatchObject({ group: "migrate", tasks: expect.arrayContaining(ids) });
    const lines = first.events.flatMap((event) => (event.type === "log" ? [event] : []));
    expect([...new Set(lines.map(({ task }) => task))].toSorted()).toEqual(ids);
    expect([...new Set(lines.map(({ container }) => container))]).toEqual(["migrate"]);
    expect(first.events.map(({ type }) => type)).not.toContain("task-stopped");
    const again = await run("migrate", "good");
    expect(again.outcome.tasks.map(({ id }) => ids.includes(id))).toEqual([false]);
    expect(await provider.tasks.list(where)).toEqual(["migrate"]);
    expect((await provider.listWorkloads(where)).map(({ name }) => name)).not.toContain("migrate");
    await tasks.remove("migrate");
    expect(await provider.tasks.list(where)).toEqual([]);
  });

  test("a one-off task that fails is told, with its exit code and what it said last", async () => {
    const { tasks } = subject();
    const { events, outcome } = await run("seed", "broken");
    expect(shown(outcome)).toEqual({
      outcome: "failed",
      exitCode: 3,
      tasks: ["STOPPED EssentialContainerExited 3"],
    });
    const told = events.flatMap((event) => (event.type === "task-stopped" ? [event.task] : []));
    expect(told).toMatchObject([
      { id: outcome.tasks[0]?.id, containers: [{ name: "seed", exitCode: 3 }], failedContainer: "seed" },
    ]);
    expect(told[0]?.lastLogs.at(-1)).toContain("cannot go on");
    const lines = events.flatMap((event) => (event.type === "log" ? [event.message] : []));
    expect(lines.at(-1)).toContain("cannot go on");
    await tasks.remove("seed");
  });
}
