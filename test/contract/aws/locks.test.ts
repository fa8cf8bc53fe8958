import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import { beforeEach, expect, test } from "vitest";
import { createLocks } from "../../../src/providers/aws/locks.ts";
import { openSession } from "../../../src/providers/aws/open-session.ts";
import { faults } from "../../support/aws/faults.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";

const ada = {
  arn: "arn:aws:iam::123456789012:user/ada",
  from: "ada@laptop",
  doing: "deploy",
  since: "2026-01-02T03:04:05Z",
};
const ci = { ...ada, arn: "arn:aws:sts::123456789012:assumed-role/ci/1", from: "https://ci.example.com/jobs/7" };
const api = { app: "shop", env: "test", workload: "api" };

describeWithAws("locks on AWS", (aws) => {
  beforeEach(() => aws.reset());

  const locks = async () => createLocks(await openSession({ env: aws.env }));
  const parameters = async () =>
    (
      await aws.client(SSMClient).send(new GetParametersByPathCommand({ Path: "/copilot", Recursive: true }))
    ).Parameters?.map(({ Name }) => Name);

  test("one is taken once, and whoever comes second hears who has it since when", async () => {
    const [mine, others] = [await locks(), await locks()];
    const taken = await mine.take(api, ada);
    expect("release" in taken).toBe(true);
    expect(await others.take(api, ci)).toEqual({ held: { id: expect.any(String), ...ada } });
    expect(await parameters()).toEqual(["/copilot/locks/shop/test/api"]);
    if ("release" in taken) await taken.release();
    expect(await parameters()).toEqual([]);
    expect("release" in (await others.take(api, ci))).toBe(true);
  });

  test("of fifty that come at once one gets it", async () => {
    const all = await Promise.all(Array.from({ length: 50 }, async () => (await locks()).take(api, ada)));
    expect(all.filter((answer) => "release" in answer)).toHaveLength(1);
  });

  test("one that was freed and taken by another is not given back by its first holder", async () => {
    const [mine, others] = [await locks(), await locks()];
    const taken = await mine.take(api, ada);
    expect(await others.free(api)).toBe(true);
    expect(await others.free(api)).toBe(false);
    await others.take(api, ci);
    if ("release" in taken) await taken.release();
    expect((await mine.holder(api))?.from).toBe(ci.from);
  });

  test("when the answer to the first attempt is lost, the lock is ours all the same", async () => {
    let lost = 0;
    aws.use(async (call, pass) => {
      const answer = await pass();
      return call.name === "ssm:PutParameter" && lost++ === 0 ? "reset" : answer;
    });
    expect("release" in (await (await locks()).take(api, ada))).toBe(true);
    expect(lost).toBe(2);
  });

  test("those that are held are listed, and all of a program's go when it is left", async () => {
    const mine = await locks();
    await mine.take(api, ada);
    await mine.take({ app: "shop", env: "test" }, { ...ada, doing: "env deploy" });
    expect((await mine.list({ app: "shop" })).map(({ env, workload, doing }) => ({ env, workload, doing }))).toEqual([
      { env: "test", workload: undefined, doing: "env deploy" },
      { env: "test", workload: "api", doing: "deploy" },
    ]);
    expect(await mine.releaseAll()).toEqual([]);
    expect(await parameters()).toEqual([]);
  });

  test("one that cannot be given back is named, and given back when that is possible again", async () => {
    const mine = await locks();
    await mine.take(api, ada);
    aws.use(faults({ seed: 1, share: 1, kinds: ["denied"], calls: ["ssm:DeleteParameter"], most: 1 }));
    expect(await mine.releaseAll()).toEqual([api]);
    expect(await mine.releaseAll()).toEqual([]);
    expect(await parameters()).toEqual([]);
  });
});
