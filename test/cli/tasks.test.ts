import { expect, test } from "vitest";
import { shellWords } from "../../src/manifest/shell-words.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import { FakeProvider, untilAborted } from "../support/fake-provider.ts";
import type { TaskScript } from "../support/fake-tasks.ts";
import { folderWith } from "../support/files.ts";

const at = "2026-01-02T03:04:05.000Z";
const id = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const ended = { id, lastStatus: "STOPPED", exitCode: 0 };
const files = {
  "copilot/.workspace": "application: shop\n",
  Dockerfile: "FROM scratch\n",
  "good.env": "A=1\n",
  "odd.env": "A=1\n\nexport B=2\nC\n",
  "other.txt": "",
};

async function say(line: string[], given: { script?: TaskScript; files?: Record<string, string> } = {}) {
  const target = { provider: "local", label: "simulator on this machine", runtime: "simulated (a test)" } as const;
  const provider = new FakeProvider({ target, ...(given.script && { tasks: given.script }) });
  const cwd = await folderWith(given.files ?? files);
  return { said: await run(line, new FakeHost({ cwd, provider })), provider, cwd };
}
const task = (line: string) => ["task", "run", "-n", "migrate", "-e", "local", ...line.split(" ").filter(Boolean)];

test("what cannot be is refused with what to do, before anything is asked for or made", async () => {
  const refused = [
    "--count 0",
    "--cpu 300",
    "--cpu 1024 --memory 1000",
    "--cpu 256 --platform-os windows_server_2022_core --platform-arch amd64",
    "--platform-os linux",
    "--platform-os beos --platform-arch amd64",
    "--image example/app:1 --dockerfile Dockerfile",
    "--dockerfile missing/Dockerfile",
    "--default",
    "--subnets subnet-1 --local",
    "--env-file missing.env",
    "--env-file other.txt",
    "--secrets KEY=arn:aws:s3:::bucket",
    "--env-vars KEY=1 --secrets KEY=/key",
    "--command 'unfinished",
    "-n Bad_Name",
    "--generate-cmd shop/local/api",
  ];
  const answers = await Promise.all(
    refused.map(async (flags) => {
      const { said, provider } = await say(task(flags));
      expect(provider.tasks.started).toEqual([]);
      return said
        .replace("stderr:", flags)
        .replace(/\n {7}/, "\n  ")
        .replace("\nexit code 2", "");
    }),
  );
  expect(answers.join("\n")).toMatchInlineSnapshot(`
    "--count 0
    error  --count must be a whole number from 1 to 10  (usage/invalid-flag)
      pilotfish task run --help
    --cpu 300
    error  --cpu 300: Fargate has no such size  (usage/invalid-flag)
      use one of 256, 512, 1024, 2048, 4096, 8192, 16384
    --cpu 1024 --memory 1000
    error  --memory 1000: 1000 MiB do not go with 1024 CPU units  (usage/invalid-flag)
      use 2048 to 8192 in steps of 1024
    --cpu 256 --platform-os windows_server_2022_core --platform-arch amd64
    error  --cpu 256: Fargate has no such size for Windows  (usage/invalid-flag)
      use one of 1024, 2048, 4096
    --platform-os linux
    error  --platform-os and --platform-arch go together  (usage/invalid-flag)
      for instance --platform-os linux --platform-arch arm64
    --platform-os beos --platform-arch amd64
    error  --platform-os beos: Fargate has none  (usage/invalid-flag)
      use one of linux, windows, windows_server_2019_core, windows_server_2019_full, windows_server_2022_core, windows_server_2022_full
    --image example/app:1 --dockerfile Dockerfile
    error  --image and --dockerfile exclude each other  (usage/invalid-flag)
      leave one of them out: pilotfish task run --help
    --dockerfile missing/Dockerfile
    error  there is no missing/Dockerfile to build an image from  (usage/invalid-flag)
      give --dockerfile, or an image that is there already: --image IMAGE
    --default
    error  --default and --env exclude each other  (usage/invalid-flag)
      leave one of them out: pilotfish task run --help
    --subnets subnet-1 --local
    error  --subnets and --env exclude each other  (usage/invalid-flag)
      leave one of them out: pilotfish task run --help
    --env-file missing.env
    error  --env-file missing.env: the file cannot be read  (usage/invalid-flag)
      give another --env-file
    --env-file other.txt
    error  --env-file other.txt: ECS takes no environment file whose name does not end in .env  (usage/invalid-flag)
      give another --env-file
    --secrets KEY=arn:aws:s3:::bucket
    error  --secrets: what KEY is read from is neither a parameter's name nor the ARN of a parameter or a secret  (usage/invalid-flag)
      for instance --secrets KEY=/copilot/APP/ENV/secrets/KEY
    --env-vars KEY=1 --secrets KEY=/key
    error  KEY is in --env-vars and in --secrets: ECS takes it once  (usage/invalid-flag)
      leave KEY out of one of them
    --command 'unfinished
    error  --command has a quote or an escape that is not finished: 'unfinished  (usage/invalid-flag)
      for instance --command 'sh -c "ls | wc -l"'
    -n Bad_Name
    error  --task-group-name Bad_Name: a name begins with a letter, holds small letters, digits and single hyphens, and has 100 characters at most  (usage/invalid-flag)
      pilotfish task run -n db-migrate
    --generate-cmd shop/local/api
    error  --generate-cmd and -n exclude each other  (usage/invalid-flag)
      leave one of them out: pilotfish task run --help"
  `);
});

