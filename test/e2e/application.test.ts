import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { TaskStatus, WorkloadStatus } from "../../src/providers/provider.ts";
import { type ApplicationFolder, applicationFolder } from "../support/application-folder.ts";
import { deployJson, endOfDeploy } from "../support/deploy-json.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { docker } from "../support/docker.ts";
import { cliEnvironment, type CliOptions, pilotfish, runCli } from "../support/run-cli.ts";
import { pageServer } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";
import { waitFor } from "../support/wait-for.ts";

describeWithEngine("an application on one machine", () => {
  test("two services and a sidecar: discovery, localhost, secrets, an env file, shared, kept and ephemeral files", async () => {
    const shop = await applicationFolder();
    const options = { cwd: shop.folder, home: await simulatorHome() };
    await shop.service("front", front, { "front/front.env": "GREETING=from the env file\n" });
    await put("parameter", "/shop/api-key", "a-parameter", options);
    await put("secret", "shop/db", JSON.stringify({ password: "a-secret" }), options);
    await shop.context("front", webServer({ "/www/cgi-bin/ask": ask, "/www/index.html": "front" }));
    await shop.context("clock", {
      command: ["/bin/sh", "-c", "mkdir /clock && echo tick > /clock/time && httpd -f -p 127.0.0.1:9000 -h /clock"],
    });
    await shop.service("back", back);
    await shop.context("back", pageServer("stock: 3"));

    const deployed = await Promise.all(["back", "front"].map((name) => deploy(name, options)));
    expect(deployed.map(({ outcome, firstFailure }) => firstFailure ?? outcome)).toEqual(["completed", "completed"]);
    const url = new URL("/cgi-bin/ask", deployed[1]?.status.urls.at(-1)).href;
    expect(await text(url)).toMatchInlineSnapshot(`
      "by its discovery name: stock: 3
      by its short name: stock: 3
      by its Service Connect alias: stock: 3
      the sidecar on localhost: tick
      from the sidecar: from clock, in front of local
      hello from the env file, a-parameter, a-secret
      visits in this task: 1
      visits ever: 1
      "
    `);
    expect(await text(url)).toContain("visits in this task: 2\nvisits ever: 2\n");

    await runCli(["svc", "delete", "-n", "front", "-e", "local", "--yes"], options);
    const again = await deploy("front", options);
    expect(again.outcome).toBe("completed");
    expect(await text(url)).toContain("visits in this task: 1\nvisits ever: 3\n");
    const volumes = await docker(
      "volume",
      "ls",
      "--format",
      "{{.Name}}",
      "--filter",
      `label=pilotfish.app=${shop.name}`,
    );
    expect(volumes.split("\n")).toHaveLength(1);
  });

  test("the containers of a task: order, ends, restarts, health, memory and time-outs, as ECS has them", async () => {
    const shop = await applicationFolder();
    const options = { cwd: shop.folder, home: await simulatorHome() };
    const { image } = shop;
    const services = { graph, tough, fragile, greedy, sick, stubborn };
    for (const [name, manifest] of Object.entries(services)) await shop.service(name, manifest(image));
    await runCli(["local", "start"], options);
    const all = Object.keys(services).map((name) =>
      runCli(["svc", "deploy", "-n", name, "-e", "local", "--detach"], options),
    );
    for (const { code, stderr } of await Promise.all(all)) expect(code === 0 ? "" : stderr).toBe("");
    const status = statusOf(options);

    // START, HEALTHY, SUCCESS and COMPLETE, as the Engine has seen them.
    const ordered = await waitFor("graph runs", async () => running(await status("graph")));
    const seen = await observed(shop, ordered.id);
    expect(seen("graph", "started")).toBeGreaterThanOrEqual(seen("init", "finished"));
    expect(seen("graph", "started")).toBeGreaterThanOrEqual(seen("seed", "finished"));
    expect(seen("graph", "started")).toBeGreaterThanOrEqual(seen("db", "started") + 5000);
    expect(seen("seed", "started")).toBeGreaterThanOrEqual(seen("db", "started"));
    expect(containers(ordered)).toEqual({ graph: "RUNNING", db: "RUNNING", init: "STOPPED 0", seed: "STOPPED 3" });

    // What is not essential may end; what has a restart policy comes back.
    const helped = await waitFor("tough has lost its helper", async () => {
      const task = running(await status("tough"));
      // `again` comes back after a while: it may be on its way when the helper ends.
      const { tough, helper, again } = task ? containers(task) : {};
      return tough === "RUNNING" && helper === "STOPPED 4" && again === "RUNNING" && task;
    });
    await waitFor("the third attempt", async () => (await attempts(shop, helped.id, "again")) >= 3);
    expect(running(await status("tough"))?.id).toBe(helped.id);

    // An essential sidecar takes its task along.
    const broken = await waitFor("fragile has failed", async () => (await status("fragile")).stoppedTasks.at(-1));
    expect([broken.stopCode, broken.stoppedReason, containers(broken)]).toEqual([
      "EssentialContainerExited",
      "Essential container in task exited",
      { fragile: "STOPPED 0", guard: "STOPPED 7" },
    ]);

    const killed = await waitFor("greedy has failed", async () => (await status("greedy")).stoppedTasks.at(-1));
    expect([killed.stopCode, killed.containers.map(({ exitCode, reason }) => [exitCode, reason])]).toEqual([
      "EssentialContainerExited",
      [[137, "OutOfMemoryError: Container killed due to memory usage"]],
    ]);

    const replaced = await waitFor("sick has been replaced", async () => (await status("sick")).stoppedTasks.at(-1), {
      deadlineMs: 60_000,
    });
    expect([replaced.stopCode, replaced.stoppedReason]).toEqual([
      "ServiceSchedulerInitiated",
      "Task failed container health checks",
    ]);

    // SIGTERM, and SIGKILL after the manifest's stop time-out.
    const stubbornTask = await waitFor("stubborn runs", async () => running(await status("stubborn")));
    const follow = runCli(["svc", "logs", "-n", "stubborn", "-e", "local", "--follow", "--json"], options);
    await runCli(["svc", "deploy", "-n", "stubborn", "-e", "local", "--force"], options);
    const ended = await waitFor("stubborn has been replaced", async () => {
      const { stoppedTasks } = await status("stubborn");
      return stoppedTasks.find(({ id }) => id === stubbornTask.id);
    });
    expect(containers(ended)).toEqual({ stubborn: "STOPPED 137" });
    await runCli(["svc", "delete", "-n", "stubborn", "-e", "local", "--yes"], options);
    const lines = (await follow).stdout.split("\n").filter(Boolean);
    const asked = lines.map((line) => JSON.parse(line) as { at: string; task: string; message: string });
    const askedAt = asked.find(({ task, message }) => task === stubbornTask.id && message === "asked to stop");
    const took = Date.parse(String(ended.stoppedAt)) - Date.parse(String(askedAt?.at));
    expect(took).toBeGreaterThan(1500);
    expect(took).toBeLessThan(10_000);
  });
});

