import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What to do to have a registry; undefined when it is there. */
export const missingForRegistry: string | undefined = lookForMissing();

function lookForMissing(): string | undefined {
  if (spawnSync("docker-registry", ["--version"]).status !== 0)
    return "there is no registry: apt-get install docker-registry";
  // Without a file it only says how it is used.
  if (spawnSync("htpasswd", []).error !== undefined) return "there is no htpasswd: apt-get install apache2-utils";
  return undefined;
}

export interface RegistryProcess {
  url: string;
  end(): Promise<void>;
}

/** Starts Debian's docker-registry on a free loopback port; one user may push and pull. It ends at the latest with this
 *  process. */
export async function startRegistryProcess(user: { name: string; password: string }): Promise<RegistryProcess> {
  const folder = mkdtempSync(join(tmpdir(), "pf-registry-"));
  const file = (name: string, contents: string) => {
    writeFileSync(join(folder, name), contents, { mode: 0o600 });
    return join(folder, name);
  };
  const { stdout: line } = spawnSync("htpasswd", ["-niB", user.name], { input: user.password, encoding: "utf8" });
  const config = file(
    "config.json",
    JSON.stringify({
      version: "0.1",
      log: { level: "info", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(folder, "data") }, delete: { enabled: true } },
      http: { addr: "127.0.0.1:0", secret: "of one process" },
      auth: { htpasswd: { realm: "ecr", path: file("htpasswd", line) } },
    }),
  );
  // It does not look at its standard input; the shell does, and ends it with the test that started it.
  const child = spawn("sh", ["-c", `docker-registry serve "$1" 2>&1 & cat >/dev/null; kill $!; wait $!`, "-", config], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { PATH: process.env["PATH"] },
  });
  const said: string[] = [];
  const port = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`docker-registry does not start: ${said.join("\n")}`)));
    createInterface({ input: child.stdout }).on("line", (text) => {
      said.push(text);
      const found = /listening on 127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return { url: `http://127.0.0.1:${port}`, end: () => endOf(child, folder) };
}

async function endOf(child: ChildProcess, folder: string): Promise<void> {
  const gone = once(child, "exit");
  child.stdin?.end();
  await gone;
  rmSync(folder, { recursive: true, force: true });
}
