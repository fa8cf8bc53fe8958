import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { WorkloadStatus } from "../../src/providers/provider.ts";
import { deployJson, endOfDeploy } from "../support/deploy-json.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { docker } from "../support/docker.ts";
import { daemonPid, endSimulator, ownerOf } from "../support/end-simulator.ts";
import { startLoad } from "../support/load.ts";
import { runCli } from "../support/run-cli.ts";
import { type ServiceFolder, serviceFolder } from "../support/service-folder.ts";
import { waitFor } from "../support/wait-for.ts";

const isRoot = process.getuid?.() === 0 && process.platform === "linux";
const name = isRoot ? "a full disk" : "a full disk (skipped: only root may mount a small one)";
const manifest = "image: { build: Dockerfile, port: 8080 }\nhttp: { path: /, deregistration_delay: 1s }\ncount: 2\n";

describeWithEngine(name, () => {
  test.skipIf(!isRoot)(
    "stops nothing that runs, starts nothing new and says so; all goes on when there is space again",
    { timeout: 240_000 },
    async () => {
      const service = await serviceFolder("web", talkingServer("one"), manifest);
      const { home, fill, free } = smallHome();
      const place = { cwd: service.folder, home };
      const run = (...args: string[]) => runCli([...args, "-n", "web", "-e", "local"], place);
      const deploy = () => deployJson(["svc", "deploy", "-n", "web", "-e", "local"], place);
      const first = endOfDeploy(await deploy());
      const url = first.status.urls[0] as string;
      const load = startLoad({ url, connections: 8, pauseMs: 10 });

      fill();
      await waitFor("the daemon to see it", async () => (await problems(service, home)).length > 0);
      const said = await run("svc", "status");
      expect([said.code, plain(said.stderr, home)]).toMatchInlineSnapshot(`
        [
          0,
          "warning  the disk of HOME is full: what runs goes on, but nothing new is started and log lines are lost
        ",
        ]
      `);
      await service.write(talkingServer("two"));
      const refused = await deploy();
      expect([refused.code, plain(JSON.stringify(refused.events.at(-1)), home)]).toMatchInlineSnapshot(`
        [
          1,
          "{"type":"error","code":"simulator/disk-full","message":"the disk of HOME is full: what runs goes on, but nothing new is started and log lines are lost","hint":"df -h 'HOME'    (when there is space again the simulator goes on by itself)","details":[],"diagnostics":[]}",
        ]
      `);
      await delay(1500);
      expect((await load.stop()).failures).toEqual([]);

      const [container] = await containersOf(home);
      await docker("kill", container ?? "");
      await delay(5000);
      expect(await containersOf(home)).toHaveLength(1);
      expect(await (await fetch(url)).text()).toBe("one");

      const pid = (await daemonPid(home)) ?? 0;
      process.kill(pid, "SIGKILL");
      await waitFor("a daemon that starts on the full disk", async () => (await problems(service, home)).length > 0);
      expect(await (await fetch(url)).text()).toBe("one");

      free();
      await waitFor("two tasks", async () => (await containersOf(home)).length === 2);
      await waitFor("nothing to be wrong", async () => (await problems(service, home)).length === 0);
      const second = endOfDeploy(await deploy());
      expect([second.outcome, second.status.deployments[0]?.revision]).toEqual(["completed", 2]);
      expect(await (await fetch(url)).text()).toBe("two");
      const { stdout } = await run("svc", "logs", "--since", "1h");
      expect(stdout).toMatch(/pilotfish: \d+ lines are missing here, the disk was full/);
      const after = JSON.parse((await run("svc", "status", "--json")).stdout) as WorkloadStatus;
      expect(after.deployments.map(({ id }) => id)).toContain(first.deploymentId);
    },
  );
});

/** A state folder on a disk of 8 MB of its own. */
function smallHome() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "pf-small-")));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m,mode=0700", "pilotfish-test", root]);
  onTestFinished(async () => {
    rmSync(join(root, "filler"), { force: true });
    await endSimulator(join(root, "home")).finally(() => {
      execFileSync("umount", [root]);
      rmSync(root, { recursive: true, force: true });
    });
  }, 60_000);
  return {
    home: join(root, "home"),
    fill: () => {
      for (let size = 2 ** 20; size >= 1; size = Math.floor(size / 2))
        try {
          for (;;) appendFileSync(join(root, "filler"), Buffer.alloc(size));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        }
    },
    free: () => rmSync(join(root, "filler")),
  };
}

/** Serves a page and prints all the time. */
function talkingServer(page: string) {
  const loop = "i=0; while :; do i=$((i+1)); echo tick $i; usleep 100000; done";
  return {
    files: { "/www/index.html": page },
    command: ["/bin/sh", "-c", `trap 'exit 0' TERM; httpd -p 8080 -h /www; ${loop}`],
    port: 8080,
  };
}

async function problems({ folder }: ServiceFolder, home: string): Promise<string[]> {
  const { stdout } = await runCli(["local", "start", "--json"], { cwd: folder, home });
  return (JSON.parse(stdout) as { problems: string[] }).problems;
}

async function containersOf(home: string): Promise<string[]> {
  const labels = [`pilotfish.owner=${ownerOf(home)}`, "pilotfish.container=web"];
  const filters = labels.flatMap((label) => ["--filter", `label=${label}`]);
  return (await docker("ps", "--quiet", ...filters)).split("\n").filter(Boolean);
}

function plain(text: string, home: string): string {
  return text.replaceAll(home, "HOME").replaceAll(/app\d+-\d+/g, "APP");
}
