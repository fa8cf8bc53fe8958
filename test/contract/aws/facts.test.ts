import { beforeAll, expect, test } from "vitest";
import { environmentFactsFor, workloadFacts } from "../../../src/actions/facts-for.ts";
import { openWorkspace } from "../../../src/actions/open-workspace.ts";
import type { Account } from "../../../src/providers/account.ts";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { copilotWorkspace, loadCopilotApp, missingCopilotApp } from "../../support/aws/copilot-app.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import type { AwsEmulator } from "../../support/aws/emulator.ts";
import { withoutIds } from "../../support/aws/without-ids.ts";
import { FakeHost, run } from "../../support/fake-host.ts";

/** The application as Copilot left it; each group asks as one command does, with nothing remembered. */
describeWithAws(
  "facts of an application that Copilot deployed",
  (aws) => {
    beforeAll(async () => {
      await loadCopilotApp(aws);
    });

    test.each(["test", "prod"])("of the environment %s", async (env) => {
      const workspace = await openWorkspace(copilotWorkspace);
      const { asked, calls } = await asking(aws, async (account) => {
        const { facts } = await environmentFactsFor(env, { workspace, env: {}, account });
        return facts;
      });
      expect({ calls, facts: asked }).toMatchSnapshot();
    });

    test.each(["test", "prod"].flatMap((env) => ["api", "front", "orders", "report"].map((name) => [env, name])))(
      "in %s of the workload %s",
      async (env = "", name = "") => {
        const workspace = await openWorkspace(copilotWorkspace);
        const { asked, calls } = await asking(aws, (account) =>
          workloadFacts({ workspace, variables: {}, account, name, env }, {}),
        );
        expect({ calls, facts: asked }).toMatchSnapshot();
      },
    );

    test("of the application", async () => {
      const { asked, calls } = await asking(aws, ({ facts }) => facts.ofApplication("shop"));
      expect({ calls, facts: asked }).toMatchSnapshot();
    });

    test("of a pipeline, which spans the environments", async () => {
      const { asked, calls } = await asking(aws, ({ facts }) => facts.ofPipeline({ app: "shop", pipeline: "release" }));
      expect({ calls, facts: asked }).toMatchSnapshot();
    });

    test("of what is not there", async () => {
      const refused = async (ask: (account: Account) => Promise<unknown>) => {
        const { asked, calls } = await asking(aws, async (account) => {
          const error = (await ask(account).catch((thrown: unknown) => thrown)) as Record<string, unknown>;
          return [error["code"], error["message"], error["hint"]];
        });
        return [...(asked as string[]), calls.join(" ")].join("\n");
      };
      const both = [
        await refused(({ facts }) => facts.ofEnvironment({ app: "shop", env: "staging" })),
        await refused(({ facts }) => facts.ofEnvironment({ app: "depot", env: "test" })),
      ];
      expect(both.join("\n\n")).toMatchInlineSnapshot(`
        "environment/not-found
        the application shop has no environment staging in the account 123456789012 in us-west-2: it has prod, test
        pilotfish env init --name staging
        ssm:GetParameters ssm:GetParametersByPath sts:GetCallerIdentity

        application/not-found
        there is no application depot in the account 123456789012 in us-west-2
        pilotfish app ls    (is this the right profile and region? or make it: pilotfish app init depot)
        ssm:GetParameters sts:GetCallerIdentity"
      `);
      expect((await asking(aws, ({ facts }) => facts.ofApplication("depot"))).asked).toBeUndefined();
    });

    test("a workload is compared with what is deployed, addons and all, without a file of facts", async () => {
      const args = ["svc", "package", "-n", "front", "-e", "test", "--diff"];
      const { asked, calls } = await asking(aws, (account) =>
        run(args, new FakeHost({ cwd: copilotWorkspace, aws: { account } })),
      );
      expect(`${asked as string}\n${calls.join("\n")}`).toMatchSnapshot();
    });

    test("an environment and the application are compared with what is deployed", async () => {
      for (const args of [
        ["env", "package", "-n", "test", "--diff"],
        ["app", "package", "--diff"],
      ]) {
        const { asked, calls } = await asking(aws, (account) =>
          run(args, new FakeHost({ cwd: copilotWorkspace, aws: { account } })),
        );
        expect(`${asked as string}\n${calls.join("\n")}`).toMatchSnapshot(args.slice(0, 2).join(" "));
      }
    });
  },
  missingCopilotApp,
);

async function asking<T>(
  aws: AwsEmulator,
  ask: (account: Account) => Promise<T>,
): Promise<{ asked: T; calls: string[] }> {
  const session = new AwsSession({ region: "us-west-2" });
  aws.calls.length = 0;
  try {
    const asked = await ask(createAwsAccount(session));
    return { asked: withoutIds(asked), calls: aws.calls.map(({ name }) => name).toSorted() };
  } finally {
    session.close();
  }
}
