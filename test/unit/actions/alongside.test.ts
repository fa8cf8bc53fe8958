import fc from "fast-check";
import { expect, test } from "vitest";
import { alongside } from "../../../src/actions/alongside.ts";

async function* telling<R>(events: readonly [string, number][], result: R, failure?: Error) {
  for (const [event, steps] of events) {
    for (let i = 0; i < steps; i++) await Promise.resolve();
    yield event;
  }
  if (failure) throw failure;
  return result;
}

async function heard<E, R>(story: AsyncGenerator<E, R, void>): Promise<{ events: E[]; result: R }> {
  const events: E[] = [];
  for (;;) {
    const step = await story.next();
    if (step.done) return { events, result: step.value };
    events.push(step.value);
  }
}

test("of two stories everything is heard, each in its own order, whatever the pace", async () => {
  const steps = fc.array(fc.nat({ max: 6 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(steps, steps, async (first, second) => {
      const a = first.map((pace, i): [string, number] => [`a${i}`, pace]);
      const b = second.map((pace, i): [string, number] => [`b${i}`, pace]);
      let ends = 0;
      const { events, result } = await heard(alongside(telling(a, "one"), telling(b, "two"), () => ends++));
      expect(events.filter((event) => event.startsWith("a"))).toEqual(a.map(([event]) => event));
      expect(events.filter((event) => event.startsWith("b"))).toEqual(b.map(([event]) => event));
      expect({ ends, result }).toEqual({ ends: 1, result: { main: { value: "one" }, beside: { value: "two" } } });
    }),
  );
});

test("whoever stops listening ends both stories", async () => {
  const ended: string[] = [];
  async function* until(name: string) {
    try {
      for (;;) yield name;
    } finally {
      ended.push(name);
    }
  }
  for await (const event of alongside(until("main"), until("beside"), () => ended.push("told"))) {
    if (event === "beside") break;
  }
  await new Promise(setImmediate);
  expect(ended.toSorted()).toEqual(["beside", "main", "told"]);
});

test("a story that fails leaves the other one to be heard to its end", async () => {
  const failure = new Error("no");
  const main = telling([["a", 0]], undefined, failure);
  expect(
    await heard(
      alongside(
        main,
        telling(
          [
            ["b", 9],
            ["c", 9],
          ],
          "two",
        ),
        () => undefined,
      ),
    ),
  ).toEqual({
    events: ["a", "b", "c"],
    result: { main: { error: failure }, beside: { value: "two" } },
  });
});
