import { GetParameterCommand, ListTagsForResourceCommand, SSMClient } from "@aws-sdk/client-ssm";
import { beforeEach, expect, test } from "vitest";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { explained } from "../../../src/providers/aws/explained.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { impatientTiming } from "../../support/aws/impatient-timing.ts";
import { errorAnswer } from "../../support/aws/answers.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { smallShop } from "../../support/aws/small-shop.ts";
import { FakeHost, run } from "../../support/fake-host.ts";
import { FakeProvider } from "../../support/fake-provider.ts";
import { folderWith } from "../../support/files.ts";

describeWithAws("secrets of an application on AWS", (aws) => {
  beforeEach(async () => {
    await aws.reset();
    await smallShop(aws);
  });

  const simulator = new FakeProvider({});
  async function say(line: string, terminal?: { answers: (string | boolean)[] }): Promise<string> {
    const session = new AwsSession({ region: "us-west-2" });
    const account = explained(createAwsAccount(session, impatientTiming()));
    const host = new FakeHost({
      cwd: await folderWith({ "copilot/.workspace": "application: shop\n" }),
      provider: simulator,
      aws: { account },
      ...(terminal && { terminal: { columns: 120, rows: 30 }, ...terminal }),
    });
    try {
      return await run(["secret", "init", ...line.split(" ")], host);
    } finally {
      session.close();
    }
  }

  const name = "/copilot/shop/test/secrets/db_password";
  async function kept() {
    const ssm = aws.client(SSMClient);
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    const tags = await ssm.send(new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: name }));
    const { Type, Value, Version } = Parameter ?? {};
    return { Type, Value, Version, tags: tags.TagList?.map(({ Key, Value: value }) => `${Key}=${value}`) };
  }

  test("values of simulated environments and of AWS's are kept in one run, and what fails is told with the others", async () => {
    expect(await say("-n db_password --values local=hunter1,test=hunter2,prod=hunter3")).toMatchInlineSnapshot(`
      "stderr:
      db_password is created in local, as /copilot/shop/local/secrets/db_password
      db_password is created in test, as /copilot/shop/test/secrets/db_password
      error  db_password in prod: the application shop has no environment prod on AWS  (environment/not-found)
             pilotfish env init -a shop -n prod
      exit code 1"
    `);
    expect(await kept()).toEqual({
      Type: "SecureString",
      Value: "hunter2",
      Version: 1,
      tags: ["copilot-application=shop", "copilot-environment=test"],
    });
    expect(simulator.values.get("parameter /copilot/shop/local/secrets/db_password")).toBe("hunter1");
  });

  test("a value that is there stays, until it may be replaced", async () => {
    await say("-n db_password --values test=first");
    const again = await say("-n db_password --values test=second");
    expect(again).toContain("is there already in test");
    expect((await kept()).Value).toBe("first");
    expect(await say("-n db_password --values test=second --overwrite --json")).toContain('"result": "updated"');
    expect(await kept()).toMatchObject({ Value: "second", Version: 2, tags: { length: 2 } });
  });

  test("on a terminal a value is asked for each environment of both kinds", async () => {
    expect(await say("--overwrite", { answers: ["db_password", "a", "b"] })).toMatchInlineSnapshot(`
      "asked:
      What is the secret's name? db_password
      What is the value of db_password in local? (hidden)
      What is the value of db_password in test? (hidden)
      stderr:
      db_password is updated in local, as /copilot/shop/local/secrets/db_password
      db_password is created in test, as /copilot/shop/test/secrets/db_password
      stdout:
      a manifest names them so:

      secrets:
        db_password: /copilot/\${COPILOT_APPLICATION_NAME}/\${COPILOT_ENVIRONMENT_NAME}/secrets/db_password
      exit code 0"
    `);
    expect((await kept()).Value).toBe("b");
  });

  test("what AWS denies shows no value", async () => {
    aws.use(async (call, pass) =>
      call.name === "ssm:PutParameter"
        ? errorAnswer(call, { code: "AccessDeniedException", message: "not authorized", status: 400 })
        : pass(),
    );
    const shown = await say("-n db_password --values test=hunter2");
    expect(shown).toContain("aws/denied");
    expect(shown).not.toContain("hunter2");
  });
});
