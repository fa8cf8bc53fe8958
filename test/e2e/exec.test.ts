import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { cliEnvironment, pilotfish, runCli } from "../support/run-cli.ts";
import { type ServiceFolder, serviceFolder } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";
import { keys, runInTerminal } from "../support/terminal.ts";
import { waitFor } from "../support/wait-for.ts";

const waiting = { command: ["/bin/sh", "-c", "trap 'exit 0' TERM; echo up; while :; do sleep 1; done"] };
const manifest = (exec: boolean) => `image: { build: Dockerfile }\nexec: ${exec}\n`;
const megabyte = 2 ** 20;

describeWithEngine("svc exec", () => {
  let content: Buffer;
  beforeAll(() => {
    // Not the same in any two places, so that a piece that is lost, doubled or moved is seen.
    content = Buffer.concat(Array.from({ length: 100 }, (_, i) => Buffer.alloc(megabyte, `${i} ${"x".repeat(i)}\n`)));
  });

  test("a shell on a terminal: keys, Ctrl-C and the size go to it, and its exit code is ours", async () => {
    const { home, folder } = await deployed();
    const terminal = runInTerminal(["svc", "exec", "-n", "box", "-e", "local"], { cwd: folder, home });
    onTestFinished(() => terminal.close());
    await terminal.waitForText(/#$/m);
    terminal.type(`stty size; echo $TERM $((40 + 2))${keys.enter}`);
    await terminal.waitForText(/^30 100\nxterm-256color 42$/m);
    terminal.resize(120, 40);
    await waitFor(
      "the new size",
      async () => {
        terminal.type(`stty size${keys.enter}`);
        return /^40 120$/m.test(terminal.screen());
      },
      { everyMs: 300 },
    );
    terminal.type(`sleep 1000${keys.enter}`);
    await waitFor("the end of what Ctrl-C went to", () => {
      terminal.type(keys.interrupt);
      return /\^C/.test(terminal.screen());
    });
    terminal.type(`echo ended with $?${keys.enter}`);
    await terminal.waitForText(/^ended with 130$/m);
    terminal.type(`exit 3${keys.enter}`);
    expect(await terminal.ended, terminal.history()).toBe(3);
  });

  test("without a terminal: input with its end, output and errors apart, the exit code, and nothing lost on the way", async () => {
    const { home, folder } = await deployed();
    const file = join(folder, "content");
    writeFileSync(file, content);
    onTestFinished(() => rmSync(file, { force: true }));
    const sum = createHash("md5").update(content).digest("hex");
    const exec = (command: string) => execWith(command, { folder, home });
    const apart = await exec(`sh -c "echo out; echo problem >&2; exit 7"`);
    expect(apart).toEqual({ code: 7, stdout: "out\n", stderr: "problem\n" });
    expect(await exec("cat").then(({ stdout }) => stdout)).toBe("");
    expect(await execWith("md5sum", { folder, home, input: file })).toMatchObject({ code: 0, stdout: `${sum}  -\n` });
    const through = await execWith("cat", { folder, home, input: file, digest: true });
    expect(through).toEqual({ code: 0, stdout: sum, stderr: "" });
    expect((await exec("/no/such/program")).code).toBe(126);
  });

  test("a command whose reader has gone, or whose client is killed, is ended in its container", async () => {
    const { home, folder } = await deployed();
    const running = async () => {
      const { stdout } = await execWith("ps -o args", { folder, home });
      return stdout.split("\n").filter((line) => /^(yes|sleep 1000)/.test(line));
    };
    const left = start("yes", { folder, home });
    left.stdout.once("data", () => left.stdout.destroy());
    expect(await codeOf(left)).toBe(141);
    await waitFor("the end of yes", async () => (await running()).length === 0);
    const killed = start("sleep 1000", { folder, home });
    onTestFinished(() => void killed.kill("SIGKILL"));
    await waitFor("sleep", async () => (await running()).length === 1);
    killed.kill("SIGKILL");
    await waitFor("the end of sleep", async () => (await running()).length === 0);
  });

  test("a task that was started without exec takes no command, until it has been replaced", async () => {
    const { home, folder, manifest: write } = await deployed(false);
    const place = { cwd: folder, home };
    const exec = () => runCli(["svc", "exec", "-n", "box", "-e", "local", "-c", "true"], place);
    const off = await exec();
    expect([off.code, off.stderr.replaceAll(/[0-9a-f]{8}(?=:)|app\d\S+/g, "<>")]).toMatchInlineSnapshot(`
      [
        1,
        "error  no command can be run in task <>: exec was not enabled for box of <> when it was started  (exec/not-enabled)
             set \`exec: true\` in the manifest of box, then: pilotfish svc deploy -n box -e local --force
      ",
      ]
    `);
    await write(manifest(true));
    expect((await runCli(["svc", "deploy", "-n", "box", "-e", "local"], place)).code).toBe(0);
    const still = await exec();
    expect([still.code, still.stderr.replaceAll(/[0-9a-f]{8}(?=:)|app\d\S+/g, "<>")]).toMatchInlineSnapshot(`
      [
        1,
        "error  no command can be run in task <>: exec was not enabled for box of <> when it was started  (exec/not-enabled)
             pilotfish svc deploy -n box -e local --force
      ",
      ]
    `);
    expect((await runCli(["svc", "deploy", "-n", "box", "-e", "local", "--force"], place)).code).toBe(0);
    expect((await exec()).code).toBe(0);
  });
});

async function deployed(exec = true): Promise<ServiceFolder & { home: string }> {
  const service = await serviceFolder("box", waiting, manifest(exec), "Backend Service");
  const home = await simulatorHome();
  const { code, stderr } = await runCli(["svc", "deploy", "-n", "box", "-e", "local"], { cwd: service.folder, home });
  expect(code, stderr).toBe(0);
  return { ...service, home };
}

interface Place {
  folder: string;
  home: string;
}

function start(command: string, { folder, home }: Place) {
  const args = [pilotfish, "svc", "exec", "-n", "box", "-e", "local", "-c", command];
  return spawn(process.execPath, args, { cwd: folder, env: cliEnvironment(home), stdio: ["pipe", "pipe", "pipe"] });
}

function codeOf(child: ReturnType<typeof start>): Promise<number | null> {
  return new Promise((resolve) => child.once("close", resolve));
}

async function execWith(
  command: string,
  { input, digest = false, ...place }: Place & { input?: string; digest?: boolean },
) {
  const child = start(command, place);
  if (input === undefined) child.stdin.end();
  else createReadStream(input).pipe(child.stdin);
  const hash = createHash("md5");
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (bytes: Buffer) => (digest ? void hash.update(bytes) : (texts.stdout += bytes.toString())));
  child.stderr.on("data", (bytes: Buffer) => (texts.stderr += bytes.toString()));
  const code = await codeOf(child);
  return { code, ...texts, ...(digest ? { stdout: hash.digest("hex") } : {}) };
}
