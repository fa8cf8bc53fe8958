import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DescribeRulesCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, onTestFinished, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { describeWithAws } from "../support/aws/describe-with-aws.ts";
import { typedInTurn } from "../support/aws/full-deploy.ts";
import { ImpatientHost } from "../support/aws/impatient-host.ts";
import { faults } from "../support/aws/faults.ts";
import { inventory } from "../support/aws/inventory.ts";
import { run } from "../support/fake-host.ts";
import { folderWith } from "../support/files.ts";
import { startCli } from "../support/run-cli.ts";
import { simulatorHome } from "../support/simulator-home.ts";

const web = (name: string, version: number) => `
name: ${name}
type: Load Balanced Web Service
image: { location: example/${name}:${version}, port: 80 }
http: { path: ${name} }
`;

const workspace = {
  "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
  "copilot/front/": "",
  "copilot/shop/": "",
};

describeWithAws("two who deploy to AWS at once", (aws) => {
  test("neither loses anything, and what is left by one that was killed is freed", { timeout: 120_000 }, async () => {
    const cwd = await folderWith(workspace);
    const home = await simulatorHome();
    const lineFor = (name: string) => ["svc", "deploy", "-n", name, "-e", "test", "--aws"];
    const process = (name: string, ...more: string[]) => {
      const env = { ...aws.env, CI: "true" };
      const running = startCli([...lineFor(name), ...more], { cwd, home, env });
      onTestFinished(() => void running.child.kill("SIGKILL"));
      return running;
    };
    /** In this process, which saves the time that a new one takes. @returns what it has printed */
    const deploy = async (name: string) => {
      const host = new ImpatientHost({ cwd, env: { CI: "true" } });
      await main([...lineFor(name), "--json"], host);
      return host.stdout.text;
    };
    const write = (name: string, version: number) =>
      writeFile(join(cwd, `copilot/${name}/manifest.yml`), web(name, version));
    const before = ["app init mine", "env init -n test --default-config", "env deploy -n test"];
    expect(await typedInTurn(before, cwd)).toMatchObject({ exitCode: 0 });

    await write("front", 1);
    await write("shop", 1);

    // Different workloads, whose first deploys both change the environment and choose the place of a rule.
    const first = held("mine-test");
    const different = [deploy("front")];
    await comesTo(first, different);
    different.push(deploy("shop"));
    await comesTo(held("lock"), different);
    first.goOn();
    expect((await Promise.all(different)).map(ended)).toEqual([
      "completed",
      "completed, when root@host was done with deploy of the environment",
    ]);
    const environment = new DescribeStacksCommand({ StackName: "mine-test" });
    const { Stacks: [stack] = [] } = await aws.client(CloudFormationClient).send(environment);
    const load = stack?.Parameters?.find(({ ParameterKey }) => ParameterKey === "ALBWorkloads");
    expect(load?.ParameterValue).toBe("front,shop");
    const listener = stack?.Outputs?.find(({ OutputKey }) => OutputKey === "HTTPListenerArn")?.OutputValue;
    const rules = await aws
      .client(ElasticLoadBalancingV2Client)
      .send(new DescribeRulesCommand({ ListenerArn: listener }));
    expect(rules.Rules?.map(({ Priority }) => Priority)).toEqual(["1", "2", "default"]);
    const holds = await inventory(aws);

    // The same one: in CI the second waits, on a terminal it does not.
    await write("front", 2);
    const running = held("mine-test-front");
    const same = [deploy("front")];
    await comesTo(running, same);
    const typed = new ImpatientHost({ cwd, terminal: { columns: 240, rows: 30 } });
    expect(told(await run(["svc", "deploy", "-n", "front", "-e", "test", "--aws"], typed))).toMatchInlineSnapshot(`
      "stderr:
      application mine · environment test · service front · account 123456789012, us-west-2
      error  somebody else changes front in test: arn:aws:sts::123456789012:user/moto from USER@HOST, since TIME (deploy)  (deploy/busy)
             when that has been broken off: pilotfish unlock -n front -e test
      exit code 1"
    `);
    same.push(deploy("front"));
    await comesTo(held("lock"), same);
    running.goOn();
    expect((await Promise.all(same)).map(ended)).toEqual([
      "completed",
      "unchanged, when root@host was done with deploy of front",
    ]);

    // One that is killed.
    await write("front", 3);
    const last = held("mine-test-front");
    const killed = process("front");
    await comesTo(last, [killed.result]);
    killed.child.kill("SIGKILL");
    last.goOn();
    expect((await killed.result).code).toBeUndefined();
    const refused = await process("front", "--lock-timeout", "1ms").result;
    expect(told(refused.stderr)).toMatchInlineSnapshot(`
      "application mine · environment test · service front · account 123456789012, us-west-2
      error  somebody else changes front in test: arn:aws:sts::123456789012:user/moto from USER@HOST, since TIME (deploy)  (deploy/busy)
             when that has been broken off: pilotfish unlock -n front -e test
      "
    `);
    expect(told(await run("unlock -n front -e test --yes".split(" "), new ImpatientHost({ cwd }))))
      .toMatchInlineSnapshot(`
      "stderr:
      USER@HOST (arn:aws:sts::123456789012:user/moto) holds it since TIME: deploy
      stdout:
      the lock of front in test is free
      exit code 0"
    `);
    const leave = faults({ seed: 1, share: 1, kinds: ["denied"], calls: ["ssm:DeleteParameter"] });
    let denies = true;
    aws.use((call, pass) => (denies ? leave(call, pass) : pass()));
    const finished = await process("front").result;
    denies = false;
    expect([finished.code, finished.stderr.split("\n").filter((line) => line.startsWith("warning"))])
      .toMatchInlineSnapshot(`
      [
        0,
        [
          "warning  the lock of front in test could not be given back; free it: pilotfish unlock -a mine -n front -e test",
        ],
      ]
    `);
    await run("unlock -n front -e test --yes".split(" "), new ImpatientHost({ cwd }));
    expect(await inventory(aws)).toEqual(holds);
  });

  /** Stops the next change set of a stack before it is made, or hears of the next lock that is held by another. */
  function held(what: string): { reached: Promise<void>; goOn(): void } {
    let reach = () => {};
    let goOn = () => {};
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const going = new Promise<void>((resolve) => (goOn = resolve));
    let over = false;
    aws.use(async (call, pass) => {
      if (over) return pass();
      if (what === "lock") {
        const answer = await pass();
        if (call.name === "ssm:PutParameter" && answer.status === 400) {
          over = true;
          reach();
        }
        return answer;
      }
      const stack = new URLSearchParams(call.request.body.toString("utf8")).get("StackName");
      if (call.name !== "cloudformation:CreateChangeSet" || stack !== what) return pass();
      over = true;
      reach();
      await going;
      return pass();
    });
    return { reached, goOn };
  }
});

/** @throws what one of them has said, when it ends before */
async function comesTo({ reached }: { reached: Promise<void> }, all: readonly Promise<unknown>[]): Promise<void> {
  const early = all.map(async (each) => {
    throw new Error(`it has ended: ${JSON.stringify(await each)}`);
  });
  await Promise.race([reached, ...early]);
  for (const each of early) each.catch(() => undefined);
}

/** How a deploy with `--json` has ended, and whom it has waited for. */
function ended(stdout: string): string {
  const lines = stdout
    .split("\n")
    .filter(Boolean)
    .map(
      (line) => JSON.parse(line) as { type: string; outcome?: string; holder?: { doing: string }; workload?: string },
    );
  const outcome = lines.at(-1)?.outcome ?? stdout;
  const wait = lines.find(({ type }) => type === "lock-held");
  if (wait === undefined) return outcome;
  return `${outcome}, when root@host was done with ${wait.holder?.doing} of ${wait.workload ?? "the environment"}`;
}

/** Without what differs from machine to machine and from run to run. */
function told(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replace(/ from [^ ,]+@[^ ,]+/g, " from USER@HOST")
    .replace(/[^ \n]+@[^ ,]+(?= \(arn)/g, "USER@HOST");
}