test("a group is run, told and deleted; what ECS puts up with in an environment file is told with its place", async () => {
  const script: TaskScript = {
    steps: [
      { type: "tasks-started", at, group: "migrate", tasks: [id], cluster: "shop-local" },
      { type: "task-changed", at, task: { id, lastStatus: "RUNNING", startedAt: at } },
      { type: "log", at, task: id, container: "migrate", stream: "stdout", message: "one\u001b[2J" },
      { type: "task-changed", at, task: ended },
    ],
    outcome: { outcome: "completed", tasks: [ended] },
  };
  const line = task("--env-file odd.env --count 2 --follow --secrets KEY=/key --task-role runs --env-vars A=1,B=x=y");
  const { said, provider } = await say([...line, "--command", "sh -c 'a b'"], { script });
  expect(said).toMatchInlineSnapshot(`
    "stderr:
    application shop · environment local · task group migrate · simulator on this machine · runtime simulated (a test)
    odd.env:3:1  warning  ECS takes no \`export\`: it becomes part of the name  (env-file/line)
                          write \`B=…\`
    odd.env:4:1  warning  this line is no \`NAME=value\`, and ECS does not take it  (env-file/line)
                          write \`NAME=value\`, or \`#\` at the start of a comment
    note: --task-role: of no effect, since the simulator has nothing of the kind
    note: no image is built: the simulated runtime runs no containers
    tasks of migrate in the cluster shop-local: 0a1b2c3d
    task 0a1b2c3d: RUNNING
    task 0a1b2c3d: STOPPED (exit code 0)
    stdout:
    2026-01-02T03:04:05Z  migrate/0a1b2c3d  one
    1 task of migrate ended with exit code 0
    exit code 0"
  `);
  expect(provider.tasks.started).toEqual([
    { group: "migrate", place: { app: "shop", env: "local" }, count: 2, follow: true },
  ]);
  expect(provider.tasks.defined.get("migrate")).toMatchInlineSnapshot(`
    {
      "envFile": "A=1

    export B=2
    C
    ",
      "image": {
        "name": "copilot-migrate:latest",
      },
      "place": {
        "app": "shop",
        "env": "local",
      },
      "plan": {
        "app": "shop",
        "command": [
          "sh",
          "-c",
          "a b",
        ],
        "cpu": 256,
        "env": "local",
        "envFile": "odd.env",
        "group": "migrate",
        "image": {
          "args": {},
          "context": ".",
          "dockerfile": "Dockerfile",
        },
        "memory": 512,
        "secrets": {
          "KEY": "/key",
        },
        "taskRole": "runs",
        "variables": {
          "A": "1",
          "B": "x=y",
        },
      },
    }
  `);
  const host = (argv: string[]) => run(argv, new FakeHost({ cwd: "/", provider }));
  expect(await host(["task", "delete", "--app", "shop", "-e", "local"])).toMatchInlineSnapshot(`
    "stderr:
    application shop · environment local · task group migrate · simulator on this machine · runtime simulated (a test)
    error  this cannot be undone, and there is nobody to ask: --yes is needed  (usage/missing-input)
           pilotfish task delete --app shop -e local --yes
    exit code 2"
  `);
  expect(await host(["task", "delete", "--app", "shop", "-e", "local", "--yes"])).toMatchInlineSnapshot(`
    "stderr:
    application shop · environment local · task group migrate · simulator on this machine · runtime simulated (a test)
    deleted the task migrate from local
    stdout:
    deleted the task group migrate from local of shop
    exit code 0"
  `);
  expect(await host(["task", "delete", "-n", "migrate", "--app", "shop", "-e", "local", "--yes"]))
    .toMatchInlineSnapshot(`
    "stderr:
    application shop · environment local · task group migrate · simulator on this machine · runtime simulated (a test)
    error  there is no task group migrate in local of shop  (task/not-found)
           pilotfish task run --help
    exit code 1"
  `);
  expect(await host(["task", "run", "--image", "example/app:1"])).toMatchInlineSnapshot(`
    "stderr:
    error  --app is needed: the application's name, or --default  (usage/missing-input)
           pilotfish task run --image example/app:1 -a APP
    exit code 2"
  `);
});

