import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { createAwsProvider } from "../../../src/providers/aws/aws-provider.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { usualTiming } from "../../../src/providers/aws/timing.ts";
import { AwsEmulator } from "../../support/aws/emulator.ts";
import { FakeHost } from "../../support/fake-host.ts";
import { FakeProvider } from "../../support/fake-provider.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { type CommandEnd, fullDeploy, shop, typed, typedInTurn } from "../../support/aws/full-deploy.ts";

/** All that a deploy asks of AWS, so that whoever adds a call sees it. Copilot asks 33 times for a Load Balanced Web Service
 *  without a change, and 44 times with a new image. */
describeWithAws("what a deploy asks of AWS", (aws) => {
  let cwd = "";
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  };
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), "pf-calls-"));
    for (const [file, text] of Object.entries(shop)) write(file, text);
    expect(await typedInTurn(fullDeploy(["front", "work", "nightly"]), cwd)).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => rmSync(cwd || "/nowhere", { recursive: true, force: true }));

  /** How a command line ended, and how often it asked what: in no order, since much is asked at the same time. No wait
   *  between two looks at a service ends before CloudFormation is done, which the emulator is within seconds. */
  async function asked(line: string): Promise<string> {
    const { exitCode, said, names } = await told(line);
    const times = (name: string) => names.filter((each) => each === name).length;
    const calls = [...new Set(names)].map((name) => `${times(name)} ${name}`);
    return [`${said.outcome}, exit code ${exitCode}: ${names.length} calls`, ...calls].join("\n");
  }

  async function told(line: string): Promise<CommandEnd & { names: string[] }> {
    const session = new AwsSession({ region: AwsEmulator.region });
    const timing = { ...usualTiming, pace: { first: 20_000, most: 20_000 } };
    const account = createAwsAccount(session, timing);
    const provider = createAwsProvider(account, session, timing);
    const host = new FakeHost({ cwd, provider: new FakeProvider({}), aws: { account, provider } });
    aws.calls.length = 0;
    const end = await typed(line, cwd, host).finally(() => session.close());
    return { ...end, names: aws.calls.map(({ name }) => name).toSorted() };
  }

  test("without a change: 15 at most", async () => {
    expect(await asked("svc deploy -n front -e test --aws")).toMatchInlineSnapshot(`
      "unchanged, exit code 0: 13 calls
      1 cloudformation:DescribeStackResources
      3 cloudformation:DescribeStacks
      1 cloudformation:GetTemplate
      1 cloudformation:ListStackInstances
      1 ecs:DescribeServices
      1 ecs:DescribeTaskDefinition
      1 elasticloadbalancing:DescribeRules
      1 s3:HeadObject
      1 ssm:GetParameters
      1 sts:AssumeRole
      1 sts:GetCallerIdentity"
    `);
    expect(await asked("svc deploy -n work -e test --aws")).toMatchInlineSnapshot(`
      "unchanged, exit code 0: 12 calls
      1 cloudformation:DescribeStackResources
      3 cloudformation:DescribeStacks
      1 cloudformation:GetTemplate
      1 cloudformation:ListStackInstances
      1 ecs:DescribeServices
      1 ecs:DescribeTaskDefinition
      1 s3:HeadObject
      1 ssm:GetParameters
      1 sts:AssumeRole
      1 sts:GetCallerIdentity"
    `);
    expect(await asked("job deploy -n nightly -e test --aws")).toMatchInlineSnapshot(`
      "unchanged, exit code 0: 9 calls
      1 cloudformation:DescribeStackResources
      3 cloudformation:DescribeStacks
      1 cloudformation:GetTemplate
      1 cloudformation:ListStackInstances
      1 ssm:GetParameters
      1 sts:AssumeRole
      1 sts:GetCallerIdentity"
    `);
  });

  test("several at once share what is asked of their environment", async () => {
    expect(await asked("deploy --all -e test --aws")).toMatchInlineSnapshot(`
      "completed, exit code 0: 22 calls
      3 cloudformation:DescribeStackResources
      5 cloudformation:DescribeStacks
      3 cloudformation:GetTemplate
      1 cloudformation:ListStackInstances
      2 ecs:DescribeServices
      2 ecs:DescribeTaskDefinition
      1 elasticloadbalancing:DescribeRules
      2 s3:HeadObject
      1 ssm:GetParameters
      1 sts:AssumeRole
      1 sts:GetCallerIdentity"
    `);
  });

  test("with another image: 30 at most, followed until the deployment has completed", async () => {
    const manifest = "copilot/front/manifest.yml";
    write(manifest, shop[manifest].replace("front:1", "front:2"));
    expect(await asked("svc deploy -n front -e test --aws")).toMatchInlineSnapshot(`
      "completed, exit code 0: 28 calls
      1 cloudformation:CreateChangeSet
      1 cloudformation:DescribeChangeSet
      1 cloudformation:DescribeStackEvents
      1 cloudformation:DescribeStackResources
      4 cloudformation:DescribeStacks
      1 cloudformation:ExecuteChangeSet
      1 cloudformation:GetTemplate
      1 cloudformation:ListStackInstances
      2 ecs:DescribeServices
      1 ecs:DescribeTaskDefinition
      1 ecs:DescribeTasks
      2 ecs:ListTasks
      1 elasticloadbalancing:DescribeRules
      1 elasticloadbalancing:DescribeTargetHealth
      1 s3:HeadObject
      2 s3:PutObject
      1 ssm:DeleteParameter
      1 ssm:GetParameter
      1 ssm:GetParameters
      1 ssm:PutParameter
      1 sts:AssumeRole
      1 sts:GetCallerIdentity"
    `);
  });

  test("an address that comes with the update is told at its end", async () => {
    const manifest = "copilot/front/manifest.yml";
    write(manifest, shop[manifest].replace("path: /", "path: /, additional_rules: [{ path: /more }]"));
    const { said } = await told("svc deploy -n front -e test --aws");
    expect(said.status?.urls.map((url) => new URL(url).pathname)).toEqual(["/", "/more"]);
  });
});
