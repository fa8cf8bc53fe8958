import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { waitFor } from "./wait-for.ts";

/** An Engine of the test's own, in network and mount namespaces of its own, which may be ended and started again. */
export interface PrivateEngine {
  /** As DOCKER_HOST spells it. */
  host: string;
  /** Starts a program that sees the Engine's published ports. */
  spawn(program: string, args: string[], env: Record<string, string>): ChildProcess;
  start(): Promise<void>;
  /** Ends it with SIGTERM, as a service manager does, and with it its containers. */
  stop(): Promise<void>;
  /** Takes an image over from the Engine of this machine. */
  takeImage(reference: string): Promise<void>;
  /** Ends it and removes all that it had. */
  end(): Promise<void>;
}

/** Why there can be none here; undefined when there can. */
export const missingForPrivateEngine: string | undefined = lookForMissing();

export async function privateEngine(): Promise<PrivateEngine> {
  const folder = mkdtempSync(join(tmpdir(), "pf-engine-"));
  const socket = join(folder, "docker.sock");
  const host = `unix://${socket}`;
  const holder = spawn("unshare", ["--net", "--mount", "sh", "-c", "ip link set lo up && echo up && exec sleep 3600"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(holder.stdout as NodeJS.ReadableStream, "data");
  const inside = ["--target", String(holder.pid), "--net", "--mount"];
  let dockerd: ChildProcess | undefined;
  const engine: PrivateEngine = {
    host,
    spawn: (program, args, env) => spawn("nsenter", [...inside, program, ...args], { env, stdio: "ignore" }),
    async start() {
      const paths = { "data-root": "data", "exec-root": "exec", pidfile: "docker.pid" };
      const flags = Object.entries(paths).map(([flag, path]) => `--${flag}=${join(folder, path)}`);
      dockerd = spawn("nsenter", [...inside, "dockerd", `--host=${host}`, ...flags], { stdio: "ignore" });
      await waitFor("the Engine", () => promisify(execFile)("docker", ["--host", host, "version"]));
    },
    async stop() {
      if (dockerd === undefined || dockerd.exitCode !== null) return;
      const ended = once(dockerd, "exit");
      dockerd.kill("SIGTERM");
      await ended;
    },
    async takeImage(reference) {
      await promisify(execFile)("sh", ["-c", `docker save ${reference} | docker --host ${host} load`]);
    },
    async end() {
      await engine.stop();
      const ended = once(holder, "exit");
      holder.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return engine;
}

function lookForMissing(): string | undefined {
  if (process.getuid?.() !== 0) return "a private Engine needs root";
  for (const [program, ...args] of [
    ["dockerd", "--version"],
    ["iptables", "--version"],
    ["unshare", "--net", "--mount", "ip", "link", "set", "lo", "up"],
  ] as [string, ...string[]][])
    if (spawnSync(program, args).status !== 0) return `a private Engine needs ${program}, which fails here`;
  return undefined;
}
