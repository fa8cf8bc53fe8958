import { expect, test } from "vitest";
import { atTheSameTime } from "../../../../src/providers/aws/at-the-same-time.ts";

/** Answers in its own time which question it was, and counts. */
function asker() {
  const answers: ((fails?: boolean) => void)[] = [];
  const ask = atTheSameTime(
    (name: string, where: object) =>
      new Promise<string>((resolve, reject) => {
        const text = `${answers.length + 1}: ${name} ${JSON.stringify(where)}`;
        answers.push((fails = false) => (fails ? reject(new Error(text)) : resolve(text)));
      }),
  );
  return { ask, answers };
}

test("who asks the same while it is being asked hears the same answer", async () => {
  const { ask, answers } = asker();
  const all = [ask("shop-test", {}), ask("shop-test", {}), ask("shop-prod", {}), ask("shop-test", { region: "r" })];
  for (const answer of answers) answer();
  expect(await Promise.all(all)).toEqual([
    "1: shop-test {}",
    "1: shop-test {}",
    "2: shop-prod {}",
    '3: shop-test {"region":"r"}',
  ]);
});

test("what is asked later is asked anew, also after a failure", async () => {
  const { ask, answers } = asker();
  const first = [ask("shop-test", {}), ask("shop-test", {})];
  answers[0]?.(true);
  await expect(Promise.allSettled(first)).resolves.toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
  const second = ask("shop-test", {});
  answers[1]?.();
  expect(await second).toBe("2: shop-test {}");
});
