import { expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import { FakeProvider, untilAborted } from "../support/fake-provider.ts";
import { demoWorkspace } from "./workspaces.ts";

const terminal = { columns: 100, rows: 24 };
const env = { NO_COLOR: "1" };

test("a command gets what is piped in, its output and errors stay apart, and its exit code is ours", async () => {
  const provider = new FakeProvider({
    exec: {
      steps: ["input", { stream: "stderr", text: "a problem\n" }, { stream: "stdout", text: "\x1b[1mas it is\n" }],
      exitCode: 3,
    },
  });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider, input: ["one\n", "two\n"] });
  const argv = ["svc", "exec", "-n", "api", "-e", "local", "--task-id", "ab", "--container", "proxy"];
  expect(await run([...argv, "--command", `psql -c 'select 1' "a b"`, "--yes"], host)).toMatchInlineSnapshot(`
    "stderr:
    a problem
    stdout:
    one
    two
    [1mas it is
    exit code 3"
  `);
  expect(provider.executed).toMatchInlineSnapshot(`
    [
      {
        "app": "demo",
        "command": [
          "psql",
          "-c",
          "select 1",
          "a b",
        ],
        "container": "proxy",
        "env": "local",
        "name": "api",
        "task": "ab",
        "terminal": undefined,
      },
    ]
  `);
});

test("on a terminal it is a shell that has the keys and follows the size; the terminal is put back", async () => {
  const provider = new FakeProvider({
    exec: {
      steps: [
        () => expect(host.stdin.keys).toBe("taken"),
        { stream: "stdout", text: "/ # " },
        () => host.stdout.resize(120, 50),
        () => expect.poll(() => provider.resized).toEqual(["120x50"]),
        { stream: "stdout", text: "exit\r\n" },
      ],
      exitCode: 0,
    },
  });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider, terminal, env });
  expect(await run(["svc", "exec"], host)).toMatchInlineSnapshot(`
    "stderr:
    /bin/sh in container api of task 11111111
    stdout:
    / # exit
    exit code 0"
  `);
  expect(provider.executed).toMatchObject([{ command: ["/bin/sh"], terminal }]);
  expect(host.stdin.keys).toBe("given back");
});

test("the terminal is put back when the session fails or the program is asked to end", async () => {
  const fails = new FakeProvider({
    exec: {
      steps: [
        () => {
          throw new Error("the simulator is gone");
        },
      ],
      exitCode: 0,
    },
  });
  const cwd = await demoWorkspace();
  const host = new FakeHost({ cwd, provider: fails, terminal, env });
  expect(await main(["svc", "exec"], host)).toBe(1);
  expect(host.stdin.keys).toBe("given back");
  const waits = new FakeProvider({ exec: { steps: [() => asked.interrupt(), untilAborted], exitCode: 0 } });
  const asked = new FakeHost({ cwd, provider: waits, terminal, env });
  expect(await main(["svc", "exec"], asked)).toBe(130);
  expect(asked.stdin.keys).toBe("given back");
});

test("a program that carries the session keeps the terminal, and hears every Ctrl-C alone", async () => {
  const provider = new FakeProvider({
    exec: { steps: [() => host.interrupt(), () => host.interrupt()], exitCode: 3, ownsTerminal: true },
  });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider, terminal, env });
  expect(await main(["svc", "exec"], host)).toBe(3);
  expect(host.stdin.keys).toBe("");
});

test("when nobody reads any more the command is left, as a pipe would end it", async () => {
  const provider = new FakeProvider({
    exec: { steps: [{ stream: "stdout", text: "y\n" }, () => host.stdout.close(), untilAborted], exitCode: 0 },
  });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider, input: [] });
  expect(await run(["svc", "exec", "-c", "yes"], host)).toMatchInlineSnapshot(`
    "stdout:
    y
    exit code 141"
  `);
});

test("a command that is no command, and a service that is not there, are refused", async () => {
  const cwd = await demoWorkspace();
  const say = (...flags: string[]) =>
    run(["svc", "exec", ...flags], new FakeHost({ cwd, provider: new FakeProvider({}) }));
  expect(await say("-c", `sh -c "ls`)).toMatchInlineSnapshot(`
    "stderr:
    error  --command has a quote or an escape that is not finished: sh -c "ls  (usage/invalid-flag)
           for instance --command 'sh -c "ls | wc -l"'
    exit code 2"
  `);
  expect(await say("-c", " ")).toMatchInlineSnapshot(`
    "stderr:
    error  --command holds no command:    (usage/invalid-flag)
           for instance --command 'sh -c "ls | wc -l"'
    exit code 2"
  `);
  expect(await say("-n", "api")).toMatchInlineSnapshot(`
    "stderr:
    error  api of the application demo is not deployed to local  (service/not-found)
           pilotfish svc deploy -n api -e local
    exit code 1"
  `);
});
