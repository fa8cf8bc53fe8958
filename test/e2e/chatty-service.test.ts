import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { deployJson, endOfDeploy } from "../support/deploy-json.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { daemonPid } from "../support/end-simulator.ts";
import { startLoad } from "../support/load.ts";
import { runCli } from "../support/run-cli.ts";
import { pageServer, removeImages, type ServiceFolder, serviceFolder } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";
import { waitFor } from "../support/wait-for.ts";

const web = "image: { build: Dockerfile, port: 8080 }\nhttp: { path: / }\n";

describeWithEngine("a service that prints as much as it can", () => {
  test("slows the load balancer down little, and takes neither memory nor disk beyond its part", async () => {
    const { service, home, deploy } = await workspace();
    const url = (await deploy("web")).status.urls[0] as string;
    const asked = async () => {
      const load = startLoad({ url, connections: 16 });
      await delay(4000);
      return await load.stop();
    };
    const quiet = await asked();
    await chatty(service, `exec yes ${"x".repeat(999)}`);
    await deploy("chatty");
    const pid = (await daemonPid(home)) ?? 0;
    const noisy = [await asked(), await asked()];
    const failed = [quiet, ...noisy].flatMap(({ failures }) => failures);
    expect(failed).toEqual([]);
    // The printing itself and the Engine's work with it take most of a small machine, whatever we do.
    for (const { requests, slowestMs } of noisy) {
      expect(requests).toBeGreaterThan(quiet.requests / 10);
      expect(slowestMs).toBeLessThan(5000);
    }
    expect(await residentMegabytes(pid)).toBeLessThan(300);
    const folder = join(home, "logs", service.repository.split("/")[0] ?? "", "local/chatty");
    await waitFor("more lines than are kept", async () => (await bytesIn(folder)) > 190e6, { deadlineMs: 60_000 });
    await delay(2000);
    expect(await bytesIn(folder)).toBeLessThanOrEqual(200e6);
    const { stdout } = await runCli(["svc", "logs", "-n", "chatty", "-e", "local", "--limit", "3", "--json"], {
      cwd: service.folder,
      home,
    });
    expect(stdout.split("\n").filter((line) => line.includes('"type":"log"'))).toHaveLength(3);
  });

  test("loses no line and repeats none when the daemon is killed again and again", async () => {
    const { service, home, deploy } = await workspace();
    await chatty(service, "i=0; while :; do i=$((i+1)); echo line $i; usleep 500; done");
    await deploy("chatty");
    for (let round = 0; round < 3; round++) {
      const pid = (await daemonPid(home)) ?? 0;
      process.kill(pid, "SIGKILL");
      await waitFor("the daemon's end", () => !isAlive(pid));
      await runCli(["local", "start"], { cwd: service.folder, home });
      await delay(500);
    }
    const { stdout } = await runCli(["svc", "logs", "-n", "chatty", "-e", "local", "--since", "1h", "--json"], {
      cwd: service.folder,
      home,
    });
    const numbers = [...stdout.matchAll(/"message":"line (\d+)"/g)].map(([, number]) => Number(number));
    expect(numbers.length).toBeGreaterThan(1000);
    const first = numbers[0] ?? 0;
    expect(numbers.find((number, at) => number !== first + at)).toBeUndefined();
  });
});

async function workspace() {
  const service = await serviceFolder("web", pageServer("here"), web);
  onTestFinished(() => removeImages(service.repository.replace(/web$/, "chatty")));
  const home = await simulatorHome();
  const deploy = async (name: string) => {
    const args = ["svc", "deploy", "-n", name, "-e", "local"];
    return endOfDeploy(await deployJson(args, { cwd: service.folder, home }));
  };
  return { service, home, deploy };
}

async function chatty({ folder }: ServiceFolder, script: string): Promise<void> {
  await mkdir(join(folder, "copilot/chatty"), { recursive: true });
  const command = JSON.stringify(["/bin/sh", "-c", script]);
  const manifest = `name: chatty\ntype: Backend Service\nimage: { build: Dockerfile }\ncommand: ${command}\n`;
  await writeFile(join(folder, "copilot/chatty/manifest.yml"), manifest);
}

async function bytesIn(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function residentMegabytes(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
