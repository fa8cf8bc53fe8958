import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, onTestFinished, test } from "vitest";
import { describeWithRegistry } from "../support/aws/describe-with-registry.ts";
import type { AwsEmulator } from "../support/aws/emulator.ts";
import { RoleRights } from "../support/aws/role-rights.ts";
import { whatIsLeft } from "../support/aws/what-is-left.ts";
import { writeBusyboxContext } from "../support/busybox-image.ts";
import { runCli } from "../support/run-cli.ts";
import { removeImages } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";

/** Neither a real secret nor anything that could be there by chance. */
const marker = "marker-7c1f0a93-secret";
const regions = ["us-west-2", "us-east-1"];

const files = (app: string) => ({
  "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
  "copilot/front/manifest.yml": `
name: front
type: Load Balanced Web Service
image: { build: Dockerfile, port: 8080 }
http: { path: /, alias: www.example.com }
env_file: front.env
secrets: { TOKEN: /copilot/${app}/test/secrets/TOKEN }
storage: { volumes: { data: { efs: true, path: /data } } }
`,
  "copilot/api/manifest.yml": `
name: api
type: Backend Service
image: { location: nginx, port: 80 }
publish: { topics: [{ name: orders }] }
`,
  "copilot/worker/manifest.yml": `
name: worker
type: Worker Service
image: { location: nginx }
subscribe: { topics: [{ name: orders, service: api }] }
`,
  "copilot/report/manifest.yml": `
name: report
type: Scheduled Job
image: { location: nginx }
on: { schedule: "@daily" }
`,
  "front.env": `HIDDEN=${marker}\n`,
  "secrets.yml": `TOKEN: { test: ${marker} }\n`,
});

describeWithRegistry("the life of an application on AWS", (aws, registry) => {
  test(
    "from nothing to nothing: what is left is what was there before, and secrets",
    { timeout: 600_000 },
    async () => {
      const app = `life${process.pid}`;
      const folder = await realpath(await mkdtemp(join(tmpdir(), "pf-life-")));
      onTestFinished(async () => {
        await rm(folder, { recursive: true, force: true });
        await removeImages(`${app}/front`);
        await removeImages(`${registry.host}/${app}/front`);
      });
      for (const [path, text] of Object.entries(files(app))) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      const page = (text: string) =>
        writeBusyboxContext(folder, {
          files: { "/www/index.html": text },
          command: ["/bin/sh", "-c", "sleep 1000"],
          port: 8080,
        });
      await page("one");
      const zone = { Name: "example.com", CallerReference: "example.com" };
      await aws.client(Route53Client).send(new CreateHostedZoneCommand(zone));
      const before = await whatIsLeft(aws, regions);
      const rights = new RoleRights(aws);
      const processes = watchProcesses();
      onTestFinished(() => processes.stop());
      const home = await simulatorHome();
      const env = { ...aws.env, ...registry.env, CI: "true" };
      const run = async (line: string, code = 0) => {
        const result = await runCli(line.split(" "), { cwd: folder, home, env });
        expect(result.code, `${line}\n${result.stdout}${result.stderr}`).toBe(code);
        expect(result.stdout + result.stderr, line).not.toContain(marker);
        return result;
      };

      await run(`app init ${app} --domain example.com`);
      await run("env init -n test --default-config");
      await run("env deploy -n test");
      await run("secret init --cli-input-yaml secrets.yml");
      for (const name of ["front", "api", "worker", "report"]) await run(`svc deploy -n ${name} -e test --timeout 5m`);
      expect((await run("svc status -n front -e test --json")).stdout).toContain(`"runningCount": 1`);
      expect((await run("svc show -n front")).stdout).toContain("https://www.example.com");
      await page("two");
      expect((await run("svc deploy -n front -e test")).stdout).toContain("revision 2");
      await run("app upgrade");
      await expectNoMarker(aws);

      expect((await run("env delete -n test --yes", 1)).stderr).toContain("environment/in-use");
      await run("svc delete -n front -e test --yes");
      await run("svc delete -n worker --yes");
      await run("svc delete -n api --yes");
      await run("job delete -n report --yes");
      await run("env delete -n test --yes");
      await run("app delete --yes");
      processes.stop();

      const secrets = [`parameter /copilot/${app}/test/secrets/TOKEN`];
      expect(await whatIsLeft(aws, regions)).toEqual([...before, ...secrets].toSorted());
      expect(processes.seen).toEqual([]);
      // The calls that AWS would have denied.
      expect(rights.denied).toEqual([]);
      expect(Object.keys(rights.asked)).toEqual([
        `${app}-DNSDelegationRole`,
        `${app}-test-DomainRole`,
        `${app}-test-EnvManagerRole`,
      ]);
    },
  );
});

/** In what everybody with an account can read: templates and parameters of stacks, parameters that are not encrypted. */
async function expectNoMarker(aws: AwsEmulator): Promise<void> {
  const client = aws.client(CloudFormationClient);
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
  expect(Stacks.length).toBeGreaterThan(5);
  for (const stack of Stacks) {
    expect(JSON.stringify(stack)).not.toContain(marker);
    const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: stack.StackName }));
    expect(TemplateBody).not.toContain(marker);
  }
  const parameters = await aws
    .client(SSMClient)
    .send(new GetParametersByPathCommand({ Path: "/copilot", Recursive: true }));
  for (const { Type, Value } of parameters.Parameters ?? [])
    if (Type !== "SecureString") expect(Value).not.toContain(marker);
}

/** Looks at the arguments of all processes of this machine, again and again. */
function watchProcesses(): { seen: string[]; stop(): void } {
  const seen: string[] = [];
  const look = () => {
    for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
      try {
        const line = readFileSync(`/proc/${id}/cmdline`, "utf8");
        if (line.includes(marker)) seen.push(line.replaceAll("\0", " "));
      } catch {
        // It has ended meanwhile.
      }
  };
  const timer = setInterval(look, 100);
  return { seen, stop: () => clearInterval(timer) };
}
