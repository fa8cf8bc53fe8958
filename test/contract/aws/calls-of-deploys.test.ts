import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { fullDeploy, shop, typed, typedInTurn } from "../../support/aws/full-deploy.ts";

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

  /** How a command line ended, and how often it asked what: in no order, since much is asked at the same time. */
  async function asked(line: string): Promise<string> {
    aws.calls.length = 0;
    const { exitCode, said } = await typed(line, cwd);
    const names = aws.calls.map(({ name }) => name).toSorted();
    const times = (name: string) => names.filter((each) => each === name).length;
    const calls = [...new Set(names)].map((name) => `${times(name)} ${name}`);
    return [`${said.outcome}, exit code ${exitCode}: ${names.length} calls`, ...calls].join("\n");
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
});
