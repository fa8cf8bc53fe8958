import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { explained } from "../../../../src/providers/aws/explained.ts";
import { answering, told, wire } from "./answering.ts";

test("every member's failures are explained, whatever it promises; what it answers stays as it is", async () => {
  const { session } = await answering([wire.json("ClusterNotFoundException", "Cluster not found.")]);
  const fail = () => session.client(ECSClient).send(new DescribeServicesCommand({ services: ["api"] }));
  const data = { name: "shop", tags: { team: "web" } };
  const account = explained({
    region: "eu-west-1",
    data: async () => data,
    fail,
    records: { fail },
    open: async () => ({ output: steps(), write: fail }),
    steps,
  });
  async function* steps(): AsyncGenerator<number, string, string | undefined> {
    try {
      const heard = yield 1;
      if (heard === "fail") await fail();
      yield 2;
      return "done";
    } finally {
      ended += 1;
    }
  }
  let ended = 0;

  expect(account.region).toBe("eu-west-1");
  expect(await account.data()).toBe(data);
  const session2 = await account.open();
  const failures = [
    account.fail(),
    account.records.fail(),
    session2.write(),
    (async () => {
      const story = account.steps();
      await story.next();
      await story.next("fail");
    })(),
  ];
  expect(await Promise.all(failures.map(plain))).toEqual(failures.map(() => "aws/not-found"));

  const story = account.steps();
  expect([await story.next(), await story.next("go on"), await story.next()]).toEqual([
    { done: false, value: 1 },
    { done: false, value: 2 },
    { done: true, value: "done" },
  ]);
  for await (const step of session2.output) {
    expect(step).toBe(1);
    break;
  }
  expect(ended).toBe(3);
  expect(await told(account.fail())).toMatch(/^aws\/not-found/);
});

test("a bug of ours stays one", async () => {
  const account = explained({
    now() {
      throw new TypeError("x is undefined");
    },
    later: async () => {
      throw new RangeError("too many");
    },
  });
  expect(() => account.now()).toThrow(TypeError);
  await expect(account.later()).rejects.toThrow(RangeError);
});

/** The code of a failure, as it comes out of the account. */
async function plain(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => "succeeded",
    (error: unknown) => (error as { code?: string }).code,
  );
}
