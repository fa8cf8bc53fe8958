import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { describeWithRegistry } from "../support/aws/describe-with-registry.ts";
import type { AwsEmulator } from "../support/aws/emulator.ts";
import { accessKeyOf, isAllowed, neededFor, type Statement } from "../support/aws/policy.ts";
import { pilotfish, runCli, startCli } from "../support/run-cli.ts";
import { removeImages, serviceFolder } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";

interface Workflow {
  jobs: Record<string, { steps: { uses?: string; run?: string; with?: Record<string, string> }[] }>;
}

/** A folder for the PATH, where `pilotfish` is the one that was built and nothing is installed from a registry. */
async function programs(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, script] of [
    ["npm", "exit 0"],
    ["pilotfish", `exec "${process.execPath}" "${pilotfish}" "$@"`],
  ] as const) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return folder;
}

/** Makes the role of a template as an administrator does, and takes it on as the workflow's action does.
 *  @returns its credentials and what it is allowed to do */
async function deployRole(aws: AwsEmulator, template: string) {
  const StackName = "github-actions";
  const cloudFormation = aws.client(CloudFormationClient);
  const provider = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
  await cloudFormation.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: template,
      Capabilities: ["CAPABILITY_IAM"],
      Parameters: [
        { ParameterKey: "Repository", ParameterValue: "example/shop" },
        { ParameterKey: "OIDCProviderArn", ParameterValue: provider },
      ],
    }),
  );
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
  const RoleArn = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === "RoleArn")?.OutputValue ?? "";
  const RoleName = RoleArn.split("/").at(-1) ?? "";
  const iam = aws.client(IAMClient);
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const policies = await Promise.all(
    PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
  );
  const statements = policies.flatMap(
    // The emulator writes it with single quotes, which YAML takes as well.
    ({ PolicyDocument = "" }) => (parse(decodeURIComponent(PolicyDocument)) as { Statement: Statement[] }).Statement,
  );
  const { Credentials } = await aws
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "pilotfish-1" }));
  return {
    statements,
    env: {
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? "",
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? "",
      AWS_SESSION_TOKEN: Credentials?.SessionToken ?? "",
    },
  };
}

