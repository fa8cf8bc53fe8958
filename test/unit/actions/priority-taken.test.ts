import { expect, test } from "vitest";
import { unlessPriorityTaken } from "../../../src/actions/priority-taken.ts";
import { UserError } from "../../../src/errors.ts";
import type { DeployResult } from "../../../src/providers/provider.ts";
import { drain } from "../../support/aws/drain.ts";

const taken = new UserError("stack/priority-taken", "the stack shop-test-api could not be created");
const done = { outcome: "completed" } as DeployResult;

async function* ending(error?: Error) {
  yield* [];
  if (error !== undefined) throw error;
  return done;
}

const outcome = (error: Error | undefined, { attempt = 1, signal = new AbortController().signal } = {}) =>
  drain(unlessPriorityTaken(ending(error), attempt, signal));

test("a deployment whose rule got a priority that somebody else took meanwhile is to be done again, and says so", async () => {
  expect(await outcome(taken)).toMatchInlineSnapshot(`
    {
      "events": [
        {
          "code": "stack/priority-taken",
          "message": "the stack shop-test-api could not be created; it is deployed again with another priority",
          "type": "notice",
        },
      ],
      "result": "stale",
    }
  `);
  expect(await outcome(undefined)).toEqual({ events: [], result: done });
});

test("not for ever, not when it was interrupted, and not for other failures", async () => {
  await expect(outcome(taken, { attempt: 5 })).rejects.toBe(taken);
  await expect(outcome(taken, { signal: AbortSignal.abort() })).rejects.toBe(taken);
  const other = new UserError("stack/failed", "no");
  await expect(outcome(other)).rejects.toBe(other);
});