test("a task that fails says why, and ends the command with its exit code", async () => {
  const failed = { id, lastStatus: "STOPPED", exitCode: 3, stopCode: "EssentialContainerExited" };
  const script: TaskScript = {
    steps: [
      { type: "tasks-started", at, group: "migrate", tasks: [id], cluster: "shop-local" },
      { type: "task-changed", at, task: failed },
      {
        type: "task-stopped",
        at,
        task: {
          id,
          deploymentId: "",
          stopCode: "EssentialContainerExited",
          reason: "Essential container in task exited",
          containers: [{ name: "migrate", exitCode: 3 }],
          failedContainer: "migrate",
          lastLogs: ["I cannot go on"],
        },
      },
    ],
    outcome: { outcome: "failed", exitCode: 3, tasks: [failed] },
  };
  expect((await say(task("--image example/app:1"), { script })).said).toMatchInlineSnapshot(`
    "stderr:
    application shop · environment local · task group migrate · simulator on this machine · runtime simulated (a test)
    tasks of migrate in the cluster shop-local: 0a1b2c3d
    task 0a1b2c3d: STOPPED (exit code 3)
    task 0a1b2c3d stopped: EssentialContainerExited: Essential container in task exited
      container migrate: exit code 3
      last log lines of migrate:
      | I cannot go on
    1 of 1 task of migrate failed
      0a1b2c3d  STOPPED, exit code 3
    exit code 3"
  `);
});

test("Ctrl-C leaves tasks running and says how to stop them; a second one leaves at once", async () => {
  const running = { id, lastStatus: "RUNNING" };
  const interrupted = async (times: number) => {
    const script: TaskScript = {
      steps: [
        { type: "tasks-started", at, group: "migrate", tasks: [id], cluster: "shop-local" },
        (signal) => {
          for (let pressed = 0; pressed < times; pressed++) host.interrupt();
          return times > 1 ? new Promise(() => {}) : untilAborted(signal);
        },
      ],
      outcome: { outcome: "running", tasks: [running] },
    };
    const host = new FakeHost({ cwd: await folderWith(files), provider: new FakeProvider({ tasks: script }) });
    return run(task("--image example/app:1 --follow"), host);
  };
  expect(await interrupted(1)).toMatchInlineSnapshot(`
    "stderr:
    application shop · environment local · task group migrate · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    tasks of migrate in the cluster shop-local: 0a1b2c3d
    the tasks go on; to stop them, and remove what was made: pilotfish task delete --app shop --env local -n migrate
    exit code 130"
  `);
  expect(await interrupted(2)).toMatchInlineSnapshot(`
    "stderr:
    application shop · environment local · task group migrate · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    tasks of migrate in the cluster shop-local: 0a1b2c3d
    the tasks go on; to stop them, and remove what was made: pilotfish task delete --app shop --env local -n migrate
    exit code 130"
  `);
});

