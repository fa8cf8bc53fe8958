import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeBusyboxContext } from "../support/busybox-image.ts";
import { simulatorHome } from "../support/simulator-home.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { runCli } from "../support/run-cli.ts";
import { pageServer, removeImages } from "../support/service-folder.ts";
import { keys, runInTerminal } from "../support/terminal.ts";

/** An empty git repository with a Dockerfile, as a newcomer has it. */
async function repository(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "pf-first-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
  await writeBusyboxContext(folder, pageServer("hello, first path"));
  return folder;
}

describeWithEngine("in an empty git repository with a Dockerfile", () => {
  test("init and svc deploy serve a page, without a terminal", async () => {
    const app = `first${process.pid}`;
    onTestFinished(() => removeImages(`${app}/web`));
    const [folder, home] = [await repository(), await simulatorHome()];
    const options = { cwd: folder, home };
    const init = await runCli(
      ["init", "--app", app, "--name", "web", "--type", "Load Balanced Web Service", "--dockerfile", "Dockerfile"],
      options,
    );
    expect([init.code, init.stderr]).toEqual([0, expect.any(String)]);
    expect(readFileSync(join(folder, "copilot", "web", "manifest.yml"), "utf8")).toMatch(/port: 8080/);
    expect((await runCli(["validate", "--strict"], options)).code).toBe(0);
    const deploy = await runCli(["svc", "deploy", "--name", "web", "--env", "local"], options);
    expect(deploy.code, deploy.stderr).toBe(0);
    const url = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(deploy.stdout)?.[0] as string;
    expect(await (await fetch(url)).text()).toBe("hello, first path");

    const again = await runCli(["svc", "deploy", "-n", "web", "-e", "local"], options);
    expect(again.code).toBe(0);
    expect(`${again.stdout}${again.stderr}`).toMatch(/nothing (has )?changed|no changes?/i);
    const logs = await runCli(["svc", "logs", "-n", "web", "-e", "local"], options);
    expect(logs.stdout).toMatch(/serving hello, first path/);
    const gone = await runCli(["svc", "delete", "-n", "web", "-e", "local", "--yes"], options);
    expect(gone.code, gone.stderr).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  test("init asks its way on a terminal and deploys what it wrote", async () => {
    const folder = await repository();
    onTestFinished(() => removeImages(`${basename(folder).toLowerCase()}*/*`));
    const home = await simulatorHome();
    const terminal = runInTerminal(["init"], { cwd: folder, home });
    onTestFinished(() => terminal.close());
    const answers: [string, string][] = [
      ["What is the name of the application?", keys.enter],
      ["Which type of service?", keys.enter],
      ["What is the name of the service?", `web${keys.enter}`],
      ["Which Dockerfile builds the image of web?", keys.enter],
      ["Which port does the container listen on?", keys.enter],
      ["Deploy web to the simulator on this machine now?", keys.enter],
    ];
    for (const [question, answer] of answers) {
      await terminal.waitForText(`? ${question}`);
      terminal.type(answer);
    }
    expect(await terminal.ended, terminal.history()).toBe(0);
    expect(existsSync(join(folder, "copilot", "web", "manifest.yml"))).toBe(true);
    const url = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(terminal.history())?.[0] as string;
    expect(await (await fetch(url)).text()).toBe("hello, first path");
  });
});
