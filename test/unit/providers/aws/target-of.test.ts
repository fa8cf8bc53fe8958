import { expect, test } from "vitest";
import type { Account } from "../../../../src/providers/account.ts";
import { targetOf } from "../../../../src/providers/aws/target-of.ts";

test("a change of an environment is made in its own account and region, another one in those of the credentials", async () => {
  const far = { accountID: "210987654321", region: "eu-west-1" };
  const account = {
    identity: async () => ({ account: "123456789012", region: "us-west-2" }),
    records: { environment: async (_: string, env: string) => (env === "far" ? far : undefined) },
  } as unknown as Account;
  expect(await targetOf({ app: "shop", env: "far" }, account)).toEqual({
    provider: "aws",
    label: "account 210987654321, eu-west-1",
  });
  const own = { provider: "aws", label: "account 123456789012, us-west-2" };
  expect([await targetOf(undefined, account), await targetOf({ app: "shop", env: "new" }, account)]).toEqual([
    own,
    own,
  ]);
});