test("the command that runs a task as a service runs is printed, and can be typed", async () => {
  const container = {
    name: "api",
    image: "demo/api:latest",
    command: ["sh", "-c", "serve 'all'"],
    environment: [
      { name: "MODE", value: "a,b" },
      { name: "QUERY", value: 'x="1",y=2' },
    ],
    secrets: [{ name: "KEY", valueFrom: "/key" }],
    environmentFiles: [{ type: "s3" as const, value: "arn:aws:s3:::bucket/api.env" }],
  };
  const deployed = (containers: object[]) => ({
    app: "shop",
    env: "local",
    name: "api",
    type: "Backend Service",
    taskDefinition: { family: "shop-local-api", cpu: "512", memory: "1024", containerDefinitions: containers as never },
    desiredCount: 1,
    serviceConnect: [],
    urls: [],
    resources: [],
  });
  const generate = async (containers: object[], workload = "shop/local/api", more: string[] = []) => {
    const provider = new FakeProvider({ deployed: [deployed(containers)] });
    return run(["task", "run", "--generate-cmd", workload, ...more], new FakeHost({ cwd: "/", provider }));
  };
  const printed = await generate([container]);
  expect(printed).toMatchInlineSnapshot(`
    "stderr:
    note: without its environment file arn:aws:s3:::bucket/api.env: give --env-file
    stdout:
    pilotfish task run --task-group-name api --app shop --env local --image demo/api:latest --cpu 512 --memory 1024 --command 'sh -c '\\''serve '\\''\\'\\'''\\''all'\\''\\'\\'''\\'''\\''' --env-vars MODE=a,b --env-vars '"QUERY=x=""1"",y=2"' --secrets KEY=/key
    exit code 0"
  `);
  expect(await generate([container, { name: "nginx" }])).toMatchInlineSnapshot(`
    "stderr:
    error  api has 2 containers, and task run runs tasks of one container  (task/not-placed)
           name another service or job: pilotfish task run --generate-cmd APP/ENV/NAME
    exit code 1"
  `);
  expect(await generate([container], "shop/local/other")).toMatchInlineSnapshot(`
    "stderr:
    error  other of the application shop is not deployed to local  (service/not-found)
           pilotfish svc deploy -n other -e local
    exit code 1"
  `);
  expect(await generate([container], "cluster/service")).toMatchInlineSnapshot(`
    "stderr:
    error  task run --generate-cmd of a service by its ARN or its cluster is not in this version of pilotfish  (usage/not-in-this-version)
           name a service or a job of an application: pilotfish task run --generate-cmd APP/ENV/NAME
    exit code 2"
  `);

  // Typed again, it asks for the same.
  const [line = ""] = printed.split("\n").filter((each) => each.startsWith("pilotfish"));
  const { provider } = await say(shellWords(line)?.slice(1) ?? []);
  const { command, variables, secrets } = provider.tasks.defined.get("api")?.plan ?? {};
  expect({ command, variables, secrets }).toEqual({
    command: container.command,
    variables: { MODE: "a,b", QUERY: 'x="1",y=2' },
    secrets: { KEY: "/key" },
  });
});

test("a command is run in a task of a group", async () => {
  const provider = new FakeProvider({ exec: { steps: [{ stream: "stdout", text: "hello\n" }], exitCode: 4 } });
  const line = ["task", "exec", "-n", "migrate", "--app", "shop", "-e", "local", "--task-id", "0a", "-c", "echo 'a b'"];
  expect(await run(line, new FakeHost({ cwd: "/", provider, input: [] }))).toMatchInlineSnapshot(`
    "stdout:
    hello
    exit code 4"
  `);
  expect(provider.executed).toMatchObject([{ name: "migrate", task: "0a", command: ["echo", "a b"] }]);
});
