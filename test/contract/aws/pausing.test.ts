import { afterEach, beforeEach, expect, test } from "vitest";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { createAwsProvider } from "../../../src/providers/aws/aws-provider.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { usualTiming } from "../../../src/providers/aws/timing.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { json } from "../../support/aws/scripted-ecs.ts";
import { createStack, smallShop } from "../../support/aws/small-shop.ts";
import { FakeHost, run } from "../../support/fake-host.ts";
import { folderWith } from "../../support/files.ts";

describeWithAws("svc pause and svc resume", (aws) => {
  let session: AwsSession;
  let cwd: string;
  beforeEach(async () => {
    await aws.reset();
    await smallShop(aws);
    session = new AwsSession({ region: "us-west-2" });
    cwd = await folderWith({ "copilot/.workspace": "application: shop\n" });
    const template = { Resources: { Service: { Type: "AWS::AppRunner::Service", Properties: {} } } };
    await createStack(aws, "shop-test-web", template, { "copilot-environment": "test", "copilot-service": "web" });
  });
  afterEach(() => session.close());

  const type = async (line: string) => {
    const pace = { first: 5, most: 2000 };
    const timing = { ...usualTiming, paces: { ...usualTiming.paces, customDomain: pace } };
    const account = createAwsAccount(session, timing);
    const host = new FakeHost({ cwd, aws: { account, provider: createAwsProvider(account, session) } });
    return (await run(line.split(" "), host)).replace(/Service-[0-9A-Z]{12}/g, "Service-ID");
  };

  /** The service as App Runner tells of it, one state after the other. Source: AWS App Runner API Reference, DescribeService,
   *  PauseService. */
  function serviceThatIs(...states: string[]): void {
    aws.use(async ({ name }, pass) => {
      if (!name.startsWith("apprunner:")) return pass();
      const Status = (states.length > 1 ? states.shift() : states[0]) ?? "";
      return json({ Service: { Status: name === "apprunner:DescribeService" ? Status : "OPERATION_IN_PROGRESS" } });
    });
  }
  const asked = () => aws.calls.map(({ name }) => name).filter((name) => name.startsWith("apprunner:"));

  test("asks, and waits until App Runner has done it", async () => {
    serviceThatIs("RUNNING");
    expect(await type("svc pause -n web -e test")).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · service web · account 123456789012, us-west-2
      error  this cannot be undone, and there is nobody to ask: --yes is needed  (usage/missing-input)
             pilotfish svc pause -n web -e test --yes
      exit code 2"
    `);
    aws.calls.length = 0;
    serviceThatIs("RUNNING", "", "OPERATION_IN_PROGRESS", "PAUSED");
    expect(await type("svc pause -n web -e test --yes")).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · service web · account 123456789012, us-west-2
      stdout:
      web in test is paused; go on with: pilotfish svc resume -n web -e test
      exit code 0"
    `);
    expect(asked()).toMatchInlineSnapshot(`
      [
        "apprunner:DescribeService",
        "apprunner:PauseService",
        "apprunner:DescribeService",
        "apprunner:DescribeService",
      ]
    `);
  });

  test("one that is so already is left alone, and one that App Runner leaves otherwise is told", async () => {
    serviceThatIs("RUNNING");
    expect(await type("svc resume -n web -e test --json")).toMatchInlineSnapshot(`
      "stdout:
      {
        "outcome": "unchanged"
      }
      exit code 0"
    `);
    expect(asked()).toEqual(["apprunner:DescribeService"]);
    serviceThatIs("PAUSED", "", "PAUSED");
    expect(await type("svc resume -n web -e test")).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · service web · account 123456789012, us-west-2
      error  App Runner has left web PAUSED instead of RUNNING  (service/cannot-pause)
             aws apprunner list-operations --service-arn shop-test-web-Service-ID --region us-west-2
      exit code 1"
    `);
  });

  test("what is no service of App Runner cannot be paused", async () => {
    expect(await type("svc pause -n api -e test --yes")).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · service api · account 123456789012, us-west-2
      error  api is no Request-Driven Web Service: App Runner alone pauses  (service/cannot-pause)
             pilotfish svc show --app shop --name api
      exit code 1"
    `);
    expect(await type("svc pause -n api -e local --yes")).toMatchInlineSnapshot(`
      "stderr:
      error  local is a simulated environment, and App Runner alone pauses  (service/cannot-pause)
             pilotfish svc pause --app shop --name api --env ENV    (one on AWS)
      exit code 1"
    `);
  });
});
