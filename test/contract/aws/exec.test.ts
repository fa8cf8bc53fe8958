import type { Task } from "@aws-sdk/client-ecs";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { execCommand } from "../../../src/providers/aws/exec/exec-command.ts";
import { createRecords } from "../../../src/providers/aws/records.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { createStacks } from "../../../src/providers/aws/stacks/stacks.ts";
import type { ExecRequest } from "../../../src/providers/provider.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { json, jsonError, scriptedEcs } from "../../support/aws/scripted-ecs.ts";
import { smallShop } from "../../support/aws/small-shop.ts";
import { refusal } from "../../support/refusal.ts";

/** AWS's session-manager-plugin cannot be had here. A program in its place writes down how it is called, and hands on what it
 *  is given as the command `cat` would. How AWS's own tools call it: `awscli/customizations/sessionmanager.py`. */
const plugin = (version: string) => `#!/bin/sh
if [ "$1" = --version ]; then echo ${version}; exit; fi
for argument; do printf '%s\\n' "$argument"; done > "$0.arguments"
printf '%s' "$AWS_SSM_START_SESSION_RESPONSE" > "$0.variable"
echo "no such table" >&2
cat
`;

const api = { app: "shop", env: "test", name: "api" };
const taskId = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const opened = { sessionId: "ecs-execute-command-1", streamUrl: "wss://ssmmessages/1", tokenValue: "SECRET-TOKEN" };

describeWithAws("a command in a container on AWS", (aws) => {
  let session: AwsSession;
  let folder: string;
  beforeEach(async () => {
    await aws.reset();
    await smallShop(aws);
    session = new AwsSession({ region: "us-west-2" });
    folder = mkdtempSync(join(tmpdir(), "pf-plugin-"));
    install("1.2.650.0");
  });
  afterEach(() => {
    session.close();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  function install(version: string): void {
    const file = join(folder, "session-manager-plugin");
    writeFileSync(file, plugin(version));
    chmodSync(file, 0o755);
    vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"]}`);
  }

  const start = (request: Partial<ExecRequest> = {}) =>
    execCommand(
      { ...api, command: ["sh", "-c", "ls | wc -l"], ...request },
      {
        session,
        records: createRecords(session),
        stacks: createStacks(session),
        now: () => 0,
        pace: { first: 5, most: 20 },
      },
      new AbortController().signal,
    );

  function running(more: Partial<Task> = {}): void {
    const task: Task = {
      taskArn: `arn:aws:ecs:us-west-2:123456789012:task/shop-test-Cluster-1A2B/${taskId}`,
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      enableExecuteCommand: true,
      containers: [
        {
          name: "api",
          lastStatus: "RUNNING",
          runtimeId: "c1",
          managedAgents: [{ name: "ExecuteCommandAgent", lastStatus: "RUNNING" }],
        },
        { name: "nginx", lastStatus: "STOPPED" },
      ],
      ...more,
    };
    aws.use(scriptedEcs([{ service: {}, tasks: [task] }]));
  }

  test("the plugin carries the session, and its token stands in no argument", async () => {
    running();
    const asked: unknown[] = [];
    aws.use(async ({ name, request }, pass) => {
      if (name !== "ecs:ExecuteCommand") return pass();
      asked.push(JSON.parse(request.body.toString()));
      return json({ session: opened, clusterArn: "arn:aws:ecs:us-west-2:123456789012:cluster/shop-test-Cluster-1A2B" });
    });
    const { output, write, endInput, task, container } = await start();
    expect([task, container]).toEqual([taskId, "api"]);
    await write(Buffer.from("some input\n"));
    await endInput();
    const printed = { stdout: "", stderr: "" };
    let step = await output.next();
    for (; step.done !== true; step = await output.next())
      printed[step.value.stream] += Buffer.from(step.value.bytes).toString();
    expect(printed).toEqual({ stdout: "some input\n", stderr: "no such table\n" });
    expect(step.value).toBe(0);
    expect(asked).toMatchInlineSnapshot(`
      [
        {
          "cluster": "shop-test-Cluster-1A2B",
          "command": "sh -c 'ls | wc -l'",
          "container": "api",
          "interactive": true,
          "task": "arn:aws:ecs:us-west-2:123456789012:task/shop-test-Cluster-1A2B/0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        },
      ]
    `);
    expect(readFileSync(join(folder, "session-manager-plugin.arguments"), "utf8")).toMatchInlineSnapshot(`
      "AWS_SSM_START_SESSION_RESPONSE
      us-west-2
      StartSession

      {"Target":"ecs:shop-test-Cluster-1A2B_0a1b2c3d4e5f60718293a4b5c6d7e8f9_c1"}
      https://ssm.us-west-2.amazonaws.com
      "
    `);
    expect(JSON.parse(readFileSync(join(folder, "session-manager-plugin.variable"), "utf8"))).toEqual(opened);
  });

  test("without the plugin, or with one that would show the token, it is said how to get it", async () => {
    vi.stubEnv("PATH", join(folder, "nowhere"));
    expect(await refusal(start())).toContain("exec/plugin-missing: session-manager-plugin is not installed");
    install("1.2.463.0");
    expect(await refusal(start())).toContain("session-manager-plugin 1.2.463.0 is too old");
  });

  test("what keeps a command from running is said before a session is opened", async () => {
    aws.use(scriptedEcs([{ service: {}, tasks: [] }]));
    expect(await refusal(start())).toMatchInlineSnapshot(`
      "exec/no-running-task: no task of api is running in test
        pilotfish svc status -a shop -n api -e test"
    `);
    running({ enableExecuteCommand: false });
    expect(await refusal(start())).toMatchInlineSnapshot(`
      "exec/not-enabled: no command can be run in task 0a1b2c3d: exec was not enabled for api of shop when it was started
        set \`exec: true\` in the manifest of api, then: pilotfish svc deploy -n api -e test --force"
    `);
    running();
    expect(await refusal(start({ task: "ff" }))).toMatchInlineSnapshot(`
      "exec/no-running-task: no running task of api has an id that begins with ff
        running: 0a1b2c3d"
    `);
    expect(await refusal(start({ container: "db" }))).toMatchInlineSnapshot(`
      "exec/container-not-found: task 0a1b2c3d of api has no container db
        it has: api, nginx"
    `);
    expect(await refusal(start({ container: "nginx" }))).toMatchInlineSnapshot(`
      "exec/container-not-running: container nginx of task 0a1b2c3d is STOPPED
        running: api"
    `);
    const agent = { name: "ExecuteCommandAgent", lastStatus: "STOPPED" } as const;
    running({ containers: [{ name: "api", lastStatus: "RUNNING", managedAgents: [agent] }] });
    expect(await refusal(start())).toMatchInlineSnapshot(`
      "exec/unavailable: the agent that runs commands in container api of task 0a1b2c3d is STOPPED
        the task role needs ssmmessages:* and the task a way to AWS; a new task may have it: pilotfish svc deploy -n api -e test --force"
    `);
  });

  test("an agent that is not connected is told apart from other failures", async () => {
    running();
    aws.use(async ({ name }, pass) =>
      name === "ecs:ExecuteCommand" ? jsonError("TargetNotConnectedException", "not connected") : pass(),
    );
    expect(await refusal(start())).toMatchInlineSnapshot(`
      "exec/unavailable: the agent that runs commands in the task is not connected
        the task role needs ssmmessages:* and the task a way to AWS; try again when the task has run for a while"
    `);
  });
});
