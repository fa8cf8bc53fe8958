import { afterEach, beforeEach, expect, test } from "vitest";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { createAwsProvider } from "../../../src/providers/aws/aws-provider.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { copilotWorkspace, loadCopilotApp, missingCopilotApp } from "../../support/aws/copilot-app.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { FakeHost, run } from "../../support/fake-host.ts";
import { withoutIds } from "../../support/aws/without-ids.ts";

describeWithAws(
  `an application that Copilot made is taken over${missingCopilotApp ? ` (skipped: ${missingCopilotApp})` : ""}`,
  (aws) => {
    const known = test.skipIf(missingCopilotApp);
    beforeEach(async () => {
      await aws.reset();
      if (missingCopilotApp === undefined) await loadCopilotApp(aws);
    });

    known(
      "TRIAL",
      async () => {
        const session = new AwsSession({ region: "us-west-2" });
        const account = createAwsAccount(session);
        const host = () =>
          new FakeHost({ cwd: copilotWorkspace, aws: { account, provider: createAwsProvider(account, session) } });
        const { appendFileSync } = await import("node:fs");
        const host0 = host;
        void host0;
        let t = Date.now();
        console.log(await run("app adopt --dry-run".split(" "), host()));
        console.log("ms", Date.now() - t);
        t = Date.now();
        const h = host();
        h.stderr.onWrite = (x) =>
          appendFileSync(
            "/tmp/adopt.live",
            `${(Date.now() - t) / 1000} ${aws.calls.slice(-6).map((c) => c.name)} ${x}`,
          );
        console.log(await run("app adopt --yes --env test".split(" "), h));
        console.log("ms", Date.now() - t, aws.calls.length);
        console.log(
          JSON.stringify(
            (await aws.deletions()).filter((each) => !/Lambda|IAM/.test(each.type)),
            null,
            1,
          ),
        );
        console.log(await run("app adopt --dry-run".split(" "), host()));
        session.close();
      },
      300_000,
    );
  },
);
