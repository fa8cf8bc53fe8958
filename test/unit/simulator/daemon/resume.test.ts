import { expect, test } from "vitest";
import { resume } from "../../../../src/simulator/daemon/resume.ts";
import type { Effect } from "../../../../src/simulator/engine/effects.ts";

test("an effect that only a newer version knows stays in the journal; the others are done again", async () => {
  const journal = [
    { type: "prepare-task", task: "a" },
    { type: "warm-up-task", task: "b" },
    { type: "remove-task", task: "c" },
  ] as Effect[];
  const done: unknown[] = [];
  const reported: unknown[] = [];
  await resume(
    {
      simulator: {
        state: { speed: 1, services: {}, tasks: {} },
        reportAll: (inputs: unknown) => reported.push(inputs),
      } as never,
      runtime: { list: async () => [], removeTask: async () => undefined, adopt: async () => undefined },
      runner: { run: (effect) => done.push(effect) },
      discovery: { recover: () => undefined },
      now: () => 0,
    },
    journal,
    false,
  );
  expect(done).toEqual([journal[0], journal[2]]);
  expect(reported).toEqual([[{ type: "tick" }]]);
});