const front = `
name: front
type: Load Balanced Web Service

http:
  path: '/'
  healthcheck:
    path: '/'
    healthy_threshold: 2
    interval: 5s
    timeout: 2s
  deregistration_delay: 1s

image:
  build: front/Dockerfile
  port: 8080
  depends_on:
    clock: start

cpu: 256
memory: 512
count: 1
exec: true
network:
  connect: true

env_file: front/front.env

secrets:
  API_KEY: /shop/api-key
  DB_PASSWORD:
    secretsmanager: 'shop/db:password::'

variables:
  BACK: back.\${COPILOT_ENVIRONMENT_NAME}.\${COPILOT_APPLICATION_NAME}.local

storage:
  volumes:
    shared:
      path: /shared
      read_only: false
    kept:
      path: /kept
      read_only: false
      efs: true

sidecars:
  clock:
    image:
      build: clock/Dockerfile
    variables:
      PLACE: front
    mount_points:
      - source_volume: shared
        path: /from-clock
        read_only: false
    command: [/bin/sh, -c, 'echo "from clock, in $PLACE of $COPILOT_ENVIRONMENT_NAME" > /from-clock/note; mkdir /clock; echo tick > /clock/time; httpd -f -p 127.0.0.1:9000 -h /clock']

environments:
  test:
    count: 2
`;

const back = `
name: back
type: Backend Service

image:
  build: back/Dockerfile
  port: 8080

cpu: 256
memory: 512
count: 1
network:
  connect:
    alias: stock.api
`;

const ask = `#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\n'
for where in "discovery name:$BACK" 'short name:back' 'Service Connect alias:stock.api'; do
  echo "by its \${where%%:*}: $(wget -q -O - http://\${where#*:}:8080/)"
done
echo "the sidecar on localhost: $(wget -q -O - http://localhost:9000/time)"
echo "from the sidecar: $(cat /shared/note)"
echo "hello $GREETING, $API_KEY, $DB_PASSWORD"
for file in shared/visits kept/visits; do echo visit >> /$file; done
echo "visits in this task: $(wc -l < /shared/visits)"
echo "visits ever: $(wc -l < /kept/visits)"
`;

function webServer(files: Record<string, string>) {
  const run = "chmod +x /www/cgi-bin/*; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait";
  return { files, command: ["/bin/sh", "-c", run], port: 8080 };
}

const stay = "trap 'exit 0' TERM; sleep 1000 & wait";

/** A Backend Service whose containers run scripts of busybox. */
function backend(name: string, image: string, script: string, more: string): string {
  return `
name: ${name}
type: Backend Service
image:
  location: ${image}
  ${more.startsWith("  ") ? more.trimStart() : `labels: { team: shop }\n${more}`}
command: [sh, -c, "${script}"]
`;
}

