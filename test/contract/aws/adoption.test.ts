import { cpSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readTemplate } from "../../../src/cloudformation/read-template.ts";
import { copilotWorkspace, loadCopilotApp, missingCopilotApp } from "../../support/aws/copilot-app.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import type { AwsCall } from "../../support/aws/front.ts";
import { errorAnswer } from "../../support/aws/answers.ts";
import { ImpatientHost } from "../../support/aws/impatient-host.ts";
import { run } from "../../support/fake-host.ts";
import { withoutIds } from "../../support/aws/without-ids.ts";

/** What holds data or carries traffic, beside what custom resources have made. */
const lasting =
  /^AWS::(EFS|S3::Bucket$|DynamoDB|SQS|SNS::Topic$|Logs|ElasticLoadBalancingV2|ECS::(Service|Cluster)|ServiceDiscovery|Route53|CertificateManager|KMS|ECR|EC2|Scheduler|StepFunctions|Events::Rule)/;

describeWithAws(
  "an application that Copilot made is taken over",
  (aws) => {
    let cwd = "";
    beforeEach(async () => {
      await aws.reset();
      await aws.hurry();
      cwd = await mkdtemp(join(tmpdir(), "pf-adoption-"));
      cpSync(copilotWorkspace, cwd, { recursive: true });
      await begin();
    });
    afterEach(() => rmSync(cwd || "/nowhere", { recursive: true, force: true }));

    async function begin(): Promise<void> {
      await loadCopilotApp(aws);
      for (const env of ["test", "prod"])
        await aws
          .client(SSMClient)
          .send(
            new PutParameterCommand({ Name: `/copilot/shop/${env}/secrets/token`, Value: "x", Type: "SecureString" }),
          );
    }

    const type = (line: string) => run(line.split(" "), new ImpatientHost({ cwd }));

    const cloudFormation = () => aws.client(CloudFormationClient);
    const template = async (StackName: string) =>
      (await cloudFormation().send(new GetTemplateCommand({ StackName, TemplateStage: "Original" }))).TemplateBody ??
      "";

    /** By stack and logical ID what there is, of all stacks or of those of one environment. */
    async function standing(): Promise<Record<string, string>> {
      const { Stacks = [] } = await cloudFormation().send(new DescribeStacksCommand({}));
      const found: Record<string, string> = {};
      for (const { StackName = "" } of Stacks)
        for await (const { StackResourceSummaries = [] } of paginateListStackResources(
          { client: cloudFormation() },
          { StackName },
        ))
          for (const each of StackResourceSummaries)
            if (lasting.test(each.ResourceType ?? "") && !each.LogicalResourceId?.startsWith("BacklogPerTask"))
              found[`${StackName} ${each.LogicalResourceId}`] = each.PhysicalResourceId ?? "";
      return found;
    }

    /** What custom resources were told, what is left of them, and which workloads the environments are for. */
    async function traces(envs: readonly string[]) {
      const left: string[] = [];
      const needs: Record<string, Record<string, string>> = {};
      const { Stacks = [] } = await cloudFormation().send(new DescribeStacksCommand({}));
      for (const { StackName = "", Parameters = [] } of Stacks) {
        if (envs.some((env) => StackName === `shop-${env}`))
          needs[StackName] = Object.fromEntries(
            Parameters.filter(({ ParameterKey }) => ParameterKey?.endsWith("Workloads")).map((each) => [
              each.ParameterKey ?? "",
              each.ParameterValue ?? "",
            ]),
          );
        if (!envs.some((env) => StackName.startsWith(`shop-${env}`)) || StackName.includes("AddonsStack")) continue;
        const { Resources } = readTemplate(await template(StackName));
        for (const [id, { Type }] of Object.entries(Resources))
          if (Type.startsWith("Custom::")) left.push(`${StackName} ${id}`);
      }
      const told = (await aws.deletions()).filter(({ event }) => event !== "resource deleted");
      return { told, left, needs };
    }

    const kept = {
      ALBWorkloads: "front",
      AppRunnerPrivateWorkloads: "",
      EFSWorkloads: "front",
      InternalALBWorkloads: "",
      NATWorkloads: "api",
    };

    test("stack by stack: everything is detached first, and nothing is lost", async () => {
      const before = await standing();
      const stacks = ["shop-test", "shop-test-api", "shop-test-front", "shop-test-orders", "shop-test-report"];
      const was = new Map<string, string>();
      for (const name of stacks) was.set(name, await template(name));
      const sets: { stack: string; text: string | undefined }[] = [];
      aws.use(async (call, pass) => {
        if (call.name === "cloudformation:CreateChangeSet") sets.push(changeSetOf(call));
        return pass();
      });
      const said = await type("app adopt --yes");
      expect(withoutIds(said.split("\n").slice(-2).join("\n"))).toMatchInlineSnapshot(`
          "the application shop is adopted
          exit code 0"
        `);
      const order = sets.map(({ stack }) => stack);
      expect(order.slice(0, 10).toSorted()).toEqual(
        [...stacks, ...stacks.map((name) => name.replace("test", "prod"))].toSorted(),
      );
      for (const { stack, text = "" } of sets.slice(0, 10).filter((each) => was.has(each.stack)))
        expect(withoutDetaching(text)).toEqual(readTemplate(was.get(stack) ?? ""));
      expect(await traces(["test", "prod"])).toEqual({
        told: [],
        left: [],
        needs: { "shop-prod": kept, "shop-test": kept },
      });
      expect(await standing()).toEqual(before);
      expect(await type("svc history -n api -e test --json")).toMatch(/"result":\s*"completed"/);
      aws.calls.length = 0;
      expect((await type("app adopt --yes")).split("\n").slice(-2)).toEqual([
        "nothing is left to do: the application shop is adopted",
        "exit code 0",
      ]);
      expect(aws.calls.map(({ name }) => name).filter(changes)).toEqual([]);
    }, 300_000);

    test("without the update that detaches, the same checks see what goes", async () => {
      const before = await standing();
      const packaged = await type("svc package -n api -e test");
      const body = packaged.slice(packaged.indexOf("stdout:\n") + 8, packaged.lastIndexOf("exit code"));
      const sent = await type("svc package -n api -e test --output-dir made");
      expect(sent).toContain("exit code 0");
      const { Parameters } = JSON.parse(readFileSync(join(cwd, "made/api-test.params.json"), "utf8")) as {
        Parameters: Record<string, string>;
      };
      await cloudFormation().send(
        new UpdateStackCommand({
          StackName: "shop-test-api",
          TemplateBody: body,
          Capabilities: ["CAPABILITY_NAMED_IAM"],
          Parameters: Object.entries(Parameters).map(([ParameterKey, ParameterValue]) => ({
            ParameterKey,
            ParameterValue,
          })),
        }),
      );
      const { told, needs } = await traces(["test"]);
      expect(told.map(({ type: kind }) => kind).toSorted()).toMatchInlineSnapshot(`
          [
            "Custom::EnvControllerFunction",
          ]
        `);
      expect(needs).toEqual({ "shop-test": { ...kept, NATWorkloads: "" } });
      expect(await standing()).not.toEqual(before);
    }, 300_000);

    test("what would lose data is refused before anything is touched", async () => {
      const text = (await template("shop-test-orders")).replace(
        "\n  EventsQueue:\n",
        "\n  Former:\n    Type: AWS::SQS::Queue\n  EventsQueue:\n",
      );
      const { Stacks: [stack] = [] } = await cloudFormation().send(
        new DescribeStacksCommand({ StackName: "shop-test-orders" }),
      );
      await cloudFormation().send(
        new UpdateStackCommand({
          StackName: "shop-test-orders",
          TemplateBody: text,
          Capabilities: ["CAPABILITY_NAMED_IAM"],
          Parameters: stack?.Parameters,
        }),
      );
      aws.calls.length = 0;
      const said = withoutIds(await type("app adopt --yes --env test"));
      expect(said.slice(said.indexOf("error  "))).toMatchInlineSnapshot(`
          "error  the update of shop-test-orders would take away what it holds, so nothing was done  (stack/data-at-risk)
                 | shop-test-orders: Former (AWS::SQS::Queue https://sqs.us-west-2.amazonaws.com/123456789012/shop-test-orders-Former-ID) would be removed, and messages with it
                 make the manifest or the addons say what is deployed, and look again: pilotfish app adopt --dry-run
          exit code 1"
        `);
      expect(aws.calls.map(({ name }) => name).filter(changes)).toEqual([]);
    }, 120_000);

    /** `PILOTFISH_KILLS=all` kills after each call that changes something, on the application as Copilot left it each time. */
    const kills = process.env["PILOTFISH_KILLS"] ?? "2";

    /** Types a line, and kills the program after so many calls that change something.
     *  @returns the last of them; undefined when it did not come to that */
    async function typeUntil(calls: number, line: string): Promise<string | undefined> {
      let left = calls;
      let on = true;
      let last = "";
      aws.use(async (call, pass) => {
        if (!on) return pass();
        if (left === 0) return gone(call);
        const answer = await pass();
        if (changes(call.name)) {
          left--;
          last = call.name;
        }
        return left === 0 ? gone(call) : answer;
      });
      await type(line);
      on = false;
      return left === 0 ? last : undefined;
    }

    async function unlock(): Promise<void> {
      await type("unlock -e test --yes");
      for (const name of ["api", "front", "orders", "report"]) await type(`unlock -n ${name} -e test --yes`);
    }

    async function expectNothingLost(before: Record<string, string>, at: string): Promise<void> {
      const { told, needs } = await traces(["test"]);
      expect({ told, needs }, at).toEqual({ told: [], needs: { "shop-test": kept } });
      expect(await standing(), at).toEqual(before);
    }

    test.skipIf(kills === "all")(
      `killed after any call that changes something, it is finished by the next run (${kills} of them)`,
      async () => {
        const before = await standing();
        // Each run goes on from where the one before was killed, further in its work.
        for (const calls of Array.from({ length: Number(kills) }, (_, index) => 3 + ((index * 7) % 11))) {
          await typeUntil(calls, "app adopt --yes --env test");
          await unlock();
          await expectNothingLost(before, `after ${calls}`);
        }
        await type("app adopt --yes --env test");
        expect(await traces(["test"])).toEqual({ told: [], left: [], needs: { "shop-test": kept } });
        expect(await standing()).toEqual(before);
      },
      120_000,
    );

    test.skipIf(kills !== "all")(
      "killed after each call that changes something, it is finished by the next run",
      async () => {
        for (let calls = 1; ; calls++) {
          await aws.reset();
          await begin();
          const before = await standing();
          const killed = await typeUntil(calls, "app adopt --yes --env test");
          const at = killed === undefined ? `done after ${calls - 1}` : `killed after ${calls}: ${killed}`;
          process.stderr.write(`${at}\n`);
          await unlock();
          await expectNothingLost(before, at);
          expect((await type("app adopt --yes --env test")).split("\n").at(-1), at).toBe("exit code 0");
          await expectNothingLost(before, at);
          expect((await traces(["test"])).left, at).toEqual([]);
          if (killed === undefined) break;
        }
      },
      7_200_000,
    );
  },
  missingCopilotApp,
);

function changes(name: string): boolean {
  return !/:(Describe|List|Get|Head|AssumeRole|BatchGet|Lookup|Validate)/.test(name);
}

function gone(call: AwsCall) {
  return errorAnswer(call, { code: "Gone", message: "the program was killed", status: 400 });
}

function changeSetOf({ request }: AwsCall) {
  const sent = new URLSearchParams(request.body.toString("utf8"));
  return { stack: sent.get("StackName") ?? "", text: sent.get("TemplateBody") ?? undefined };
}

/** A template without what detaching adds to it. */
function withoutDetaching(text: string) {
  const read = readTemplate(text);
  const resources = Object.entries(read.Resources).map(([id, resource]) => {
    if (!resource.Type.startsWith("Custom::")) return [id, resource];
    const { DeletionPolicy, UpdateReplacePolicy, Metadata, ...rest } = resource;
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(["Retain", "Retain"]);
    const { "pilotfish:detached": _, ...others } = Metadata as Record<string, unknown>;
    return [id, { ...rest, ...(Object.keys(others).length > 0 && { Metadata: others }) }];
  });
  return { ...read, Resources: Object.fromEntries(resources) };
}
