import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DescribeServicesCommand, ECSClient, ListClustersCommand, ListServicesCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { createAwsProvider } from "../../../src/providers/aws/aws-provider.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { impatientTiming } from "../../support/aws/impatient-timing.ts";
import { copilotWorkspace, loadCopilotApp, missingCopilotApp } from "../../support/aws/copilot-app.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { FakeHost, run } from "../../support/fake-host.ts";
import { FakeProvider } from "../../support/fake-provider.ts";

/** What the contract of providers promises of a deploy, shown by the commands: a deploy to AWS begins with a workspace, so
 *  this is one of Copilot's. */
describeWithAws(
  "deploys to AWS",
  (aws) => {
    let cwd = "";
    beforeAll(async () => {
      await loadCopilotApp(aws);
      cwd = mkdtempSync(join(tmpdir(), "pf-deploying-"));
      cpSync(copilotWorkspace, cwd, { recursive: true });
    });
    afterAll(() => rmSync(cwd || "/nowhere", { recursive: true, force: true }));

    /** Deploys the version with this tag. @returns what it says at the end */
    async function deploy(tag: string, ...more: string[]) {
      const manifest = join(cwd, "copilot/api/manifest.yml");
      writeFileSync(manifest, readFileSync(manifest, "utf8").replace(/example\/api:.*/, `example/api:${tag}`));
      return (await type(["svc", "deploy", "-n", "api", "-e", "test", ...more])).at(-1) ?? {};
    }

    /** @returns the documents that it prints */
    async function type(words: string[]): Promise<Record<string, unknown>[]> {
      const session = new AwsSession({ region: "us-west-2" });
      // The emulator's tasks take a twentieth of a second from state to state.
      const timing = { ...impatientTiming(), pace: { first: 50, most: 100 } };
      const account = createAwsAccount(session, timing);
      aws.calls.length = 0;
      const provider = new FakeProvider({});
      const host = new FakeHost({
        cwd,
        provider,
        aws: { account, provider: createAwsProvider(account, session, timing) },
      });
      try {
        const shown = await run([...words, "--json"], host);
        const lines = shown.split("\n").filter((line) => line.startsWith("{"));
        return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      } finally {
        session.close();
      }
    }

    /** What runs, asked of ECS itself. */
    async function running(): Promise<unknown[]> {
      const ecs = aws.client(ECSClient);
      const { clusterArns = [] } = await ecs.send(new ListClustersCommand({}));
      const cluster = clusterArns.find((arn) => arn.includes("shop-test"));
      const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster }));
      const services = serviceArns.filter((arn) => arn.includes("test-api-"));
      const described = await ecs.send(new DescribeServicesCommand({ cluster, services }));
      return (described.services ?? []).map(({ runningCount, taskDefinition, deployments = [] }) => [
        runningCount,
        taskDefinition?.split("/")[1],
        deployments.map(({ status, rolloutState }) => `${status} ${rolloutState}`),
      ]);
    }

    test("a workload of Copilot's is detached and deployed, and the next deploy finds nothing to do", async () => {
      expect(await deploy("1")).toMatchObject({ type: "result", outcome: "completed" });
      const asked = await deploy("1");
      expect(asked).toMatchObject({ type: "result", outcome: "unchanged" });
      expect((await aws.deletions()).filter(({ event }) => event !== "resource deleted")).toEqual([]);
      expect(await running()).toEqual([[2, "shop-test-api:1", ["PRIMARY COMPLETED"]]]);
    });

    test("a new image is a new revision", async () => {
      expect(await deploy("2")).toMatchObject({ outcome: "completed" });
      expect(await running()).toEqual([[2, "shop-test-api:2", ["PRIMARY COMPLETED"]]]);
    });

    test("a broken version fails, says why, and the former version is back", async () => {
      expect(await deploy("broken")).toMatchObject({
        type: "result",
        outcome: "failed",
        reason: expect.stringMatching(/circuit breaker|tasks failed to start/),
        rolledBackTo: { revision: 2 },
        firstFailure: { containers: expect.arrayContaining([expect.objectContaining({ name: "api", exitCode: 3 })]) },
      });
      expect(await running()).toEqual([[2, "shop-test-api:2", ["PRIMARY COMPLETED"]]]);
      expect(await deploy("3")).toMatchObject({ outcome: "completed" });
      expect(await running()).toEqual([[2, "shop-test-api:4", ["PRIMARY COMPLETED"]]]);
    });

    test("a dry run checks and shows what would change, and changes nothing", async () => {
      const before = await running();
      expect(await deploy("4", "--dry-run")).toEqual({ type: "result", outcome: "dry-run" });
      const written = aws.calls.filter(({ action }) =>
        /^(Create|Update|Put|Execute|Delete|Register|Upload)/.test(action),
      );
      expect(written.map(({ name }) => name)).toEqual([]);
      expect(await running()).toEqual(before);
      expect(await deploy("4", "--diff")).toMatchObject({ type: "error", code: "usage/missing-input" });
    });

    test("a dry run of several workloads shows what would change in each, and changes nothing", async () => {
      const shown = await type(["deploy", "-e", "test", "-n", "api", "-n", "report", "--dry-run"]);
      const stacks = shown.flatMap(({ stacks: each = [] }) => each as { stack: string }[]);
      expect([stacks.map(({ stack }) => stack), shown.at(-1)]).toEqual([
        ["shop-test-api", "shop-test-report"],
        { type: "result", outcome: "dry-run" },
      ]);
      expect(aws.calls.filter(({ action }) => /^(Create|Update|Put|Execute|Delete|Register)/.test(action))).toEqual([]);
      expect(await type(["deploy", "-e", "test", "--dry-run", "--deploy-env"])).toEqual([
        expect.objectContaining({ type: "error", code: "usage/invalid-flag" }),
      ]);
    });

    test("tags are added to the stack, what would change is shown first, and --no-wait does not wait", async () => {
      const result = await deploy("3", "--resource-tags", "team=sales", "--diff-yes", "--no-wait");
      expect(result).toMatchObject({ type: "result", outcome: "detached" });
      const { Stacks = [] } = await aws
        .client(CloudFormationClient)
        .send(new DescribeStacksCommand({ StackName: "shop-test-api" }));
      expect(Stacks[0]?.Tags).toContainEqual({ Key: "team", Value: "sales" });
    });

    test("what a newer version has deployed is left alone, unless it is said", async () => {
      aws.use(async (call, pass) => {
        const answer = await pass();
        if (call.name !== "cloudformation:GetTemplate") return answer;
        return { ...answer, body: Buffer.from(answer.body.toString().replace(/Version: v1/, "Version: v9")) };
      });
      expect(await deploy("5")).toMatchObject({ type: "error", code: "stack/newer" });
      expect(await deploy("5", "--allow-downgrade")).toMatchObject({ outcome: "completed" });
    });
  },
  missingCopilotApp,
);