const graph = (image: string) =>
  backend(
    "graph",
    image,
    stay,
    `  depends_on:
    init: success
    seed: complete
    db: healthy
sidecars:
  init:
    image: ${image}
    essential: false
    command: [sh, -c, 'sleep 1; exit 0']
  seed:
    image: ${image}
    essential: false
    depends_on:
      db: start
    command: [sh, -c, 'sleep 1; exit 3']
  db:
    image: ${image}
    command: [sh, -c, "touch /up; ${stay}"]
    healthcheck:
      command: [CMD-SHELL, test -f /up]
      interval: 5s`,
  );

/** ECS wants 60 s at least between restarts; the test has no such patience. */
const tough = (image: string) =>
  backend(
    "tough",
    image,
    stay,
    `sidecars:
  helper:
    image: ${image}
    essential: false
    command: [sh, -c, 'sleep 1; exit 4']
  again:
    image: ${image}
    command: [sh, -c, 'sleep 2; exit 5']
taskdef_overrides:
  - path: ContainerDefinitions[1].RestartPolicy.Enabled
    value: true
  - path: ContainerDefinitions[1].RestartPolicy.RestartAttemptPeriod
    value: 1`,
  );

const fragile = (image: string) =>
  backend("fragile", image, stay, `sidecars:\n  guard:\n    image: ${image}\n    command: [sh, -c, 'sleep 1; exit 7']`);

const greedy = (image: string) =>
  backend(
    "greedy",
    image,
    "exec tail /dev/zero",
    "taskdef_overrides:\n  - path: ContainerDefinitions[0].Memory\n    value: 32",
  );

const sick = (image: string) =>
  backend(
    "sick",
    image,
    `touch /well; (sleep 7; rm /well) & ${stay}`,
    `  healthcheck:
    command: [CMD-SHELL, test -f /well]
    interval: 5s
    timeout: 2s
    retries: 1`,
  );

const stubborn = (image: string) =>
  backend(
    "stubborn",
    image,
    "trap 'echo asked to stop' TERM; while true; do sleep 0.1; done",
    "taskdef_overrides:\n  - path: ContainerDefinitions[0].StopTimeout\n    value: 2",
  );

const deploy = async (name: string, options: CliOptions) =>
  endOfDeploy(await deployJson(["svc", "deploy", "-n", name, "-e", "local"], options));

/** As a user pipes a value in. */
async function put(kind: string, name: string, value: string, { cwd, home }: CliOptions): Promise<void> {
  const args = [pilotfish, "local", "put", kind, name];
  const running = promisify(execFile)(process.execPath, args, { cwd, env: cliEnvironment(home) });
  running.child.stdin?.end(value);
  await running;
}

const text = async (url: string) => await (await fetch(url)).text();

function statusOf(options: CliOptions) {
  return async (name: string): Promise<WorkloadStatus> => {
    const { stdout } = await runCli(["svc", "status", "-n", name, "-e", "local", "--json"], options);
    return JSON.parse(stdout) as WorkloadStatus;
  };
}

const running = ({ tasks }: WorkloadStatus): TaskStatus | undefined =>
  tasks.find(({ lastStatus }) => lastStatus === "RUNNING");

function containers(task: TaskStatus): Record<string, string> {
  const shown = ({ lastStatus, exitCode }: TaskStatus["containers"][number]) =>
    exitCode === undefined ? lastStatus : `${lastStatus} ${exitCode}`;
  return Object.fromEntries(task.containers.map((container) => [container.name, shown(container)]));
}

/** When the containers of a task started and ended by the Engine's clock, in milliseconds. */
async function observed(shop: ApplicationFolder, task: string) {
  const ids = await containerIds(shop, task);
  const format = '{{index .Config.Labels "pilotfish.container"}} {{.State.StartedAt}} {{.State.FinishedAt}}';
  const lines = (await docker("inspect", "--format", format, ...ids)).split("\n").map((line) => line.split(" "));
  return (container: string, what: "started" | "finished"): number => {
    const [, started = "", finished = ""] = lines.find(([name]) => name === container) ?? [];
    return Date.parse(what === "started" ? started : finished);
  };
}

async function attempts(shop: ApplicationFolder, task: string, container: string): Promise<number> {
  return (await containerIds(shop, task, `label=pilotfish.container=${container}`)).length;
}

async function containerIds({ name }: ApplicationFolder, task: string, ...filters: string[]): Promise<string[]> {
  const all = [`label=pilotfish.app=${name}`, `label=pilotfish.task=${task}`, ...filters];
  const ids = await docker("ps", "--all", "--quiet", ...all.flatMap((filter) => ["--filter", filter]));
  return ids.split("\n").filter(Boolean);
}
