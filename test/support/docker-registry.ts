import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is missing to run a registry, and how to get it; undefined when nothing is. */
export const missingForRegistry: string | undefined = lookForMissing();

export interface DockerRegistry {
  /** `127.0.0.1:35001`, as an image's name begins. */
  host: string;
  username: string;
  password: string;
  /** What the registry has written about requests. */
  log(): string;
  /** A request of its API with the right password. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

/** Debian's docker-registry on a free port of this machine, which nobody uses without the password. */
export async function startDockerRegistry({ username = "AWS" } = {}): Promise<DockerRegistry> {
  const folder = await mkdtemp(join(tmpdir(), "pilotfish-registry-"));
  const password = randomBytes(24).toString("hex");
  const users = execFileSync("htpasswd", ["-niB", username], { input: password });
  await writeFile(join(folder, "htpasswd"), users);
  const host = `127.0.0.1:${await freePort()}`;
  const config = [
    "version: 0.1",
    `storage: {filesystem: {rootdirectory: ${folder}/data}, delete: {enabled: true}}`,
    `http: {addr: ${host}, secret: ${randomBytes(16).toString("hex")}}`,
    `auth: {htpasswd: {realm: pilotfish, path: ${folder}/htpasswd}}`,
  ];
  await writeFile(join(folder, "config.yml"), `${config.join("\n")}\n`);
  let log = "";
  const child = spawn("docker-registry", ["serve", join(folder, "config.yml")], { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const end = () => void child.kill("SIGKILL");
  process.once("exit", end);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const registry: DockerRegistry = {
    host,
    username,
    password,
    log: () => log,
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set("authorization", authorization);
      return fetch(`http://${host}${path}`, { ...init, headers });
    },
    async stop() {
      process.removeListener("exit", end);
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
  const deadline = Date.now() + 20_000;
  while (
    !(await registry.fetch("/v2/").then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadline || child.exitCode !== null) {
      await registry.stop();
      throw new Error(`docker-registry does not answer:\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return registry;
}

function lookForMissing(): string | undefined {
  if (spawnSync("docker-registry", ["--version"]).error) return "there is no registry: apt-get install docker-registry";
  if (spawnSync("htpasswd").error) return "there is no htpasswd: apt-get install apache2-utils";
  return undefined;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
