import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { createAwsProvider } from "../../../src/providers/aws/aws-provider.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { impatientTiming } from "../../support/aws/impatient-timing.ts";
import { copilotWorkspace, loadCopilotApp, missingCopilotApp } from "../../support/aws/copilot-app.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { FakeHost, run } from "../../support/fake-host.ts";
import { FakeProvider } from "../../support/fake-provider.ts";

/** What has been deployed, a former one of it again, and what is forgotten, shown by the commands with an application that
 *  Copilot has made: its own deployments are not recorded. */
describeWithAws(
  "history and rollbacks on AWS",
  (aws) => {
    let cwd = "";
    beforeAll(async () => {
      await loadCopilotApp(aws);
      cwd = mkdtempSync(join(tmpdir(), "pf-deploying-"));
      cpSync(copilotWorkspace, cwd, { recursive: true });
    });
    afterAll(() => rmSync(cwd || "/nowhere", { recursive: true, force: true }));

    /** Runs a command of the program against the emulator. */
    async function command(line: string): Promise<string> {
      const session = new AwsSession({ region: "us-west-2" });
      // The emulator's tasks take a twentieth of a second from state to state.
      const timing = { ...impatientTiming(), pace: { first: 50, most: 100 } };
      const account = createAwsAccount(session, timing);
      const provider = new FakeProvider({});
      const host = new FakeHost({
        cwd,
        provider,
        aws: { account, provider: createAwsProvider(account, session, timing) },
      });
      // Records stand in the order of time, which the emulator's own clock tells.
      host.now = Date.now;
      aws.calls.length = 0;
      try {
        return await run(line.trim().split(" "), host);
      } finally {
        session.close();
      }
    }

    const lastLine = (shown: string) => {
      const lines = shown.split("\n").filter((line) => line.startsWith("{"));
      return JSON.parse(lines.at(-1) ?? "{}") as Record<string, unknown>;
    };

    /** Deploys the version with this tag. */
    async function deploy(tag: string, flags = "") {
      const manifest = join(cwd, "copilot/api/manifest.yml");
      writeFileSync(manifest, readFileSync(manifest, "utf8").replace(/example\/api:.*/, `example/api:${tag}`));
      return lastLine(await command(`svc deploy -n api -e test --json${flags}`));
    }

    const rollBack = async (flags: string) => lastLine(await command(`svc rollback -n api -e test --json ${flags}`));

    /** `svc history`, with everything that is not the same each time named. */
    const history = async () =>
      (await command("svc history -n api -e test"))
        .replace(/\d+ (s|min|h|d) ago/g, "1 s ago")
        .replace(/from \S+@\S+/g, "from USER@HOST")
        .replace(/(\S) {2,}/g, "$1  ");

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

    test("versions are deployed, a broken one in between", async () => {
      const outcomes: unknown[] = [];
      for (const tag of ["1", "2", "broken", "3"]) outcomes.push((await deploy(tag))["outcome"]);
      expect(outcomes).toEqual(["completed", "completed", "failed", "completed"]);
      expect(await running()).toEqual([[2, "shop-test-api:4", ["PRIMARY COMPLETED"]]]);
    });

    test("what has been deployed is listed, and the one that serves is marked", async () => {
      expect(await history()).toMatchInlineSnapshot(`
      "stdout:
         REVISION  DEPLOYED  RESULT  IMAGE  COMMIT  BY
      *  4  1 s ago  completed  public.ecr.aws/example/api:3  -  moto from USER@HOST
         3  1 s ago  failed (deployment failed: tasks failed to start.)  public.ecr.aws/example/api:broken  -  moto from USER@HOST
         2  1 s ago  completed  public.ecr.aws/example/api:2  -  moto from USER@HOST
         1  1 s ago  completed  public.ecr.aws/example/api:1  -  moto from USER@HOST

      * serves now
      exit code 0"
    `);
    });

    test("a former revision is deployed again as it was, as a revision of its own", async () => {
      expect(await rollBack("2")).toMatchObject({ outcome: "completed" });
      expect(await running()).toEqual([[2, "shop-test-api:5", ["PRIMARY COMPLETED"]]]);
      const ecs = aws.client(ECSClient);
      const { taskDefinition } = await ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: "shop-test-api:5" }),
      );
      expect(taskDefinition?.containerDefinitions?.map(({ image }) => image)).toContain("public.ecr.aws/example/api:2");
      expect((await history()).split("\n").slice(2, 4)).toMatchInlineSnapshot(`
      [
        "*  5  1 s ago  completed (as 2)  public.ecr.aws/example/api:2  -  moto from USER@HOST",
        "   4  1 s ago  completed  public.ecr.aws/example/api:3  -  moto from USER@HOST",
      ]
    `);
    });

    test("without a terminal a rollback says which revisions there are, and --yes takes the last that worked", async () => {
      expect(await rollBack("")).toMatchObject({
        code: "usage/missing-input",
        message: "[revision] is needed: 4, 2, 1; or --yes for the last one that worked",
      });
      expect(await rollBack("3")).toMatchObject({
        code: "history/not-restorable",
        message: "revision 3 of api is no version that worked: failed",
      });
      expect(await rollBack("77")).toMatchObject({ code: "history/not-found" });
      expect(await rollBack("--yes")).toMatchObject({ outcome: "completed" });
      expect(await running()).toEqual([[2, "shop-test-api:6", ["PRIMARY COMPLETED"]]]);
    });

    test("with --keep old records go, and no revision that anything uses", async () => {
      // What nothing names any more, of the same family and of one whose name begins with it.
      const ecs = aws.client(ECSClient);
      const others = ["shop-test-api", "shop-test-api-worker"];
      const containerDefinitions = [{ name: "api", image: "public.ecr.aws/example/api:9", memory: 128 }];
      for (const family of others) await ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions }));
      expect(await deploy("8", " --keep 1")).toMatchObject({ outcome: "completed" });
      const activeOf = async (familyPrefix: string) =>
        (await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix, status: "ACTIVE" }))).taskDefinitionArns?.map(
          (arn) => arn.split("/")[1],
        );
      expect(await activeOf("shop-test-api")).toEqual(["shop-test-api:8"]);
      expect(await activeOf("shop-test-api-worker")).toEqual(["shop-test-api-worker:1"]);
      expect(await running()).toEqual([[2, "shop-test-api:8", ["PRIMARY COMPLETED"]]]);
      // ECS still knows of the others, and of them no more than the image.
      const shown = await command("svc history -n api -e test --json");
      const document = JSON.parse(shown.slice(shown.indexOf("{"), shown.lastIndexOf("}") + 1)) as {
        deployments: { by?: string; revision: number; restores?: string }[];
      };
      const listed = document.deployments.map(({ revision, restores, by }) => [revision, restores, by === undefined]);
      expect(listed.slice(0, 3)).toEqual([
        [8, "stack", false],
        [6, "image", true],
        [5, "image", true],
      ]);
    });

    test("of one that nobody recorded the image alone is put into what is deployed", async () => {
      const shown = await command("svc rollback 6 -n api -e test --json");
      expect(shown).toContain('"code":"history/image-only"');
      expect(lastLine(shown)).toMatchObject({ outcome: "completed" });
      const { taskDefinition } = await aws
        .client(ECSClient)
        .send(new DescribeTaskDefinitionCommand({ taskDefinition: "shop-test-api:9" }));
      expect(taskDefinition?.containerDefinitions?.map(({ image }) => image)).toContain("public.ecr.aws/example/api:3");
    });
  },
  missingCopilotApp,
);
