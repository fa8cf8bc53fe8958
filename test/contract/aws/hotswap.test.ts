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
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { errorAnswer } from "../../support/aws/answers.ts";
import { copilotWorkspace, loadCopilotApp, missingCopilotApp } from "../../support/aws/copilot-app.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import type { AwsCall } from "../../support/aws/front.ts";
import { ImpatientHost } from "../../support/aws/impatient-host.ts";
import { run } from "../../support/fake-host.ts";

type Line = Record<string, unknown>;

/** Deploys past CloudFormation and what comes after them, shown by the commands. */
describeWithAws(
  "hotswaps on AWS",
  (aws) => {
    let cwd = "";
    let first: Line[] = [];
    let host: ImpatientHost;
    /** Whether tasks take their time, so that one that fails is seen. */
    let failureIsSeen = false;
    /** The call after which Ctrl-C is pressed. */
    let interruptedAt = "";
    /** The call whose first answer is lost on its way. */
    let lostAnswer = "";
    /** Whether the user may not register. */
    let denied = false;
    /** Whether the user is of another account than the environment. */
    let elsewhere = false;
    beforeAll(async () => {
      await loadCopilotApp(aws, (stack) => /^shop-test(-api)?$/.test(stack));
      cwd = mkdtempSync(join(tmpdir(), "pf-hotswap-"));
      cpSync(copilotWorkspace, cwd, { recursive: true });
      first = await lines("1", "--hotswap");
      aws.use(async (call, pass) => {
        if (denied && call.name === "ecs:RegisterTaskDefinition" && !elsewhere) return refused(call);
        const answer = await pass();
        if (elsewhere && call.name === "sts:GetCallerIdentity")
          return { ...answer, body: Buffer.from(answer.body.toString().replaceAll("123456789012", "999999999999")) };
        if (call.name === interruptedAt) host.interrupt();
        if (call.name !== lostAnswer) return answer;
        lostAnswer = "";
        return "reset";
      });
    });
    afterAll(() => rmSync(cwd || "/nowhere", { recursive: true, force: true }));

    function refused(call: AwsCall) {
      const message =
        "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: ecs:RegisterTaskDefinition on resource: *";
      return errorAnswer(call, { code: "AccessDeniedException", message, status: 400 });
    }

    /** Runs a command of the program against the emulator. */
    async function command(line: string): Promise<string> {
      host = new ImpatientHost({ cwd });
      host.now = Date.now;
      aws.calls.length = 0;
      const runIt = () => run(line.trim().split(" "), host);
      return failureIsSeen ? runIt() : aws.hurried(runIt);
    }

    const linesOf = (shown: string): Line[] =>
      shown
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as Line);

    let manifest = "";
    /** The manifest with this tag, and whatever else it is to say. */
    function write(tag: string, more = (text: string) => text): void {
      const file = join(cwd, "copilot/api/manifest.yml");
      manifest ||= readFileSync(file, "utf8");
      writeFileSync(file, more(manifest.replace(/example\/api:.*/, `example/api:${tag}`)));
    }

    async function lines(tag: string, flags = "", more?: (text: string) => string): Promise<Line[]> {
      write(tag, more);
      return linesOf(await command(`svc deploy -n api -e test --json ${flags}`));
    }

    const deploy = async (...how: Parameters<typeof lines>) => (await lines(...how)).at(-1) ?? {};

    async function theService(): Promise<{ cluster: string; service: string }> {
      const ecs = aws.client(ECSClient);
      const { clusterArns = [] } = await ecs.send(new ListClustersCommand({}));
      const cluster = clusterArns.find((arn) => arn.includes("shop-test")) ?? "";
      const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster }));
      return { cluster, service: serviceArns.find((arn) => arn.includes("test-api-")) ?? "" };
    }

    /** What runs, asked of ECS itself: tasks, revision and image. */
    async function running(): Promise<unknown[]> {
      const ecs = aws.client(ECSClient);
      const { cluster, service: arn } = await theService();
      const { services: [service] = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [arn] }));
      const { taskDefinition } = await ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: service?.taskDefinition }),
      );
      const main = taskDefinition?.containerDefinitions?.find(({ name }) => name === "api");
      return [service?.runningCount, service?.taskDefinition?.split("/")[1], main?.image?.split("/").at(-1)];
    }

    const changes = () =>
      aws.calls.map(({ name }) => name).filter((name) => /^(cloudformation:(Create|Execute)|ecs:(Reg|Upd))/.test(name));

    const noticed = (story: Line[], code: string) => story.find((line) => line["code"] === code)?.["message"];

    test("what Copilot has made is deployed in full, and so it is said", () => {
      expect(noticed(first, "hotswap/not-enough")).toMatchInlineSnapshot(
        `"api is deployed in full, since a hotswap is not enough: EnvControllerAction (Custom::EnvControllerFunction) is removed; EnvControllerFunction (AWS::Lambda::Function) is removed; EnvControllerRole (AWS::IAM::Role) is removed"`,
      );
      expect(first.at(-1)).toMatchObject({ outcome: "completed" });
      expect(first.at(-1)).not.toHaveProperty("hotswap");
    });

    test("a new image goes straight through ECS, which is told, and the stack stays as it is", async () => {
      const story = await lines("2", "--hotswap");
      expect(changes()).toEqual(["ecs:RegisterTaskDefinition", "ecs:UpdateService"]);
      expect(story.find(({ type }) => type === "hotswap")).toMatchInlineSnapshot(`
        {
          "changes": [
            "ContainerDefinitions[api].Image",
          ],
          "skipped": [
            "the change set",
            "the update of the stack shop-test-api",
            "the manifest that is kept with it",
          ],
          "stack": "shop-test-api",
          "stackRevision": 1,
          "type": "hotswap",
        }
      `);
      expect(story.at(-1)).toMatchObject({
        outcome: "completed",
        hotswap: { stack: "shop-test-api", stackRevision: 1 },
        status: { drift: { revision: 2, stackRevision: 1 } },
      });
      expect(await running()).toEqual([2, "shop-test-api:2", "api:2"]);
    });

    test("the same again changes nothing, and --force begins a deployment of it", async () => {
      expect(await deploy("2", "--hotswap")).toMatchObject({
        outcome: "unchanged",
        status: { drift: { revision: 2 } },
      });
      expect(changes()).toEqual([]);
      expect(await deploy("2", "--hotswap --force")).toMatchObject({ outcome: "completed" });
      expect(changes()).toEqual(["ecs:UpdateService"]);
    });

    test("status, show and history tell of it", async () => {
      const status = await command("svc status -n api -e test");
      expect(status.split("\n")[2]).toMatchInlineSnapshot(
        `"  drifted: it runs revision 2 and its stack has 1, as after a hotswap; the next full deploy brings them together"`,
      );
      const shown = await command("svc show -n api");
      expect(shown).toContain("  test: drifted: it runs revision 2 and its stack has 1");
      const document = await command("svc show -n api --json");
      expect(JSON.parse(document.slice(document.indexOf("{"), document.lastIndexOf("}") + 1))).toMatchObject({
        drift: [{ environment: "test", revision: 2, stackRevision: 1 }],
      });
      const history = await command("svc history -n api -e test");
      const table = history.replace(/\d+ (s|min) ago/g, "1 s ago").replace(/from \S+@\S+/g, "from USER@HOST");
      expect(table.replace(/(\S) {2,}/g, "$1  ")).toMatchInlineSnapshot(`
        "stdout:
           REVISION  DEPLOYED  RESULT  IMAGE  COMMIT  BY
        *  2  1 s ago  completed (hotswap)  public.ecr.aws/example/api:2  -  moto from USER@HOST
           2  1 s ago  completed (hotswap)  public.ecr.aws/example/api:2  -  moto from USER@HOST
           1  1 s ago  completed  public.ecr.aws/example/api:1  -  moto from USER@HOST

        * serves now
        exit code 0"
      `);
    });

    test("the next full deploy of the same manifest updates the stack, and nothing has drifted any more", async () => {
      const result = await deploy("2");
      expect(result).toMatchObject({ outcome: "completed" });
      expect(changes()).toEqual(["cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"]);
      expect(result).not.toHaveProperty("status.drift");
      expect(await running()).toEqual([2, "shop-test-api:3", "api:2"]);
    });

    test("when the manifest is as it was before, a full deploy brings the service back to its stack", async () => {
      const withMore = (text: string) => text.replace("memory: 1024", "memory: 2048\nvariables:\n  MODE: fast");
      expect(await deploy("3", "--hotswap", withMore)).toMatchObject({ outcome: "completed" });
      expect(await running()).toEqual([2, "shop-test-api:4", "api:3"]);
      const story = await lines("2");
      expect(noticed(story, "deploy/drift")).toMatchInlineSnapshot(
        `"api runs revision 4, which is not of its stack, as after a hotswap: it goes to revision 3 of the stack"`,
      );
      expect(changes()).toEqual(["ecs:UpdateService"]);
      expect(story.at(-1)).toMatchObject({ outcome: "completed" });
      expect(await running()).toEqual([2, "shop-test-api:3", "api:2"]);
      expect(await deploy("2")).toMatchObject({ outcome: "unchanged" });
    });

    test("a hotswap of what the stack has goes back to it as well", async () => {
      expect(await deploy("3", "--hotswap")).toMatchObject({ outcome: "completed" });
      const story = await lines("2", "--hotswap");
      expect(changes()).toEqual(["ecs:UpdateService"]);
      expect(story.find(({ type }) => type === "hotswap")).toMatchObject({ changes: [], stackRevision: 3 });
      expect(await running()).toEqual([2, "shop-test-api:3", "api:2"]);
      expect(await deploy("2", "--hotswap")).toMatchObject({ outcome: "unchanged" });
    });

    test("a version that does not start fails, says why, and the former one is back", async () => {
      failureIsSeen = true;
      expect(await deploy("broken", "--hotswap")).toMatchObject({
        outcome: "failed",
        reason: expect.stringMatching(/tasks failed to start/),
        rolledBackTo: { revision: 3 },
        firstFailure: { containers: expect.arrayContaining([expect.objectContaining({ name: "api", exitCode: 3 })]) },
      });
      failureIsSeen = false;
      expect(await running()).toEqual([2, "shop-test-api:3", "api:2"]);
      expect(await deploy("2")).toMatchObject({ outcome: "unchanged" });
    });

    test("what nobody recorded is healed, too", async () => {
      const ecs = aws.client(ECSClient);
      const { cluster, service } = await theService();
      await ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition: "shop-test-api:5" }));
      expect(await deploy("2")).toMatchObject({ outcome: "completed" });
      expect(await running()).toEqual([2, "shop-test-api:3", "api:2"]);
    });

    test("a rollback of a hotswap goes back to the stack, and one to it makes it the stack's", async () => {
      expect(await deploy("4", "--hotswap")).toMatchObject({ outcome: "completed" });
      const rollBack = async (to: string) => linesOf(await command(`svc rollback -n api -e test --json ${to}`)).at(-1);
      expect(await rollBack("3")).toMatchObject({ outcome: "completed" });
      expect((await running())[1]).toBe("shop-test-api:3");
      expect(await rollBack("2")).toMatchObject({ outcome: "unchanged" });
    });

    test.each([
      ["ecs:RegisterTaskDefinition", { type: "error", code: "interrupted" }],
      ["ecs:UpdateService", { type: "result", outcome: "interrupted", hotswap: { stackRevision: 3 } }],
    ])("after Ctrl-C at %s nothing is locked, and the next full deploy finds the way back", async (call, end) => {
      interruptedAt = call;
      const story = await lines("5", "--hotswap", (text) => text.replace("memory: 1024", "memory: 2048"));
      interruptedAt = "";
      expect(story.at(-1)).toMatchObject(end);
      const locks = new GetParametersByPathCommand({ Path: "/copilot/locks", Recursive: true });
      expect((await aws.client(SSMClient).send(locks)).Parameters).toEqual([]);
      expect((await deploy("2"))["outcome"]).toMatch(/^(unchanged|completed)$/);
      expect(await running()).toEqual([2, "shop-test-api:3", "api:2"]);
    });

    test("a lost answer begins no second deployment, and who does not wait is told where it stands", async () => {
      lostAnswer = "ecs:UpdateService";
      const last = (await lines("4", "--hotswap --detach")).at(-1);
      expect(lostAnswer).toBe("");
      expect(last).toMatchObject({ outcome: "detached", hotswap: { stackRevision: 3 } });
      const { cluster, service } = await theService();
      const { services: [found] = [] } = await aws
        .client(ECSClient)
        .send(new DescribeServicesCommand({ cluster, services: [service] }));
      const deployments = (found?.deployments ?? []).map(({ id }) => id);
      expect(new Set(deployments).size).toBeLessThanOrEqual(2);
      expect(found?.deployments?.[0]).toMatchObject({ id: last?.["deploymentId"], status: "PRIMARY" });
    });

    test("a preview says which way it would go", async () => {
      const preview = async (more: (text: string) => string) => {
        const story = await lines("7", "--hotswap --dry-run", more);
        return story.find(({ type }) => type === "notice");
      };
      expect(await preview((text) => text)).toMatchInlineSnapshot(`
        {
          "code": "hotswap/enough",
          "message": "with --hotswap this goes straight through ECS, past CloudFormation",
          "type": "notice",
        }
      `);
      expect(await preview((text) => text.replace("count: 2", "count: 1"))).toMatchInlineSnapshot(`
        {
          "code": "hotswap/not-enough",
          "message": "this is a deployment in full, since a hotswap is not enough: Service (AWS::ECS::Service) is changed: DesiredCount",
          "type": "notice",
        }
      `);
    });

    test("on a terminal it reads so", async () => {
      write("7");
      const shown = await command("svc deploy -n api -e test --hotswap");
      const told = shown.split("\n").filter((line) => /hotswap|stack/.test(line));
      expect(told).toMatchInlineSnapshot(`
        [
          "hotswap: only the task definition differs from that of the stack shop-test-api, revision 3: ContainerDefinitions[api].Image",
          "hotswap: skipped the change set, the update of the stack shop-test-api and the manifest that is kept with it",
          "  the stack shop-test-api still has revision 3; bring it up to date: pilotfish svc deploy -n api -e test",
        ]
      `);
    });

    test("several are deployed in the same way", async () => {
      write("8");
      const told = linesOf(await command("deploy -n api -e test --hotswap --json"));
      expect(told.filter(({ type }) => type === "hotswap")).toHaveLength(1);
      expect(told.at(-1)).toMatchObject({ outcome: "completed", results: { api: { hotswap: { stackRevision: 3 } } } });
    });

    test("with --keep the revision of the stack stays, which the next full deploy may go back to", async () => {
      expect(await deploy("9", "--hotswap --keep 1")).toMatchObject({ outcome: "completed" });
      const list = new ListTaskDefinitionsCommand({ familyPrefix: "shop-test-api", status: "ACTIVE" });
      const { taskDefinitionArns = [] } = await aws.client(ECSClient).send(list);
      const [, runs] = await running();
      expect(taskDefinitionArns.map((arn) => arn.split("/")[1])).toEqual(["shop-test-api:3", runs]);
      expect(await deploy("2")).toMatchObject({ outcome: "completed" });
      expect(await running()).toEqual([2, "shop-test-api:3", "api:2"]);
    });

    test("when more has changed the deployment is a full one, which says why", async () => {
      const story = await lines("5", "--hotswap", (text) => text.replace("count: 2", "count: 1"));
      expect(noticed(story, "hotswap/not-enough")).toMatchInlineSnapshot(
        `"api is deployed in full, since a hotswap is not enough: Service (AWS::ECS::Service) is changed: DesiredCount"`,
      );
      expect(changes()).toEqual(["cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"]);
      expect(story.at(-1)).toMatchObject({ outcome: "completed" });
    });

    test("who may not register is told what to allow, and the way without", async () => {
      const changed = (text: string) => text.replace("count: 2", "count: 1");
      const before = await running();
      denied = true;
      expect(await deploy("6", "--hotswap", changed)).toMatchInlineSnapshot(`
        {
          "code": "aws/denied",
          "details": [
            "{",
            "  "Effect": "Allow",",
            "  "Action": "ecs:RegisterTaskDefinition",",
            "  "Resource": "*"",
            "}",
            "allow this in one of their policies, then run it again",
            "without --hotswap CloudFormation does it",
          ],
          "diagnostics": [],
          "hint": "pilotfish svc deploy -n api -e test",
          "message": "arn:aws:iam::123456789012:user/ann may not do ecs:RegisterTaskDefinition",
          "type": "error",
        }
      `);
      // Whoever is of another account has no rights but those of the environment's manager role.
      elsewhere = true;
      expect(await deploy("6", "--hotswap", changed)).toMatchObject({
        code: "aws/denied",
        message: expect.stringMatching(/EnvManagerRole.* may not do ecs:RegisterTaskDefinition/),
      });
      expect(await running()).toEqual(before);
      denied = elsewhere = false;
    });

    test("an update of the stack that is none of the service brings the service back to it as well", async () => {
      const one = (text: string) => text.replace("count: 2", "count: 1");
      const [, ofStack] = await running();
      expect(await deploy("6", "--hotswap", one)).toMatchObject({ outcome: "completed" });
      const story = await lines("5", "", (text) => `${one(text)}\nlogging:\n  retention: 7\n`);
      expect(noticed(story, "deploy/drift")).toMatch(/^api runs revision \d+, which is not of its stack/);
      expect(changes()).toEqual([
        "cloudformation:CreateChangeSet",
        "cloudformation:ExecuteChangeSet",
        "ecs:UpdateService",
      ]);
      expect(story.at(-1)).toMatchObject({ outcome: "completed" });
      expect(await running()).toEqual([1, ofStack, "api:5"]);
    });
  },
  missingCopilotApp,
);