describeWithRegistry("the workflow that pipeline init writes, with an environment on AWS", (aws, registry) => {
  test("its steps deploy with the role that is written beside it, and with no right that this role does not give", async () => {
    const { folder } = await serviceFolder(
      "api",
      { command: ["/bin/sh", "-c", "sleep 1000"] },
      "image: { build: Dockerfile, port: 8080 }\nenv_file: api.env\n",
      "Backend Service",
    );
    const app = /application: (\S+)/.exec(await readFile(join(folder, "copilot/.workspace"), "utf8"))?.[1] ?? "";
    onTestFinished(() => removeImages(`${app}/report`));
    await writeFile(join(folder, "api.env"), "GREETING=hello\n");
    await mkdir(join(folder, "copilot/report"));
    await writeFile(
      join(folder, "copilot/report/manifest.yml"),
      "name: report\ntype: Scheduled Job\nimage: { build: Dockerfile }\non: { schedule: '@daily' }\n",
    );
    const home = await simulatorHome();
    await execa("git", ["init", "-q", "-b", "main"], { cwd: folder });
    const common = { ...registry.env, CI: "true" };
    const administrator = async (...argv: string[]) => {
      const { code, stderr } = await runCli(argv, { cwd: folder, home, env: { ...aws.env, ...common } });
      expect(code, stderr).toBe(0);
    };
    await administrator("app", "init", app);
    await administrator("env", "init", "-n", "test", "--default-config");
    const writes = ["pipeline", "init", "--provider", "GitHubActions", "-e", "test"];
    await administrator(...writes, "--name", "environments", "--pipeline-type", "Environments");
    await administrator(...writes);
    const role = await deployRole(
      aws,
      await readFile(join(folder, "copilot/pipelines/deploy/github-actions-role.yml"), "utf8"),
    );
    const bin = await programs(join(folder, ".bin"));
    const env = {
      ...aws.env,
      ...role.env,
      ...common,
      PATH: `${bin}${delimiter}${process.env["PATH"]}`,
      PILOTFISH_HOME: home,
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: folder,
      GITHUB_STEP_SUMMARY: join(folder, ".summary.md"),
    };
    aws.calls.length = 0;
    const ran: string[] = [];
    // The second time nothing is left to be done.
    for (const name of ["environments", "deploy", "deploy"]) {
      const { jobs } = parse(await readFile(join(folder, `.github/workflows/${name}.yml`), "utf8")) as Workflow;
      for (const { run = "" } of Object.values(jobs).flatMap(({ steps }) => steps)) {
        if (!run.startsWith("pilotfish")) continue;
        const step = await execa("bash", ["-e", "-c", run], {
          cwd: folder,
          env,
          reject: false,
          stdin: "ignore",
          all: true,
        });
        expect(step.exitCode, step.all).toBe(0);
        ran.push(run);
      }
    }
    expect(ran).toMatchInlineSnapshot(`
      [
        "pilotfish validate",
        "pilotfish env deploy --name test",
        "pilotfish validate",
        "pilotfish deploy --all --env test --init-wkld",
        "pilotfish validate",
        "pilotfish deploy --all --env test --init-wkld",
      ]
    `);
    const own = aws.calls.filter((call) => accessKeyOf(call) === role.env.AWS_ACCESS_KEY_ID);
    const tags = { "copilot-application": app };
    const denied = own.flatMap(neededFor).filter((needed) => !isAllowed(role.statements, needed, tags));
    expect([...new Set(denied.map(({ action, resource }) => `${action} ${resource}`))]).toEqual([]);
    // What the role is asked for: each of these is one of its rights.
    const asked = [...new Set(own.flatMap(neededFor).map(({ action }) => action))].toSorted();
    expect(asked).toMatchInlineSnapshot(`
      [
        "cloudformation:DescribeStackSet",
        "cloudformation:DescribeStackSetOperation",
        "cloudformation:DescribeStacks",
        "cloudformation:ListStackInstances",
        "cloudformation:UpdateStackSet",
        "ecr:BatchGetImage",
        "ecr:DescribeImageScanFindings",
        "ecr:DescribeRepositories",
        "ecr:GetAuthorizationToken",
        "ecr:GetLifecyclePolicy",
        "ecr:PutImageScanningConfiguration",
        "ecr:PutLifecyclePolicy",
        "iam:PassRole",
        "s3:GetObject",
        "s3:PutObject",
        "ssm:AddTagsToResource",
        "ssm:DeleteParameter",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
        "ssm:PutParameter",
        "sts:AssumeRole",
      ]
    `);
    const { Parameters = [] } = await aws
      .client(SSMClient)
      .send(new GetParametersByPathCommand({ Path: "/copilot/locks", Recursive: true }));
    expect(Parameters).toEqual([]);
    const page = (await readFile(join(folder, ".summary.md"), "utf8"))
      .replaceAll(app, "APP")
      .replace(/sha256:\w+/g, "sha256:…")
      .replace(/[\d.]+ (ms|s) \|/g, "TIME |");
    expect(page).toMatchInlineSnapshot(`
      "### ✅ 3 manifests: no problems

      ### ✅ APP: the environment test is deployed

      ### ✅ 3 manifests: no problems

      ### APP in test

      | workload | outcome | revision | image | address | time |
      | --- | --- | --- | --- | --- | --- |
      | api | ✅ completed | 1 | \`sha256:…\` |  | TIME |
      | report | ✅ completed |  |  |  | TIME |

      ### ✅ 3 manifests: no problems

      ### APP in test

      | workload | outcome | revision | image | address | time |
      | --- | --- | --- | --- | --- | --- |
      | api | ✅ unchanged | 1 | \`sha256:…\` |  | TIME |
      | report | ✅ unchanged |  |  |  | TIME |

      "
    `);
  });

  test("a job that is cancelled leaves no lock behind, and of two jobs one waits for the other", async () => {
    const { folder } = await serviceFolder(
      "api",
      { command: ["/bin/sh", "-c", "sleep 1000"] },
      "image: { build: Dockerfile, port: 8080 }\n",
      "Backend Service",
    );
    const app = /application: (\S+)/.exec(await readFile(join(folder, "copilot/.workspace"), "utf8"))?.[1] ?? "";
    const home = await simulatorHome();
    const options = { cwd: folder, home, env: { ...aws.env, ...registry.env, CI: "true" } };
    for (const line of [`app init ${app}`, "env init -n test --default-config", "env deploy -n test"]) {
      const { code, stderr } = await runCli(line.split(" "), options);
      expect(code, stderr).toBe(0);
    }
    const locks = async () => {
      const path = new GetParametersByPathCommand({ Path: "/copilot/locks", Recursive: true });
      return (await aws.client(SSMClient).send(path)).Parameters?.map(({ Name }) => Name) ?? [];
    };
    const deploy = ["svc", "deploy", "-n", "api", "-e", "test"];
    /** Holds CloudFormation up, so that a job is in the middle of its work. */
    const holdUp = () => {
      let goOn = (): void => {};
      let begin = (): void => {};
      const held = new Promise<void>((resolve) => (goOn = resolve));
      const begun = new Promise<void>((resolve) => (begin = resolve));
      aws.use(async (call, pass) => {
        if (call.name !== "cloudformation:CreateChangeSet") return pass();
        begin();
        await held;
        return pass();
      });
      return { begun, goOn };
    };
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const { begun, goOn } = holdUp();
      const job = startCli(deploy, options);
      await Promise.race([begun, job.result]);
      expect(await locks()).toEqual([`/copilot/locks/${app}/test/api`]);
      job.child.kill(signal);
      goOn();
      const { code, stderr } = await job.result;
      expect(code, stderr).toBe(130);
      expect(await locks(), `${signal}\n${stderr}`).toEqual([]);
    }
    const { begun, goOn } = holdUp();
    const first = startCli(deploy, options);
    await Promise.race([begun, first.result]);
    const second = startCli(deploy, options);
    const waits = new Promise<void>((resolve) => {
      let said = "";
      second.child.stderr?.on("data", (text: string) => {
        said += text;
        if (said.includes("changes api in test since")) resolve();
      });
    });
    await Promise.race([waits, second.result]);
    expect(second.child.exitCode).toBeNull();
    goOn();
    for (const { code, stderr } of await Promise.all([first.result, second.result])) expect(code, stderr).toBe(0);
    expect(await locks()).toEqual([]);
  });
});
