import { expect, test } from "vitest";
import { sideBySide, type Work } from "../../../src/actions/side-by-side.ts";

/** A piece of work that goes on when it is told to. */
function steps(name: string): { work: Work<string, string>; go: (how?: Error) => void } {
  let go = (_how?: Error): void => {};
  const work: Work<string, string> = (tell, signal) =>
    new Promise((resolve, reject) => {
      tell(`${name} starts`);
      signal.addEventListener("abort", () => reject(new Error(`${name} was given up`)));
      go = (how) => {
        tell(`${name} ends`);
        if (how) reject(how);
        else resolve(`result of ${name}`);
      };
    });
  return { work, go: (how) => go(how) };
}

async function heard(story: AsyncGenerator<string, string[], void>, on: Record<string, () => void> = {}) {
  const events: string[] = [];
  try {
    for (;;) {
      const { value, done } = await story.next();
      if (done) return { events, results: value };
      events.push(value);
      on[value]?.();
    }
  } catch (error) {
    return { events, error: (error as Error).message };
  }
}

const never = new AbortController().signal;

test("what each tells is heard in the order of time, and the results come in the order of the work", async () => {
  const [one, two] = [steps("one"), steps("two")];
  const story = sideBySide([one.work, two.work], never);
  expect(await heard(story, { "two starts": () => two.go(), "two ends": () => one.go() })).toEqual({
    events: ["one starts", "two starts", "two ends", "one ends"],
    results: ["result of one", "result of two"],
  });
});

test("the first that fails ends the others, and its error is the one that is thrown", async () => {
  const [one, two, three] = [steps("one"), steps("two"), steps("three")];
  const story = sideBySide([one.work, two.work, three.work], never);
  expect(await heard(story, { "three starts": () => two.go(new Error("two is broken")) })).toEqual({
    events: ["one starts", "two starts", "three starts", "two ends"],
    error: "two is broken",
  });
});

test("a signal from outside ends all", async () => {
  const abort = new AbortController();
  const story = sideBySide([steps("one").work, steps("two").work], abort.signal);
  expect(await heard(story, { "two starts": () => abort.abort() })).toEqual({
    events: ["one starts", "two starts"],
    error: "one was given up",
  });
});

test("nothing to do is done at once", async () => {
  expect(await heard(sideBySide([], never))).toEqual({ events: [], results: [] });
});

test("whoever stops listening gives the work up", async () => {
  const [one] = [steps("one")];
  const given: string[] = [];
  const story = sideBySide(
    [(tell, signal) => (signal.addEventListener("abort", () => given.push("up")), one.work(tell, signal))],
    never,
  );
  await story.next();
  await story.return([]);
  expect(given).toEqual(["up"]);
});
