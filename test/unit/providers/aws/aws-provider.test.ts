import { expect, test } from "vitest";
import type { Account } from "../../../../src/providers/account.ts";
import { createAwsProvider } from "../../../../src/providers/aws/aws-provider.ts";
import { AwsSession } from "../../../../src/providers/aws/session.ts";

test("a change of an environment is made in its own account and region, another one in those of the credentials", async () => {
  const far = { accountID: "210987654321", region: "eu-west-1" };
  const account = {
    identity: async () => ({ account: "123456789012", region: "us-west-2" }),
    records: { environment: async (_: string, env: string) => (env === "far" ? far : undefined) },
  } as unknown as Account;
  const provider = createAwsProvider(account, new AwsSession({ region: "us-west-2" }));
  expect(await provider.target({ app: "shop", env: "far" })).toEqual({
    provider: "aws",
    label: "account 210987654321, eu-west-1",
  });
  const own = { provider: "aws", label: "account 123456789012, us-west-2" };
  expect([await provider.target(), await provider.target({ app: "shop", env: "new" })]).toEqual([own, own]);
});
